"""What pretend partners have in common that keep code: whoever maintains a project makes its
webhooks, others do not; and somebody changes them there by hand."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import Response

from ..control import Action
from ..params import Params
from ..sending import Attempt
from ..store import Record
from .app import Planning
from .clock import iso

Does = Callable[[Planning, Request, Mapping[str, Any]], Awaitable[Response]]
#: In the body of a hook, for the address of the server itself, which only a caller knows.
SITE = "{site}"
NAME = "analytical/engine"


def site_of(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def answered(request: Request, said: Any, *, headers: Mapping[str, str] | None = None) -> Response:
    """With the address of the server as this caller knows it."""
    body = json.dumps(said).replace(SITE, site_of(request))
    return Response(body, media_type="application/json", headers=headers)


def since(thing: Record, asked: str) -> bool:
    """Whether it has changed since then; always, where nobody asks."""
    at = thing.get("updated_at")
    return not asked or (at is not None and _instant(at) >= _instant(asked))


def _instant(said: str) -> datetime:
    return datetime.fromisoformat(said.replace("Z", "+00:00"))


class Forge(Planning):
    #: What else may be said of a thing that happens.
    facts: ClassVar[tuple[str, ...]] = ()

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

    async def _happen(self, params: Params, _: str) -> Record:
        """An issue (or ``pull`` request) of ``author`` is made and, ``ago`` seconds before now,
        closed (or merged) ``by`` somebody; everybody who wants to know is told. If it is
        ``touched``, somebody has written about it since."""
        number, now = self.store.next_id("number", 4), self.store.now()
        at, by = now - float(params.text("ago", "0")), self.plan.people[params.text("by", "ada")]
        thing = {"id": 2000 + number, "number": number, "title": params.text("title")}
        thing |= {"author": params.text("author", "grace"), "pull": bool(params.get("pull"))}
        thing |= {"assignees": params.text("assignees", "").split(), "created_at": iso(at)}
        self.things[str(number)] = thing | {name: params.get(name) for name in self.facts}
        thing = self.things[str(number)]
        self.plan.moved(thing, by, at, True)
        answers = await self.tell(self.plan.told(thing, by, at, True))
        if params.get("touched"):
            thing["updated_at"] = iso(now)
        return {"answers": answers}

    async def send(self, hook: Record, body: bytes) -> Attempt:
        return await super().send(hook, body.replace(SITE.encode(), hook["site"].encode()))
