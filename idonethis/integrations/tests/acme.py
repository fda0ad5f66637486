"""A partner that exists only here: what the tests of the core plug in."""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Actor,
    Client,
    Detail,
    Draft,
    Event,
    Growing,
    Hmac,
    Hook,
    Link,
    Receives,
    Retitle,
    Retract,
    Sends,
)


class Acme(Receives, Sends):
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

    def summary(self, link: Link) -> str:
        return "Anvils become dones."

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        said = hook.json
        actor = Actor(
            uid=said.get("uid", ""), email=said.get("email", ""), bot=said.get("bot", False)
        )
        if said["type"] == "push":
            details = tuple(Detail(f"commit:{sha}", f"Commit {sha}") for sha in said["commits"])
            body = "Pushed {count} commit{s} to main"
            yield Growing(body=body, key="push:main", actor=actor, details=details)
        if said["type"] == "retitle":
            yield Retitle(key=said["key"], body=said["body"])
        if said["type"] == "retract":
            yield Retract(key=said["key"], actor=actor)
        if said["type"] == "done":
            yield Draft(body=said["body"], key=said.get("key", ""), actor=actor)

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
