"""What pretend partners have in common that keep code: whoever maintains a project makes its
webhooks, others do not; and somebody changes them there by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..control import Action
from ..params import Params
from ..sending import Attempt
from ..store import Record
from .app import Planning

Does = Callable[[Planning, Request, Mapping[str, Any]], Awaitable[Response]]
#: In the body of a hook, for the address of the server itself, which only a caller knows.
SITE = "{site}"
NAME = "analytical/engine"


def site_of(request: Request) -> str:
    return str(request.base_url).rstrip("/")


class Forge(Planning):
    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "edit_hooks": self._edit_hooks, "become": self._become}

    async def _edit_hooks(self, params: Params, _: str) -> Record:
        """Somebody sets a ``field`` of all webhooks to this ``value``."""
        for hook in self.hooks.values():
            hook[params.text("field")] = params.get("value")
        return {"said": "They are changed."}

    async def _become(self, params: Params, _: str) -> Record:
        """From now on the ``option`` has this ``value``."""
        self.settings[params.text("option")] = params.text("value")
        return {"said": "So it is."}

    async def send(self, hook: Record, body: bytes) -> Attempt:
        return await super().send(hook, body.replace(SITE.encode(), hook["site"].encode()))
