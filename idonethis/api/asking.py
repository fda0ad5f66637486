from __future__ import annotations

from django.http import Http404, HttpRequest

from idonethis.accounts.models import User
from idonethis.integrations.sight import Sight
from idonethis.teams.models import Team


def sight_of(request: HttpRequest, team_id: str) -> Sight:
    """What this person may look into: in one team, or in all of theirs. Raises Http404."""
    user = request.auth  # type: ignore[attr-defined]
    return Sight.of(user, team=team_of(request, team_id) if team_id else None)


def team_of(request: HttpRequest, hash_id: str) -> Team:
    """One of theirs. Raises Http404."""
    user: User = request.auth  # type: ignore[attr-defined]
    team = Team.objects.for_user(user).filter(hash_id=hash_id).first()
    if team is None:
        raise Http404("There is no such team among yours.")
    return team
