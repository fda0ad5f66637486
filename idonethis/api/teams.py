from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from idonethis.accounts.tokens import Scope
from idonethis.api.asking import team_of
from idonethis.api.authentication import ways
from idonethis.api.looking import look
from idonethis.entries.text import one_line
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


class MemberOut(Schema):
    """``role``: an admin, a member, or an observer, who only reads."""

    email_address: str
    full_name: str
    hash_id: str
    role: str


@look(router, "/teams", ANY, gives=list[TeamOut], summary="Your teams")
def teams(request: HttpRequest) -> Iterable[Team]:
    return Team.objects.for_user(request.auth)  # type: ignore[attr-defined]


@look(router, "/teams/{hash_id}", ANY, gives=TeamOut, summary="One of your teams")
def team(request: HttpRequest, hash_id: str) -> Team:
    return team_of(request, hash_id)


@look(
    router,
    "/teams/{hash_id}/members",
    ways(Scope.READ),
    gives=list[MemberOut],
    summary="Who belongs to a team",
)
def members(request: HttpRequest, hash_id: str) -> list[MemberOut]:
    people = team_of(request, hash_id).memberships.select_related("user")
    return [
        MemberOut(
            email_address=each.user.email,
            full_name=one_line(str(each.user)),
            hash_id=each.user.hash_id,
            role=each.role,
        )
        for each in people.order_by("user__name", "pk")
    ]
