"""What every answer carries, whoever gives it: a page, an error, a file, or the intake of hooks.

Pages say more than this, such as their own content security policy; what is said already stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from functools import cache
from typing import Any

from django.conf import settings

Header = tuple[bytes, bytes]
Message = MutableMapping[str, Any]
App = Callable[[Any, Any, Any], Awaitable[None]]

#: What a browser may do with something that is no page of ours: show it, and nothing else.
BARE = b"default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
#: What no page of ours ever asks a browser for.
UNUSED = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")


class Rim:
    """Goes around an ASGI application, so that it sees also what never becomes a request."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = list(completed(message["headers"]))
            await send(message)

        await self.app(scope, receive, complete)


def completed(headers: Iterable[Header]) -> Iterator[Header]:
    """These headers, and those of every answer that are not among them."""
    said = set()
    for name, value in headers:
        said.add(name.lower())
        yield name, value
    yield from (header for header in everywhere() if header[0] not in said)


@cache
def everywhere() -> tuple[Header, ...]:
    return (
        (b"content-security-policy", BARE),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", ", ".join(f"{name}=()" for name in UNUSED).encode()),
        # Pages of people who are signed in stay in no cache, and neither does anything else that
        # does not ask for it.
        (b"cache-control", b"no-store"),
        *_secure_from_now_on(),
    )


def _secure_from_now_on() -> tuple[Header, ...]:
    if not settings.HTTPS:
        return ()
    said = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    return ((b"strict-transport-security", said.encode()),)
