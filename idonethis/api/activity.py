from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import field_validator

from idonethis.accounts.tokens import Scope
from idonethis.api.asking import Instant, sight_of
from idonethis.api.authentication import ways
from idonethis.api.limits import SELDOM
from idonethis.api.looking import look
from idonethis.integrations.activity import PAGE, Activity
from idonethis.integrations.filters import DIRECTIONS, RESULTS, Filters
from idonethis.integrations.refused import refused
from idonethis.integrations.sight import Sight

router = Router(tags=["Activity"])


class Asked(Schema):
    team_id: str = ""
    link_id: str = ""
    result: str = Field("", description="A reason, the state of a delivery, or attention.")
    event: str = Field("", description="How the name of the event begins.")
    direction: str = ""
    since: Instant = ""
    before: str = ""
    limit: int = Field(PAGE, ge=1, le=200)

    @field_validator("result")
    @classmethod
    def known_result(cls, value: str) -> str:
        return one_of(RESULTS, value)

    @field_validator("direction")
    @classmethod
    def known_direction(cls, value: str) -> str:
        return one_of(DIRECTIONS, value)


def one_of(known: tuple[str, ...], value: str) -> str:
    if value and value not in known:
        raise ValueError(f"Give one of {', '.join(map(str, known))}")
    return value


class OfLink(Schema):
    id: str
    name: str


class Line(Schema):
    """One thing that came ``in`` or went ``out``, and what became of it."""

    direction: str
    at: datetime
    name: str
    link: OfLink
    event: str
    result: str
    word: str
    why: str
    entry: str | None
    url: str


class Refused(Schema):
    """Hooks that were refused in the last day; they are counted, and not stored."""

    link: str | None
    name: str
    reason: str
    count: int
    since: datetime
    last: datetime
    sentence: str
    advice: str


class Page(Schema):
    """``older``: give it as ``before`` for the next page. ``kept``, on the last page: what has
    become of everything before, where it is not kept for good."""

    items: list[Line]
    older: str | None
    kept: str | None
    refused: list[Refused]


@look(
    router,
    "/activity",
    ways(Scope.READ),
    gives=Page,
    summary="All that came in and went out, newest first",
    throttle=SELDOM,
)
def activity(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    sight = _narrowed(sight_of(request, asked.team_id), asked.link_id)
    filters = Filters(asked.result, asked.event, "", asked.direction, asked.since)
    page = Activity.of(sight, filters, before=asked.before, size=asked.limit)
    return page.facts() | {"refused": [each.facts() for each in refused(sight.links)]}


def _narrowed(sight: Sight, link_id: str) -> Sight:
    links = [link for link in sight.links if link.hash_id == link_id]
    if link_id and not links:
        raise Http404("There is no such link among yours.")
    return sight.only(links) if link_id else sight
