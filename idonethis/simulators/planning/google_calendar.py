"""Pretend Google Calendar: https://developers.google.com/workspace/calendar/api/v3/reference"""

from __future__ import annotations

import secrets
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ..control import Action
from ..described import body_of
from ..dialect import Dialect, rfc_token
from ..faults import Fault
from ..params import BadParam, Params
from ..store import Record
from .agenda import series
from .app import Call, Plan, Planning
from .clock import iso
from .google_calls import (
    API,
    CALENDARS,
    ENGINES,
    EVENTS,
    LISTS,
    PEOPLE,
    calendars,
    events,
    fault,
    one,
)
from .google_channels import stop, tell, watch

__all__ = ["API", "ENGINES", "EVENTS", "GoogleCalendar"]


def token_body(token: Record) -> Record:
    """Nobody gets in for longer who has not asked for that."""
    body = rfc_token(token)
    if token["asked"].get("access_type") != "offline":
        body.pop("refresh_token", None)
    return body


class GoogleCalendar(Planning):
    name: ClassVar[str] = "google_calendar"
    title: ClassVar[str] = "Google Calendar"
    template: ClassVar[str] = "planning/templates/calendar.html"
    plan = Plan(
        calls=(
            Call("GET", f"{API}/users/me/calendarList", calendars),
            Call("GET", f"{API}/users/me/calendarList/{{calendar}}", one),
            Call("GET", f"{API}/calendars/{{calendar}}/events", events),
            Call("POST", f"{API}/calendars/{{calendar}}/events/watch", watch),
            Call("POST", f"{API}/channels/stop", stop),
        ),
        people=PEOPLE,
        things={},
        moved=lambda thing, person, at, is_done: None,
        told=lambda thing, person, at, is_done: {},
        signing=lambda partner, body, hook: {},
        dialect=Dialect(
            "/o/oauth2/v2/auth",
            "/token",
            client_auth="post",
            scopes=frozenset((LISTS, EVENTS)),
            lifetime=3599,
            rotates=False,
            token_body=token_body,
        ),
        refusals={
            "429": (403, fault(403, "rateLimitExceeded", "Rate Limit Exceeded")),
            "500": (500, fault(500, "backendError", "Backend Error")),
            "expired": (401, fault(401, "authError", "Invalid Credentials")),
            "revoked": (401, fault(401, "authError", "Invalid Credentials")),
        },
    )

    def speak(self, fault: Fault, path: str) -> Response:
        """It never says when to come back."""
        return self.refusal(fault.kind)

    def routes(self) -> list[BaseRoute]:
        return [*super().routes(), Route("/revoke", self._end, methods=["POST"])]

    async def _end(self, request: Request) -> Response:
        """https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke"""
        given = (await body_of(request)).get("token")
        for token in list(self.store.table("tokens").values()):
            names = (token["access_token"], token["refresh_token"])
            if given in names and not token["revoked"]:
                self.grants.revoke(token["account"])
                return JSONResponse({})
        return JSONResponse({"error": "invalid_token"}, 400)

    def actions(self) -> dict[str, Action]:
        return {
            "write": self._write,
            "cancel": self._cancel,
            "forget_tokens": self._forget_tokens,
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
        name = str(given.get("id") or secrets.token_hex(8))
        person = {"email": by["email"], "displayName": by["name"]}
        shared = {"email": calendar, "displayName": CALENDARS[calendar]["summary"]}
        about = {
            "id": name,
            "status": "confirmed",
            "eventType": "default",
            "htmlLink": f"https://www.google.com/calendar/event?eid={name}",
            "creator": person,
            "organizer": shared if calendar == ENGINES else person,
            "calendar": calendar,
        }
        return await self._keep({**about, **self.things.get(name, {}), **given})

    async def _cancel(self, params: Params, _: str) -> Record:
        """Somebody cancels or deletes an ``event``, or an occurrence of one, by its id."""
        name = params.text("event")
        known = self.things.get(name) or self._occurrence(name)
        if not known:
            raise BadParam("no such event")
        return await self._keep({**known, "status": "cancelled"})

    def _occurrence(self, name: str) -> Record | None:
        master = self.things.get(name.partition("_")[0])
        found = series(master) if master else ()
        return next((each for each in found if each["id"] == name), None)

    async def _keep(self, event: Record) -> Record:
        sync = self.store.table("sync")
        sync["version"] = sync.get("version", 0) + 1
        event = {**event, "version": sync["version"], "updated": iso(self.store.now())}
        self.things[event["id"]] = event
        watching = [each for each in self.hooks.values() if each["calendar"] == event["calendar"]]
        tried = [await tell(self, each, "exists") for each in watching]
        return {"id": event["id"], "answers": [each.status for each in tried if each]}

    async def _forget_tokens(self, params: Params, _: str) -> Record:
        """All sync tokens that were given out are too old."""
        sync = self.store.table("sync")
        sync["version"] = sync["oldest"] = sync.get("version", 0) + 1
        return {"said": "They are forgotten."}

    async def _page(self, params: Params, _: str) -> Record:
        """Lists hold at most ``size`` events on a page."""
        self.store.table("sync")["page"] = params.number("size")
        return {"said": "Pages are that long."}

    async def _knock(self, params: Params, _: str) -> Record:
        """Anybody sends a message with a ``token`` and a ``state`` to this ``url``."""
        said = {"Channel-Token": params.text("token", ""), "Resource-State": params.text("state")}
        headers = {f"X-Goog-{name}": value for name, value in said.items()}
        attempt = await self.sender.post(params.text("url"), b"", headers=headers)
        return {"answer": attempt.status}

    async def _narrow(self, params: Params, _: str) -> Record:
        """An ``account`` takes back the one ``scope``."""
        for token in self.grants.of(params.text("account")):
            token["scopes"] = [each for each in token["scopes"] if each != params.text("scope")]
        return {"said": "It is not allowed any more."}
