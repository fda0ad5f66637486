"""Pretend Outlook Calendar: https://learn.microsoft.com/en-us/graph/outlook-calendar-concept-overview"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import ClassVar

from starlette.responses import Response

from ..control import Action
from ..dialect import Dialect, rfc_token
from ..faults import Fault
from ..params import BadParam, Params
from ..store import Record
from .app import Call, Plan, Planning
from .clock import iso
from .outlook_calls import (
    API,
    CALENDARS,
    ENGINES,
    OWN,
    PEOPLE,
    READ,
    calendar,
    calendars,
    fault,
    me,
    view,
)
from .outlook_subscriptions import remove, show, subscribe, tell

__all__ = ["API", "CALENDARS", "ENGINES", "OWN", "READ", "OutlookCalendar"]


def token_body(token: Record) -> Record:
    """Nobody gets in for longer who has not asked for that."""
    body = rfc_token(token)
    if "offline_access" not in token["scopes"]:
        body.pop("refresh_token", None)
    return body


class OutlookCalendar(Planning):
    name: ClassVar[str] = "outlook_calendar"
    title: ClassVar[str] = "Outlook Calendar"
    template: ClassVar[str] = "planning/templates/calendar.html"
    plan = Plan(
        calls=(
            Call("GET", f"{API}/me", me),
            Call("GET", f"{API}/me/calendars", calendars),
            Call("GET", f"{API}/me/calendars/{{calendar}}", calendar),
            Call("GET", f"{API}/me/calendars/{{calendar}}/calendarView", view),
            Call("POST", f"{API}/subscriptions", subscribe),
            Call("GET", f"{API}/subscriptions/{{name}}", show),
            Call("DELETE", f"{API}/subscriptions/{{name}}", remove),
        ),
        people=PEOPLE,
        things={},
        moved=lambda thing, person, at, is_done: None,
        told=lambda thing, person, at, is_done: {},
        signing=lambda partner, body, hook: {},
        dialect=Dialect(
            "/common/oauth2/v2.0/authorize",
            "/common/oauth2/v2.0/token",
            client_auth="post",
            scopes=frozenset(("offline_access", "User.Read", READ)),
            lifetime=3600,
            token_body=token_body,
        ),
        refusals={
            "429": (429, fault("ApplicationThrottled", "Application is over its limit.")),
            "500": (503, fault("serviceNotAvailable", "Service unavailable.")),
            "expired": (401, fault("InvalidAuthenticationToken", "Lifetime validation failed.")),
            "revoked": (401, fault("InvalidAuthenticationToken", "Access token is invalid.")),
        },
    )

    def speak(self, fault: Fault, path: str) -> Response:
        return self.refusal(fault.kind)

    def actions(self) -> dict[str, Action]:
        return {
            "write": self._write,
            "cancel": self._cancel,
            "delete": self._delete,
            "forget_hooks": self._forget_hooks,
            "page": self._page,
            "narrow": self._narrow,
            "knock": self._knock,
        }

    async def _write(self, params: Params, _: str) -> Record:
        """Somebody (``by``) writes an ``event`` down in a ``calendar``, or over the one with its
        id."""
        by, calendar = self.accounts[params.text("by", "ada")], params.text("calendar")
        if calendar not in CALENDARS:
            raise BadParam("no such calendar")
        given = params.record("event")
        name = str(given.get("id") or f"AAkALg{secrets.token_hex(8)}")
        person = {"emailAddress": {"name": by["name"], "address": by["email"]}}
        about = {
            "id": name,
            "isAllDay": False,
            "isCancelled": False,
            "showAs": "busy",
            "sensitivity": "normal",
            "responseStatus": {"response": "organizer"},
            "webLink": f"https://outlook.office365.com/owa/?itemid={name}",
            "organizer": person,
            "attendees": [],
            "calendar": calendar,
        }
        return await self._keep({**about, **self.things.get(name, {}), **given})

    async def _cancel(self, params: Params, _: str) -> Record:
        """Whoever organises an ``event`` cancels it, and it stays in the calendar as cancelled."""
        known = self.things.get(params.text("event"))
        if not known:
            raise BadParam("no such event")
        return await self._keep({**known, "isCancelled": True})

    async def _delete(self, params: Params, _: str) -> Record:
        """Somebody deletes an ``event``, and it is not there any more."""
        known = self.things.pop(params.text("event"), None)
        if not known:
            raise BadParam("no such event")
        return await self._told(known, "deleted")

    async def _keep(self, event: Record) -> Record:
        """With the time in UTC, in seven digits after the second."""
        span = {name: _utc(event[name]["dateTime"]) for name in ("start", "end")}
        sync = self.store.table("sync")
        sync["version"] = sync.get("version", 0) + 1
        changed = {"lastModifiedDateTime": f"{iso(self.store.now())[:-1]}{sync['version']:04}Z"}
        self.things[event["id"]] = {**event, **span, **changed}
        return await self._told(event, "updated")

    async def _told(self, event: Record, change: str) -> Record:
        whose = CALENDARS[event["calendar"]]["account"]
        watching = [each for each in self.hooks.values() if each["account"] == whose]
        tried = [await tell(self, each, event["id"], change) for each in watching]
        return {"id": event["id"], "answers": [each.status for each in tried if each]}

    async def _page(self, params: Params, _: str) -> Record:
        """Lists hold at most ``size`` events on a page."""
        self.store.table("sync")["page"] = params.number("size")
        return {"said": "Pages are that long."}

    async def _knock(self, params: Params, _: str) -> Record:
        """Anybody sends this ``body`` to this ``url``."""
        headers = {"Content-Type": "application/json"}
        body = params.text("body", "").encode()
        tried = await self.sender.post(params.text("url"), body, headers=headers)
        return {"answer": tried.status, "body": tried.body}

    async def _narrow(self, params: Params, _: str) -> Record:
        """An ``account`` takes back the one ``scope``."""
        for token in self.grants.of(params.text("account")):
            token["scopes"] = [each for each in token["scopes"] if each != params.text("scope")]
        return {"said": "It is not allowed any more."}


def _utc(said: str) -> Record:
    at = datetime.fromisoformat(said)
    at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    return {"dateTime": f"{at:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"}
