"""REST hooks of the token that asks; those of other tokens are not there."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import orjson
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import field_validator

from idonethis.accounts.models import ApiToken
from idonethis.accounts.tokens import Scope
from idonethis.api.activity import Line, one_of
from idonethis.api.asking import team_of
from idonethis.api.authentication import Token
from idonethis.api.errors import REFUSED
from idonethis.api.looking import look
from idonethis.entries.models import Entry
from idonethis.integrations.activity import Activity
from idonethis.integrations.base import News
from idonethis.integrations.filters import Filters
from idonethis.integrations.http import Failed
from idonethis.integrations.kits.telling import telling
from idonethis.integrations.models import IntegrationLink
from idonethis.integrations.models.grant import readable
from idonethis.integrations.models.subscribed import subscribed_by
from idonethis.integrations.reasons import DELIVERIES
from idonethis.integrations.sight import Sight
from idonethis.integrations.subscribing import Wish, move, rotate, subscribe
from idonethis.teams.models import Team

router = Router(tags=["Hooks"])
#: A session has no token that a hook could end with.
BY_TOKEN = [Token(Scope.HOOKS)]
Shape = Literal["standard", "v2"]
MOST_SAMPLES = 20


class Target(Schema):
    target_url: str = Field(max_length=1000, examples=["https://hooks.example.org/catch/1815"])

    @field_validator("target_url")
    @classmethod
    def of_the_web(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            fits = False
        if not fits or "@" in parts.netloc or not value.isascii() or not value.isprintable():
            raise ValueError("Give an address of the web, without a name or a password in it")
        if " " in value:
            raise ValueError("Give an address without blanks")
        return value


class HookIn(Target):
    team_id: str
    event: News | None = Field(None, description="Without one, all that there are.")
    format: Shape = "standard"
    integration: str = Field("", description="Which tool it is, where its host does not say so.")


class HookChange(Target):
    """What is left out stays as it is."""

    team_id: str = ""
    event: News | None = None
    format: Shape | None = None


class HookOut(Schema):
    id: str
    target_url: str
    team_id: str
    event: News | None
    events: list[News]
    format: str
    integration: str
    state: str
    created_at: datetime


class HookMade(HookOut):
    """``secret``: it signs what is sent, as Standard Webhooks says. It is told this once."""

    secret: str


class HookPage(Schema):
    """``older``: give it as ``before`` for the next page."""

    items: list[HookOut]
    older: str | None


class Ended(Schema):
    deleted: bool
    id: str


class Asked(Schema):
    before: str = ""
    limit: int = Field(50, ge=1, le=200)


class Sampled(Schema):
    team_id: str
    event: News = News.CREATED
    format: Shape = "standard"
    limit: int = Field(3, ge=1, le=MOST_SAMPLES)


@router.post(
    "/hooks",
    auth=BY_TOKEN,
    response={200: HookOut, 201: HookMade} | REFUSED,
    summary="Subscribe; the same once more is the same hook",
)
def create(request: HttpRequest, wanted: HookIn) -> Status[dict[str, Any]]:
    team = _writable(request, wanted.team_id)
    wish = Wish(wanted.target_url, wanted.event, wanted.format, wanted.integration)
    try:
        link, secret = subscribe(_token(request), team, wish)
    except Failed as problem:
        raise HttpError(422, f"{problem} Nothing was subscribed.") from problem
    shown = _shown(link)
    return Status(201, {**shown, "secret": secret}) if secret else Status(200, shown)


@look(router, "/hooks", BY_TOKEN, gives=HookPage, summary="The hooks of this token, newest first")
def hooks(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    mine = _mine(request)
    place = mine.filter(hash_id=asked.before).values_list("pk", flat=True).first()
    below = mine.filter(pk__lt=place) if place else mine
    found = list(below.order_by("-pk")[: asked.limit + 1])
    shown = found[: asked.limit]
    older = shown[-1].hash_id if len(found) > len(shown) else None
    return {"items": [_shown(link) for link in shown], "older": older}


@look(
    router,
    "/hooks/sample",
    BY_TOKEN,
    gives=list[Any],
    summary="Recent entries of a team, as a hook would send them",
)
def sample(request: HttpRequest, asked: Query[Sampled]) -> list[Any]:
    team = team_of(request, asked.team_id)
    recent = Entry.objects.for_team(team).alive().select_related("team", "user").order_by("-pk")
    told = (telling(asked.format, asked.event, entry) for entry in recent[: asked.limit])
    said = [orjson.loads(each.body) for each in told]
    # The old shape is a list of one already.
    return [each[0] if isinstance(each, list) else each for each in said]


@look(router, "/hooks/{hook_id}", BY_TOKEN, gives=HookOut, summary="One hook")
def hook(request: HttpRequest, hook_id: str) -> dict[str, Any]:
    return _shown(_one(request, hook_id))


@router.put(
    "/hooks/{hook_id}",
    auth=BY_TOKEN,
    response={200: HookOut} | REFUSED,
    summary="Send elsewhere, or something else",
)
def change(request: HttpRequest, hook_id: str, wanted: HookChange) -> dict[str, Any]:
    link = _one(request, hook_id)
    if wanted.team_id not in ("", link.team.hash_id):
        raise HttpError(422, "A hook stays in its team. Nothing was changed.")
    before = _shown(link)
    event, shape = wanted.event or before["event"], wanted.format or before["format"]
    try:
        move(link, _token(request), Wish(wanted.target_url, event, shape))
    except IntegrityError as problem:
        raise HttpError(422, "There is such a hook already. Nothing was changed.") from problem
    except Failed as problem:
        raise HttpError(422, f"{problem} Nothing was changed.") from problem
    return _shown(_one(request, hook_id))


@router.post(
    "/hooks/{hook_id}/secret",
    auth=BY_TOKEN,
    response={200: HookMade} | REFUSED,
    summary="A new secret; the old one signs beside it for a day",
)
def new_secret_of_hook(request: HttpRequest, hook_id: str) -> dict[str, Any]:
    link = _one(request, hook_id)
    return {**_shown(link), "secret": rotate(link, _token(request))}


class DeliveriesAsked(Schema):
    result: str = Field("", description="The state of a delivery, such as sent or failed.")
    before: str = ""
    limit: int = Field(50, ge=1, le=200)

    @field_validator("result")
    @classmethod
    def known_result(cls, value: str) -> str:
        return one_of(tuple(DELIVERIES), value)


class DeliveryPage(Schema):
    """``older``: give it as ``before`` for the next page."""

    items: list[Line]
    older: str | None


@look(
    router,
    "/hooks/{hook_id}/deliveries",
    BY_TOKEN,
    gives=DeliveryPage,
    summary="What was sent there, what became of it, and why; newest first",
)
def deliveries(request: HttpRequest, hook_id: str, asked: Query[DeliveriesAsked]) -> dict[str, Any]:
    link = _one(request, hook_id)
    sight = Sight.of(_token(request).user, team=link.team).only([link])
    filters = Filters(result=asked.result, direction="out")
    return Activity.of(sight, filters, before=asked.before, size=asked.limit).facts()


@router.delete(
    "/hooks/{hook_id}", auth=BY_TOKEN, response={200: Ended} | REFUSED, summary="Unsubscribe"
)
def destroy(request: HttpRequest, hook_id: str) -> Ended:
    _one(request, hook_id).remove()
    return Ended(deleted=True, id=hook_id)


def _token(request: HttpRequest) -> ApiToken:
    token: ApiToken = request.token  # type: ignore[attr-defined]
    return token


def _writable(request: HttpRequest, team_id: str) -> Team:
    team = team_of(request, team_id)
    if not team.has_writer(_token(request).user):
        raise HttpError(403, "Who only reads in a team links nothing to it. Nothing was done.")
    return team


def _mine(request: HttpRequest) -> QuerySet[IntegrationLink]:
    token = _token(request)
    return subscribed_by(token).filter(team__memberships__user=token.user)


def _one(request: HttpRequest, hook_id: str) -> IntegrationLink:
    found = _mine(request).filter(hash_id=hook_id).first()
    if found is None:
        raise Http404("There is no such hook among those of this token.")
    return found


def _shown(link: IntegrationLink) -> dict[str, Any]:
    told = [each for each in link.config.get("tells", ()) if each in list(News)]
    secrets = readable(link.integration_user) if link.integration_user else {}
    return {
        "id": link.hash_id,
        "target_url": secrets.get("url", ""),
        "team_id": link.team.hash_id,
        "event": told[0] if len(told) == 1 else None,
        "events": told,
        "format": link.config.get("shape", "standard"),
        "integration": link.integration_type,
        "state": link.state,
        "created_at": link.created_at,
    }
