from __future__ import annotations

from typing import Annotated, Any, TypeVar

import orjson
import pydantic
from django.http import Http404, HttpRequest, QueryDict
from ninja import Schema
from ninja.errors import HttpError, ValidationError
from pydantic import AfterValidator

from idonethis.accounts.models import User
from idonethis.entries.text import clean
from idonethis.integrations.filters import instant
from idonethis.integrations.sight import Sight
from idonethis.teams.models import Team


def _instant(value: str) -> str:
    if value and instant(value) is None:
        raise ValueError("Give a day or an instant, such as 2026-11-24 or 2026-11-24T09:00Z")
    return value


#: As a program writes it; empty, where it leaves it out.
Instant = Annotated[str, AfterValidator(_instant)]
AnySchema = TypeVar("AnySchema", bound=Schema)
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


def sight_of(request: HttpRequest, team_id: str) -> Sight:
    """What this person may look into: in one team, or in all of theirs. Raises Http404."""
    user = request.auth  # type: ignore[attr-defined]
    return Sight.of(user, team=team_of(request, team_id) if team_id else None)


def team_of(request: HttpRequest, hash_id: str) -> Team:
    """One of theirs. Raises Http404."""
    user: User = request.auth  # type: ignore[attr-defined]
    team = Team.objects.for_user(user).filter(hash_id=clean(hash_id)).first()
    if team is None:
        raise Http404(
            "There is no such team among yours, so nothing was done. /api/v2/teams lists them."
        )
    return team


def read(request: HttpRequest, schema: type[AnySchema]) -> AnySchema:
    """What a program says, wherever it says it: in the body as JSON or as a form, or in the
    address; the body wins. What is empty is as good as left out. Raises ValidationError."""
    said = request.GET.dict() | _body(request)
    given = {name: value for name, value in said.items() if value not in (None, "")}
    try:
        return schema.model_validate(given)
    except pydantic.ValidationError as problem:
        errors = [dict(each) for each in problem.errors(include_url=False)]
        raise ValidationError(errors) from problem


def _body(request: HttpRequest) -> dict[str, Any]:
    if request.content_type == PARTS:
        return dict(request.POST.items())
    if request.content_type == FORM:
        # Of a PUT, too, for which there is no request.POST.
        return dict(QueryDict(request.body).items())
    return _object(request.body) if request.body else {}


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise HttpError(400, "The body can be read neither as JSON nor as a form.") from problem
    if not isinstance(said, dict):
        raise HttpError(400, "The body is JSON, but no object with fields. Nothing was done.")
    return said


def taken(schema: type[Schema]) -> dict[str, Any]:
    """The description of a body that ``read`` reads."""
    said = {"schema": schema.model_json_schema()}
    return {"requestBody": {"content": {"application/json": said, FORM: said}, "required": False}}
