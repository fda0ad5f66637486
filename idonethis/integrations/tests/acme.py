"""A partner that exists only here: what the tests of the core plug in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from idonethis.integrations.base import (
    Actor,
    Backfills,
    Client,
    Detail,
    Draft,
    Event,
    Growing,
    Hmac,
    Hook,
    Link,
    PastPage,
    Retitle,
    Retract,
    Sends,
)


class Acme(Backfills, Sends):
    integration_type = "acme"
    name = "Acme"
    category = "Code"
    tagline = "Anvils become dones."
    signature = Hmac("x-acme-signature", prefix="sha256=")
    delivery_header = "x-acme-delivery"
    event_header = "x-acme-event"

    def __init__(self) -> None:
        self.posts: dict[str, str] = {}
        self.calls: list[str] = []
        self.failure: Exception | None = None
        #: What happened before, as bodies of hooks.
        self.happened: list[dict[str, Any]] = []
        #: How many of them are on a page.
        self.page = 2
        #: What is said to a question for the past instead, once.
        self.refusal: Exception | None = None
        #: With which cursors it was asked for.
        self.asked: list[Any] = []

    def summary(self, link: Link) -> str:
        return "Anvils become dones."

    def account_in(self, email: str) -> str:
        uid, _, domain = email.partition("@")
        return uid if domain == "given.acme.example" else ""

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        said = hook.json
        actor = Actor(
            uid=said.get("uid", ""),
            login=said.get("login", ""),
            name=said.get("name", ""),
            email=said.get("email", ""),
            bot=said.get("bot", False),
            vouched=said.get("vouched", False),
        )
        at, as_of = _instant(said, "at"), _instant(said, "as_of")
        if said["type"] == "push":
            details = tuple(Detail(f"commit:{sha}", f"Commit {sha}") for sha in said["commits"])
            body = "Pushed {count} commit{s} to main"
            yield Growing(body=body, key="push:main", actor=actor, details=details, occurred_at=at)
        if said["type"] == "retitle":
            yield Retitle(key=said["key"], body=said["body"], as_of=as_of)
        if said["type"] == "retract":
            yield Retract(key=said["key"], actor=actor, as_of=as_of)
        if said["type"] == "done":
            stands_for = tuple(f"commit:{sha}" for sha in said.get("commits", ()))
            for number, body in enumerate(said["body"].splitlines()):
                key = f"{said['key']}/{number}" if number else said.get("key", "")
                draft = Draft(body=body, key=key, actor=actor, stands_for=stands_for)
                yield replace(draft, occurred_at=at, as_of=as_of or at)

    def past(self, client: Client, link: Link, *, since: datetime, cursor) -> PastPage:
        self.asked.append(dict(cursor))
        if refusal := self.refusal:
            self.refusal = None
            raise refusal
        at = cursor.get("at", 0)
        shown = self.happened[at : at + self.page]
        after = at + self.page
        hooks = tuple(Hook(orjson.dumps(said)) for said in shown)
        more = {"at": after} if after < len(self.happened) else None
        return PastPage(hooks, more, seen=len(shown), total=len(self.happened))

    def deliver(self, entry, link: Link, client: Client) -> str:
        self._call("deliver")
        reference = f"post-{len(self.posts)}"
        self.posts[reference] = entry.body
        return reference

    def update(self, entry, link: Link, client: Client, *, reference: str) -> None:
        self._call("update")
        self.posts[reference] = entry.body

    def retract(self, link: Link, client: Client, *, reference: str) -> None:
        self._call("retract")
        del self.posts[reference]

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if self.failure:
            raise self.failure


def _instant(said: dict[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(said[name]) if name in said else None
