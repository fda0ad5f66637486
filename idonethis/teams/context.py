from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from idonethis.teams.access import memberships_of


def my_teams(request: HttpRequest) -> dict[str, Any]:
    """``my_teams`` in every template: the teams of the person who reads, asked for only if used."""
    user = getattr(request, "user", None)  # None on pages about requests that went wrong early
    if user is None or not user.is_authenticated:
        return {"my_teams": []}
    return {"my_teams": SimpleLazyObject(lambda: [each.team for each in memberships_of(user)])}
