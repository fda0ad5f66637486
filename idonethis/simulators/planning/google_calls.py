"""What pretend Google Calendar is asked, and how it refuses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .agenda import ZONE, Wrong, chosen, said_by, shown, token_of
from .app import Planning

API = "/calendar/v3"
SCOPES = "https://www.googleapis.com/auth/"
LISTS, EVENTS = f"{SCOPES}calendar.calendarlist.readonly", f"{SCOPES}calendar.events.readonly"
ENGINES = "engines1842@group.calendar.google.com"
PEOPLE = {
    "ada": {"email": "ada@example.org", "name": "Ada Lovelace"},
    "grace": {"email": "grace@example.org", "name": "Grace Hopper"},
}
#: Who may do what with which calendar.
CALENDARS: dict[str, Record] = {
    "ada@example.org": {"summary": "ada@example.org", "roles": {"ada": "owner"}},
    "grace@example.org": {
        "summary": "grace@example.org",
        "roles": {"grace": "owner", "ada": "freeBusyReader"},
    },
    ENGINES: {"summary": "Engines", "roles": {"ada": "owner", "grace": "writer"}},
}
ROLES = ("freeBusyReader", "reader", "writer", "owner")


def fault(status: int, reason: str, message: str) -> Record:
    """https://developers.google.com/workspace/calendar/api/guides/errors"""
    one = {"domain": "global", "reason": reason, "message": message}
    return {"error": {"errors": [one], "code": status, "message": message}}


def error(status: int, reason: str, message: str) -> Response:
    return JSONResponse(fault(status, reason, message), status)


def not_found() -> Response:
    return error(404, "notFound", "Not Found")


Does = Callable[[Planning, Request, Mapping[str, Any]], Awaitable[Response]]


def allowed(scope: str) -> Callable[[Does], Does]:
    def wrapped(does: Does) -> Does:
        async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
            token = partner.grants.find(partner.token_of(request)) or {}
            if scope not in token.get("scopes", ()):
                return error(403, "insufficientPermissions", "Insufficient Permission")
            return await does(partner, request, said)

        return call

    return wrapped


def role(partner: Planning, request: Request, calendar: str) -> str:
    """What whoever calls may do there; nothing, where they do not see it."""
    token = partner.grants.find(partner.token_of(request)) or {}
    found = CALENDARS.get(calendar, {"roles": {}})
    return str(found["roles"].get(token.get("account"), ""))


def entry(partner: Planning, request: Request, calendar: str) -> Record:
    mail = partner.me(request)["email"]
    about = {"id": calendar, "summary": CALENDARS[calendar]["summary"], "timeZone": ZONE}
    own = {"primary": True} if calendar == mail else {}
    access = {"accessRole": role(partner, request, calendar)}
    return {"kind": "calendar#calendarListEntry", **about, **access, **own}


@allowed(LISTS)
async def calendars(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    least = ROLES.index(request.query_params.get("minAccessRole", ROLES[0]))
    seen = [each for each in CALENDARS if role(partner, request, each) in ROLES[least:]]
    items = [entry(partner, request, each) for each in seen]
    return JSONResponse({"kind": "calendar#calendarList", "items": items})


@allowed(LISTS)
async def one(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    name = request.path_params["calendar"]
    name = partner.me(request)["email"] if name == "primary" else name
    return JSONResponse(entry(partner, request, name)) if name in CALENDARS else not_found()


@allowed(EVENTS)
async def events(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    calendar, query = request.path_params["calendar"], request.query_params
    if role(partner, request, calendar) not in ROLES[1:]:
        return not_found()
    sync = partner.store.table("sync")
    try:
        kept = [each for each in partner.things.values() if each["calendar"] == calendar]
        found = chosen(kept, query, oldest=sync.get("oldest", 0))
        begin = int(said_by(query["pageToken"])["from"]) if "pageToken" in query else 0
    except Wrong as wrong:
        return error(*wrong.answer)
    size = min(int(query.get("maxResults", 250)), sync.get("page", 250))
    mail, most = partner.me(request)["email"], int(query.get("maxAttendees", 1000))
    items = [shown(each, mail, most) for each in found[begin : begin + size]]
    is_last = begin + size >= len(found)
    after = {"nextSyncToken": token_of({"version": sync.get("version", 0)})}
    more = {"nextPageToken": token_of({"from": begin + size})}
    about = {"kind": "calendar#events", "timeZone": ZONE, "items": items}
    return JSONResponse({**about, **(after if is_last else more)})
