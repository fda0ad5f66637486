"""What Slack sends to one address: slash commands and interactions as forms, events as JSON.

https://docs.slack.dev/interactivity/implementing-slash-commands
https://docs.slack.dev/reference/interaction-payloads
https://docs.slack.dev/apis/events-api"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from idonethis.integrations.base import Actor, Address, Hook, Unreadable


def record(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def uid(workspace: Any, person: Any) -> str:
    """A person exists in a workspace: the same U… in another one is somebody else."""
    return f"{workspace}/{person}" if workspace and person else ""


@dataclass(frozen=True)
class Sent:
    """One request of Slack's, whatever its form. ``kind`` is ``command``, the type of an
    interaction or of an event, or ``url_verification``."""

    kind: str
    body: Mapping[str, Any]
    #: Seconds since 1970, as Slack signed them; 0 where it did not say.
    at: int = 0

    @classmethod
    def of(cls, hook: Hook) -> Sent:
        stamp = hook.header("x-slack-request-timestamp")
        at = int(stamp) if stamp.isdecimal() else 0
        if "form-urlencoded" in hook.header("content-type"):
            return cls._of_form(hook, at)
        body = hook.json
        if not isinstance(body, dict):
            raise Unreadable("Slack sends JSON objects; this is none.")
        kind = str(body.get("type") or "")
        inner = str(record(body.get("event")).get("type") or "")
        return cls(inner if kind == "event_callback" else kind, body, at)

    @classmethod
    def _of_form(cls, hook: Hook, at: int) -> Sent:
        if "payload" not in hook.form:
            return cls("command" if "command" in hook.form else "", hook.form, at)
        body = hook.json
        if not isinstance(body, dict):
            raise Unreadable("The payload of an interaction is a JSON object; this is none.")
        return cls(str(body.get("type") or ""), body, at)

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return record(self.body.get(name))

    def text(self, name: str) -> str:
        value = self.body.get(name)
        return value if isinstance(value, str) else ""

    @property
    def workspace(self) -> str:
        return self.text("team_id") or str(self["team"].get("id") or "")

    @property
    def place(self) -> str:
        return self.text("channel_id") or str(self["channel"].get("id") or "")

    @property
    def person(self) -> str:
        return self.text("user_id") or str(self["user"].get("id") or "")

    @property
    def actor(self) -> Actor:
        login = self.text("user_name") or str(self["user"].get("username") or "")
        name = str(self["user"].get("name") or "")
        return Actor(uid(self.workspace, self.person), login, name)

    @property
    def address(self) -> Address:
        return Address(self.workspace, self.place, uid(self.workspace, self.person))


_LINK = re.compile(r"<((?:https?|mailto)[^|>]+)(?:\|([^>]+))?>")
_NAMED = re.compile(r"<[@#!][^|>]*\|([^>]+)>")
_BARE = re.compile(r"<([@#!])([^>]+)>")


def plain(mrkdwn: str) -> str:
    """Slack's own markup as text that people read.
    https://docs.slack.dev/messaging/formatting-message-text"""
    text = _LINK.sub(lambda found: found[2] or found[1], mrkdwn)
    text = _BARE.sub(r"\1\2", _NAMED.sub(r"\1", text))
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
