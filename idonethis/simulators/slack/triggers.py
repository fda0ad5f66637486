"""trigger_id: the right to open one view, for three seconds.

Source: https://docs.slack.dev/reference/methods/views.open
"""

from __future__ import annotations

import secrets

from ..store import Record
from .errors import SlackError
from .workspace import Workspace

SECONDS = 3


class Triggers:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def new(self, user: str) -> str:
        number = self._workspace.store.next_id("trigger", 1_815_000_001)
        trigger_id = f"{number}.1815181518.{secrets.token_hex(16)}"
        self._workspace.store.table("triggers")[trigger_id] = {
            "user": user,
            "used": False,
            "expires_at": self._workspace.now + SECONDS,
        }
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The user behind the trigger, once. Raises SlackError."""
        trigger: Record | None = self._workspace.store.table("triggers").get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger["used"]:
            raise SlackError("exchanged_trigger_id")
        if trigger["expires_at"] < self._workspace.now:
            raise SlackError("expired_trigger_id")
        trigger["used"] = True
        return str(trigger["user"])
