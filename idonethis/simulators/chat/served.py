"""What pretend chats have in common that people run themselves: besides the address of an incoming
webhook they have an API, in which somebody makes webhooks, and others change them by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from starlette.responses import Response

from ..control import Action, Reading
from ..described import Refusals, worded
from ..params import Params
from ..store import Record
from .app import Chat

KEY = "key-of-the-pretend-channel"
#: Whose token each is. All may write; webhooks are made by Ada alone.
TOKENS: Mapping[str, str] = {"a-token-of-ada": "ada", "a-token-of-grace": "grace"}


class ServedChat(Chat):
    api: ClassVar[str]
    #: What is said there, by what is the matter.
    api_refusals: ClassVar[Refusals]

    def refusal_at(self, path: str, kind: str) -> Response:
        return worded(self.api_refusals if path.startswith(self.api) else self.refusals, kind)

    def actions(self) -> dict[str, Action]:
        return {
            **super().actions(),
            "edit_hooks": self._edit_hooks,
            "forget_hooks": self._forget_hooks,
            "crowd": self._crowd,
        }

    async def _crowd(self, params: Params, _: str) -> Record:
        """Others make ``many`` webhooks of their own, which stand before ours."""
        ours = dict(self.rooms.hooks)
        others = [self.others(number) for number in range(params.number("many", 1))]
        self.rooms.hooks.clear()
        self.rooms.hooks.update({f"other{n}": hook for n, hook in enumerate(others)} | ours)
        return {"said": f"There are {len(others)} more."}

    def others(self, number: int) -> Record:
        """A webhook that somebody else has made."""
        raise NotImplementedError

    async def _edit_hooks(self, params: Params, _: str) -> Record:
        """Somebody sets a ``field`` of all webhooks to this ``value``."""
        for hook in self.rooms.hooks.values():
            hook[params.text("field")] = params.get("value")
        return {"said": "They are changed."}

    async def _forget_hooks(self, params: Params, _: str) -> Record:
        """Somebody removes all webhooks."""
        self.rooms.hooks.clear()
        return {"said": "There are none any more."}

    def readings(self) -> dict[str, Reading]:
        return {**super().readings(), "hooks": lambda _: dict(self.rooms.hooks)}
