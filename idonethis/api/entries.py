"""Entries as I Done This has always given and taken them, and what that lacked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError
from pydantic import field_validator

from idonethis.accounts.models import User
from idonethis.accounts.tokens import Scope
from idonethis.api.asking import read, taken, team_of
from idonethis.api.authentication import ways
from idonethis.api.errors import REFUSED
from idonethis.api.looking import look
from idonethis.api.once import DESCRIBED, once
from idonethis.api.reading import Asked, AskedOfAll, Status, page
from idonethis.entries import text
from idonethis.entries.drafts import Origin
from idonethis.entries.facts import facts
from idonethis.entries.models import Change, Entry, EntryQuerySet, Source
from idonethis.entries.programs import draft_of, origin_of
from idonethis.entries.text import Line
from idonethis.teams.models import Team

router = Router(tags=["Entries"])
READS, WRITES = ways(Scope.READ), ways(Scope.WRITE)
DAY = re.compile(r"\d{4}-\d\d-\d\d")
LONGEST_KEY = 200


class TeamOf(Schema):
    name: str
    hash_id: str


class Person(Schema):
    email_address: str
    full_name: str
    hash_id: str


class EntryOut(Schema):
    """The fields that the API has always had, and after them those that are new."""

    body: str
    body_formatted: str = Field(description="As HTML, with links.")
    status: Status
    occurred_on: date
    completed_on: date | None
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime
    hash_id: str
    team: TeamOf
    user: Person
    url: str | None
    tags: list[str]
    page: str


class EntryChange(Schema):
    """What is left out stays as it is."""

    body: str = ""
    status: Status | None = None
    occurred_on: date | None = None
    team_id: str = Field("", description="An entry stays in its team.")

    @field_validator("occurred_on", mode="before")
    @classmethod
    def a_day(cls, value: Any) -> Any:
        if isinstance(value, str) and not DAY.fullmatch(value):
            raise ValueError("Give a day such as 2026-11-24")
        return value


class EntryIn(EntryChange):
    body: str = Field(description="[] at its beginning marks a goal, [x] a done, ! a blocker.")
    status: Status = "done"
    occurred_on: date | None = Field(None, description="Without one, today where you are.")
    team_id: str = Field(description="Which of your teams.")
    key: str = Field(
        "", max_length=LONGEST_KEY, description="Yours; the same key again is the same entry."
    )


class Gone(Schema):
    deleted: bool
    hash_id: str


def _paged(request: HttpRequest, response: HttpResponse, teams: Any, asked: Asked) -> list[Any]:
    shown, older = page(request, teams, asked)
    if older:
        response["Link"] = f'<{older}>; rel="next"'
    return [facts(entry) for entry in shown]


@look(
    router, "/entries", READS, gives=list[EntryOut], summary="Entries of your teams, newest first"
)
def entries(request: HttpRequest, response: HttpResponse, asked: Query[AskedOfAll]) -> list[Any]:
    user: User = request.auth  # type: ignore[attr-defined]
    mine = Team.objects.for_user(user)
    teams = [team_of(request, asked.team_id)] if asked.team_id else mine
    return _paged(request, response, teams, asked)


@look(
    router,
    "/teams/{hash_id}/entries",
    READS,
    gives=list[EntryOut],
    summary="Entries of a team, newest first",
)
def entries_of_team(
    request: HttpRequest, response: HttpResponse, hash_id: str, asked: Query[Asked]
) -> list[Any]:
    return _paged(request, response, [team_of(request, hash_id)], asked)


#: 200 and not 201: there are clients that take everything else for a failure.
@router.post(
    "/entries",
    auth=WRITES,
    response={200: EntryOut} | REFUSED,
    summary="Log an entry",
    openapi_extra=taken(EntryIn) | {"parameters": [DESCRIBED]},
)
def log_entry(request: HttpRequest) -> Any:
    wanted = read(request, EntryIn)
    team = _writable(request, wanted.team_id)
    line = _line(wanted.body, kind=wanted.status)
    act = lambda: facts(_log(request, team, line, wanted))  # noqa: E731
    return once(request, wanted.model_dump_json(), act)


def _writable(request: HttpRequest, team_id: str) -> Team:
    team = team_of(request, team_id)
    if not team.has_writer(request.auth):  # type: ignore[attr-defined]
        raise HttpError(403, "You only read in this team. Nothing was logged.")
    return team


def _line(body: str, *, kind: str) -> Line:
    line = text.parse_whole(body, kind=kind)
    if not line.body:
        raise HttpError(422, "body: There is nothing in it. Write what you got done.")
    if line.rest:
        raise HttpError(422, f"body: It is longer than {text.LONGEST} characters. Nothing changed.")
    return line


def _log(request: HttpRequest, team: Team, line: Line, wanted: EntryIn) -> Entry:
    user: User = request.auth  # type: ignore[attr-defined]
    draft = draft_of(line, user=user, key=wanted.key, day=wanted.occurred_on)
    told = Source.objects.tell_on_day(draft, team=team, user=user, origin=_origin(request))
    if told.entry is None or told.change is Change.STAYS_DELETED:
        raise HttpError(422, "key: Its entry was removed, and stays so. Nothing was logged.")
    return told.entry


def _origin(request: HttpRequest) -> Origin:
    token = getattr(request, "token", None)
    return origin_of(token.name if token else "")


@look(router, "/entries/{hash_id}", READS, gives=EntryOut, summary="One entry")
def entry(request: HttpRequest, hash_id: str) -> dict[str, Any]:
    return facts(seen(request, hash_id))


def seen(request: HttpRequest, hash_id: str) -> Entry:
    return one_of(request, hash_id, Entry.objects.alive())


def one_of(request: HttpRequest, hash_id: str, entries: EntryQuerySet) -> Entry:
    """That of these which this person may see. Raises Http404."""
    user: User = request.auth  # type: ignore[attr-defined]
    mine = entries.visible_to(user).select_related("team", "user")
    found = mine.filter(hash_id=text.clean(hash_id)).first()
    if found is None:
        raise Http404("There is no such entry in your teams, so nothing was done.")
    return found


def changeable(request: HttpRequest, hash_id: str) -> Entry:
    return allowed(request, seen(request, hash_id))


def allowed(request: HttpRequest, found: Entry) -> Entry:
    """The same, if this person may change it. Raises HttpError."""
    if not found.can_change(request.auth):  # type: ignore[attr-defined]
        raise HttpError(403, "Only its author and the team's admins change it. Nothing changed.")
    return found


@router.api_operation(
    ["PUT", "PATCH"],
    "/entries/{hash_id}",
    auth=WRITES,
    response={200: EntryOut} | REFUSED,
    summary="Change an entry; what is left out stays",
    openapi_extra=taken(EntryChange),
)
def change_entry(request: HttpRequest, hash_id: str) -> dict[str, Any]:
    wanted, found = read(request, EntryChange), changeable(request, hash_id)
    if wanted.team_id not in ("", found.team.hash_id):
        raise HttpError(422, "team_id: An entry stays in its team. Nothing changed.")
    kind = wanted.status or found.kind
    is_new = wanted.body.strip() not in ("", found.body)
    line = _line(wanted.body, kind=kind) if is_new else Line(kind, found.body)
    _change(found, line, wanted.occurred_on or found.occurred_on)
    return facts(seen(request, hash_id))


@transaction.atomic
def _change(entry: Entry, line: Line, day: date) -> None:
    entry.edit(kind=line.kind, body=line.body)
    entry.move_to(day)


#: So do old clients.
again: Callable[..., Any] = router.post(
    "/entries/{hash_id}",
    auth=WRITES,
    response={200: EntryOut} | REFUSED,
    include_in_schema=False,
    url_name="change_entry_by_post",
)(change_entry)


@router.delete(
    "/entries/{hash_id}",
    auth=WRITES,
    response={200: Gone} | REFUSED,
    summary="Remove an entry; on its page it can be brought back for 30 days",
)
def remove_entry(request: HttpRequest, hash_id: str) -> Gone:
    found = changeable(request, hash_id)
    found.delete_softly(by=request.auth)  # type: ignore[attr-defined]
    return Gone(deleted=True, hash_id=found.hash_id)
