"""Anvil: a finished casting becomes a done, a cracked one a blocker."""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Actor,
    Draft,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    Reason,
    Receives,
)

KINDS = {"finished": "done", "cracked": "blocked"}


class Anvil(Receives):
    name = "Anvil"
    category = "Operations"
    tagline = "Finished castings become dones, cracked ones blockers."
    signature = Hmac("X-Anvil-Signature", prefix="sha256=")
    delivery_header = "X-Anvil-Delivery"

    def summary(self, link: Link) -> str:
        return "Castings become dones or blockers."

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        casting = hook.json["casting"]
        kind = KINDS.get(casting["state"])
        if kind is None:
            yield Ignored(Reason.UNSUPPORTED, f"A casting that is {casting['state']} is no news.")
            return
        yield Draft(
            body=f"Casting {casting['name']} {casting['state']}",
            kind=kind,
            key=f"casting:{casting['id']}",
            url=casting["url"],
            actor=Actor(uid=str(casting["smith"]["id"]), name=casting["smith"]["name"]),
        )


integration = Anvil()
