from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from idonethis.accounts.tokens import Scope
from idonethis.api.authentication import ways
from idonethis.api.looking import look
from idonethis.teams.models import Team

router = Router(tags=["Teams"])
ANY = ways(*Scope)


class Noop(Schema):
    """Whose token it is."""

    full_name: str
    hash_id: str


class TeamOut(Schema):
    name: str
    hash_id: str
    created_at: datetime
    updated_at: datetime


@look(router, "/noop", ANY, gives=Noop, summary="Does this token work?")
def noop(request: HttpRequest) -> Noop:
    user = request.auth  # type: ignore[attr-defined]
    return Noop(full_name=str(user), hash_id=user.hash_id)


@look(router, "/teams", ANY, gives=list[TeamOut], summary="Your teams")
def teams(request: HttpRequest) -> Iterable[Team]:
    return Team.objects.for_user(request.auth)  # type: ignore[attr-defined]
