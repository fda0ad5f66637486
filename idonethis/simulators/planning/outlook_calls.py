"""What pretend Microsoft Graph is asked of calendars, and how it refuses.

https://learn.microsoft.com/en-us/graph/api/resources/calendar"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .app import Planning

API = "/v1.0"
READ = "Calendars.Read"
PEOPLE = {
    "ada": {"id": "1815", "email": "ada@example.org", "name": "Ada Lovelace"},
    "grace": {"id": "1906", "email": "grace@example.org", "name": "Grace Hopper"},
}
#: By their ids; whose they are.
CALENDARS: dict[str, Record] = {
    "AQMkAda=": {"name": "Calendar", "account": "ada"},
    "AQMkEngines=": {"name": "Engines", "account": "ada"},
    "AQMkGrace=": {"name": "Calendar", "account": "grace"},
}
OWN, ENGINES = list(CALENDARS)[:2]
#: https://learn.microsoft.com/en-us/graph/api/calendar-list-calendarview
NEEDED = ("startDateTime", "endDateTime")


def fault(code: str, message: str) -> Record:
    """https://learn.microsoft.com/en-us/graph/errors"""
    return {"error": {"code": code, "message": message, "innerError": {"request-id": "1842"}}}


def error(status: int, code: str, message: str) -> Response:
    return JSONResponse(fault(code, message), status)


def not_found() -> Response:
    return error(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def forbidden(partner: Planning, request: Request) -> Response | None:
    token = partner.grants.find(partner.token_of(request)) or {}
    if READ in token.get("scopes", ()):
        return None
    return error(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")


def account_of(partner: Planning, request: Request) -> str:
    token = partner.grants.find(partner.token_of(request)) or {}
    return str(token.get("account", ""))


async def me(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    person = partner.me(request)
    about = {"id": person["id"], "displayName": person["name"]}
    return JSONResponse({**about, "mail": person["email"], "userPrincipalName": person["email"]})


async def calendars(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if refused := forbidden(partner, request):
        return refused
    whose = account_of(partner, request)
    own = [(pk, each) for pk, each in CALENDARS.items() if each["account"] == whose]
    return JSONResponse({"value": [{"id": pk, "name": each["name"]} for pk, each in own]})


async def calendar(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = _calendar(partner, request)
    return forbidden(partner, request) or (JSONResponse(found) if found else not_found())


def _calendar(partner: Planning, request: Request) -> Record | None:
    """Of somebody else, there is none."""
    name = request.path_params["calendar"]
    known = CALENDARS.get(name)
    is_own = known and known["account"] == account_of(partner, request)
    return {"id": name, "name": known["name"]} if known and is_own else None


async def view(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """What is under way at any time between the two; what is deleted is not listed any more."""
    query, found = request.query_params, _calendar(partner, request)
    if refused := forbidden(partner, request):
        return refused
    if not found:
        return not_found()
    if any(name not in query for name in NEEDED):
        return error(400, "ErrorInvalidParameter", "This request requires a time window.")
    begin, end = (_moment(query[name]) for name in NEEDED)
    kept = [each for each in partner.things.values() if each["calendar"] == found["id"]]
    there = [e for e in kept if _at(e, "start") < end and _at(e, "end") > begin]
    return _listed(partner, request, sorted(there, key=lambda each: _at(each, "start")))


def _listed(partner: Planning, request: Request, there: list[Record]) -> Response:
    query = request.query_params
    most = partner.store.table("sync").get("page", 1000)
    size, skip = min(int(query.get("$top", 10)), most), int(query.get("$skip", 0))
    page = [_shown(each, request) for each in there[skip : skip + size]]
    more = request.url.include_query_params(**{"$skip": str(skip + size)})
    following = {"@odata.nextLink": str(more)} if skip + size < len(there) else {}
    return JSONResponse({"value": page, **following})


def _shown(event: Record, request: Request) -> Record:
    """Only what was asked for, and in the zone that was asked for: this knows UTC alone."""
    asked = request.query_params.get("$select", "").split(",")
    shown = {name: value for name, value in event.items() if not asked[0] or name in asked}
    if 'outlook.timezone="UTC"' not in request.headers.get("prefer", 'outlook.timezone="UTC"'):
        return {**shown, "start": {}, "end": {}}
    return shown


def _at(event: Record, name: str) -> datetime:
    return _moment(event[name]["dateTime"])


def _moment(said: str) -> datetime:
    at = datetime.fromisoformat(said)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
