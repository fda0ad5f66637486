"""A pretend calendar at a secret address (https://www.rfc-editor.org/rfc/rfc5545), that answers
conditional requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..control import Action
from ..params import Params
from ..store import Record
from .app import Call, Chat, Talk
from .rooms import Rooms
from .site import answered, page

ROOM = "events"
KEY = "private-of-the-pretend-calendar"
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Engines//EN\r\nX-WR-CALNAME:Mill\r\n"


def calendar(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    events = "".join(written(each["text"]) for each in rooms.shown()["Events"])
    return answered(request, f"{HEAD}{events}END:VCALENDAR\r\n", "text/calendar")


def written(lines: str) -> str:
    stamp = "DTSTAMP:20261101T000000Z"
    return "\r\n".join(["BEGIN:VEVENT", stamp, *lines.splitlines(), "END:VEVENT", ""])


def moved(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    return RedirectResponse(f"https://other.example.org/{KEY}.ics", 301)


class Diary(Chat):
    name: ClassVar[str] = "diary"
    title: ClassVar[str] = "Calendar"
    talk = Talk(
        calls=(
            Call("GET", f"/{KEY}/basic.ics", calendar),
            Call("GET", f"/{KEY}/folder/", calendar),
            Call("GET", "/page.html", page),
            Call("GET", "/moved.ics", moved),
        ),
        rooms={ROOM: "Events"},
        refusals={"429": (429, {}), "500": (500, {}), "revoked": (404, {}), "expired": (403, {})},
    )

    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "write": self._write}

    async def _write(self, params: Params, origin: str) -> Record:
        """Write an event down: its lines, as they stand between BEGIN and END, but for the stamp.
        With the number of one that is there, in its place."""
        number, lines = int(params.text("number", "0")), params.text("lines")
        if not self.rooms.edit(number, lines):
            number = self.rooms.post(ROOM, lines)
        return {"id": number}
