"""What Slack sends to one address: slash commands and interactions as forms, events as JSON.

https://docs.slack.dev/interactivity/implementing-slash-commands
https://docs.slack.dev/reference/interaction-payloads
https://docs.slack.dev/apis/events-api"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from idonethis.integrations.base import Actor, Address, Hook, Unreadable, record, records


def word(source: Mapping[str, Any], name: str) -> str:
    """The text of that name; empty for everything that is no text."""
    value = source.get(name)
    return value if isinstance(value, str) else ""


def uid(workspace: str, person: str) -> str:
    """A person exists in a workspace: the same U… in another one is somebody else."""
    return f"{workspace}/{person}" if workspace and person else ""


def _signed_at(hook: Hook) -> datetime:
    stamp = hook.header("x-slack-request-timestamp")
    if re.fullmatch("[0-9]{1,10}", stamp):
        return datetime.fromtimestamp(int(stamp), UTC)
    return hook.received_at


@dataclass(frozen=True)
class Sent:
    """One request of Slack's, whatever its form. ``kind`` is ``command``, the type of an
    interaction or of an event, ``url_verification`` or ``ssl_check``. ``at`` is when Slack signed
    it: the same for the first answer and whenever the request is read again."""

    kind: str
    body: Mapping[str, Any]
    at: datetime

    @classmethod
    def of(cls, hook: Hook) -> Sent:
        """Raises Unreadable."""
        if "form-urlencoded" not in hook.header("content-type"):
            return cls._of_json(hook)
        if "payload" in hook.form:
            return cls._of_json(hook)
        known = [kind for kind in ("command", "ssl_check") if kind in hook.form]
        return cls(known[0] if known else "", hook.form, _signed_at(hook))

    @classmethod
    def _of_json(cls, hook: Hook) -> Sent:
        body = hook.json
        if not isinstance(body, dict):
            raise Unreadable("Slack sends JSON objects; this is none.")
        kind = word(body, "type")
        if kind == "event_callback":
            kind = word(record(body.get("event")), "type")
        return cls(kind, body, _signed_at(hook))

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return record(self.body.get(name))

    def text(self, name: str) -> str:
        return word(self.body, name)

    @property
    def event(self) -> str:
        """What happened, as the log of hooks shows it."""
        about = self.text("command") or self.text("callback_id")
        pressed = [word(action, "action_id") for action in records(self.body.get("actions"))]
        return " ".join(part for part in (self.kind, about, *pressed) if part)

    @property
    def workspace(self) -> str:
        """Of an organisation with several workspaces, the team may be missing."""
        team = self.text("team_id") or word(self["team"], "id")
        return team or word(self["user"], "team_id")

    @property
    def place(self) -> str:
        channel = self.text("channel_id") or word(self["channel"], "id")
        return channel or word(self["container"], "channel_id")

    @property
    def person(self) -> str:
        return self.text("user_id") or word(self["user"], "id")

    @property
    def uid(self) -> str:
        return uid(self.workspace, self.person)

    @property
    def actor(self) -> Actor:
        login = self.text("user_name") or word(self["user"], "username")
        return Actor(self.uid, login, word(self["user"], "name"))

    @property
    def address(self) -> Address:
        return Address(self.workspace, self.place, self.uid)
