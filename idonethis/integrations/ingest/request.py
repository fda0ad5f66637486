"""One POST of a hook as it comes over a connection."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from django.conf import settings

from idonethis.integrations import registry
from idonethis.integrations.base import Receives
from idonethis.integrations.ingest.bounds import MOST_HEADERS, MOST_TARGET
from idonethis.integrations.values import Hook, Response

#: A request with one of these wants more than to be taken.
UNUSUAL = frozenset(("transfer-encoding", "content-encoding", "expect", "upgrade"))


class Request:
    """From its first byte to its answer."""

    __slots__ = ("aimed", "answer", "body", "headers", "is_last", "since", "size", "url")

    def __init__(self) -> None:
        self.since = time.monotonic()
        self.url = b""
        self.headers: dict[str, str] = {}
        #: For which integration and address it is, if it is of the usual kind.
        self.aimed: tuple[Receives, str] | None = None
        self.body: list[bytes] = []
        #: In bytes, as far as it has come.
        self.size = 0
        self.is_last = False
        self.answer: Response | None = None

    def aim(self) -> None:
        """Once the head is there."""
        path = self.url.partition(b"?")[0]
        aimed = None if b"%" in path else aim(path.decode("latin-1"))
        if aimed is None or not UNUSUAL.isdisjoint(self.headers):
            return
        if len(self.headers) > MOST_HEADERS or len(self.url) > MOST_TARGET:
            return
        length = self.headers.get("content-length", "")
        if length.isdecimal() and int(length) <= aimed[0].largest_body:
            self.aimed = aimed

    @property
    def length(self) -> int:
        """Of the body, as it was announced."""
        return int(self.headers["content-length"])

    def hook(self) -> Hook:
        """May be asked for once."""
        body = self.body[0] if len(self.body) == 1 else b"".join(self.body)
        self.body.clear()  # the pieces would weigh as much again
        target = self.url.decode("latin-1")
        query, url = target.partition("?")[2], settings.BASE_URL + target
        return Hook(body, self.headers, "POST", query, datetime.now(UTC), url)


def aim(path: str) -> tuple[Receives, str] | None:
    """The integration and the token that a path leads to, if it is that of a hook."""
    parts = path.split("/")
    if len(parts) not in (4, 5) or parts[1] != "integrations" or parts[3] != "hook":
        return None
    integration = registry.get(parts[2])
    token = parts[4] if len(parts) == 5 else ""
    return (integration, token) if isinstance(integration, Receives) else None
