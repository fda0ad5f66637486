from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from idonethis.accounts.tokens import Scope
from idonethis.api.asking import sight_of
from idonethis.api.authentication import ways
from idonethis.api.limits import SELDOM
from idonethis.api.looking import look
from idonethis.integrations.why import answer

router = Router(tags=["Activity"])


class Remedy(Schema):
    """What can be done. Without a ``url``, somebody else has to do it."""

    fix: str
    label: str
    advice: str
    url: str | None


class Finding(Schema):
    sentence: str
    steps: list[str]
    result: str
    word: str
    at: datetime
    url: str | None
    remedy: Remedy | None


class Meaning(Schema):
    """What it can mean that nothing was received."""

    sentence: str
    url: str | None


class Looked(Schema):
    """How far stored hooks were looked through; with ``before``, ask again to go on from there."""

    sentence: str
    looked: int
    back_to: datetime | None
    before: int | None


class Answer(Schema):
    question: str
    sentence: str
    findings: list[Finding]
    meanings: list[Meaning]
    #: What has become of what came long ago, where all that there is was looked through.
    kept: str | None
    looked: Looked | None


class Asked(Schema):
    q: str = Field(
        min_length=1,
        max_length=300,
        description="A commit, the number or key of an issue, the address of a page, a person, the "
        "name of a delivery, a Message-ID, the address of an entry, or any words.",
    )
    team_id: str = Field("", description="Only in this team.")
    before: int | None = Field(None, ge=1, lt=2**62, description="Look further back than this.")


@look(
    router,
    "/why",
    ways(Scope.READ),
    gives=Answer,
    summary="Why did this not become an entry?",
    throttle=SELDOM,
)
def why(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    return answer(asked.q, sight_of(request, asked.team_id), before=asked.before).facts()
