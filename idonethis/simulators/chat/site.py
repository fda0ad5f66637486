"""A pretend site with a feed, as Atom (https://www.rfc-editor.org/rfc/rfc4287) and as RSS
(https://www.rssboard.org/rss-specification), that answers conditional requests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..control import Action
from ..params import Params
from ..store import Record
from .app import Call, Chat, Talk
from .rooms import Rooms

ROOM = "posts"
HOME = "https://engines.example.org"


def items(rooms: Rooms) -> Iterator[tuple[str, str, str]]:
    """Address, title and author, newest first. A title may name its author behind a bar."""
    for message in reversed(rooms.shown()["Posts"]):
        title, _, author = message["text"].partition("|")
        yield f"{HOME}/{message['id']}", escape(title), escape(author)


def atom(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    entries = "".join(
        f'<entry><id>{url}</id><title>{title}</title><link href="{url}"/>'
        f"<published>2026-11-23T09:30:00Z</published>"
        + (f"<author><name>{author}</name></author>" if author else "")
        + "</entry>"
        for url, title, author in items(rooms)
    )
    text = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Engines</title>{entries}</feed>'
    return answered(request, text, "application/atom+xml")


def rss(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    entries = "".join(
        f"<item><guid>{url}</guid><title>{title}</title><link>{url}</link>"
        "<pubDate>Mon, 23 Nov 2026 09:30:00 GMT</pubDate></item>"
        for url, title, _ in items(rooms)
    )
    text = f'<rss version="2.0"><channel><title>Engines</title>{entries}</channel></rss>'
    return answered(request, text, "application/rss+xml")


def answered(request: Request, text: str, kind: str) -> Response:
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    return Response(text, media_type=kind, headers={"ETag": etag})


def page(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    return Response("<!doctype html><title>Engines</title>", media_type="text/html")


def moved(rooms: Rooms, request: Request, said: Mapping[str, Any]) -> Response:
    return RedirectResponse("/atom.xml", 301)


class Site(Chat):
    name: ClassVar[str] = "site"
    title: ClassVar[str] = "Site"
    talk = Talk(
        calls=(
            Call("GET", "/atom.xml", atom),
            Call("GET", "/rss.xml", rss),
            Call("GET", "/page.html", page),
            Call("GET", "/moved.xml", moved),
        ),
        rooms={ROOM: "Posts"},
        refusals={"429": (429, {}), "500": (500, {}), "revoked": (404, {}), "expired": (403, {})},
    )

    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "publish": self._publish}

    async def _publish(self, params: Params, origin: str) -> Record:
        """Put one more post on the site: its ``title``, and behind a bar its author."""
        return {"id": self.rooms.post(ROOM, params.text("title"))}
