"""A partner that says little, and makes the secret that it signs with; it exists only here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from idonethis.integrations.base import (
    Actor,
    Client,
    Draft,
    Event,
    Expands,
    Hmac,
    Hook,
    Ignored,
    Link,
    Reason,
    Response,
    Secret,
    ShakesHands,
)


class Whisper(ShakesHands, Expands):
    integration_type = "whisper"
    name = "Whisper"
    tagline = "Whispers become dones."
    signature = Hmac("x-whisper-signature")
    delivery_header = "x-whisper-delivery"
    their_secret = "Whisper hands it over by itself."

    def __init__(self) -> None:
        #: What it knows of its things, by their ids.
        self.things: dict[str, dict[str, Any]] = {}
        #: What it says instead, one after the other, and for how long.
        self.failures: list[BaseException] = []
        #: The things that it was asked about.
        self.asked: list[str] = []

    def summary(self, link: Link) -> str:
        return "Whispers become dones."

    def handed_over(self, hook: Hook) -> Secret:
        return Secret(hook.header("x-whisper-secret"))

    def shaken(self, hook: Hook) -> Response:
        return Response(headers=(("x-whisper-secret", hook.header("x-whisper-secret")),))

    def expand(self, hook: Hook, client: Client, link: Link) -> Mapping[str, Any]:
        thing = hook.json["thing"]
        self.asked.append(thing)
        if self.failures:
            raise self.failures.pop(0)
        return self.things[thing]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        if not hook.more:
            yield Ignored(Reason.UNSUPPORTED, "Nothing more is known of it.")
            return
        body, actor = hook.more["body"], Actor(uid=hook.more["uid"])
        yield Draft(body=body, key=f"thing:{hook.json['thing']}", actor=actor)
