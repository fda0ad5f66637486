"""A partner that is asked, and says when that is worth it; it exists only here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from idonethis.integrations.base import Client, Hook, Link, Polled, SharedToken, Wakes
from idonethis.integrations.tests.sundial import Sundial


class Bell(Wakes, Sundial):
    integration_type = "bell"
    name = "Bell"
    signature = SharedToken("x-bell-token")

    def __init__(self) -> None:
        super().__init__()
        #: The hours that it has rung.
        self.rung: list[str] = []
        self.polls = 0
        self.no_answer: Exception | None = None
        #: What happens while it is being asked.
        self.meanwhile: Callable[[], None] = lambda: None

    def poll(self, client: Client, link: Link, cursor: Mapping[str, Any]) -> Polled:
        self.polls += 1
        if self.no_answer:
            raise self.no_answer
        hours = [Hook(orjson.dumps({"hour": each})) for each in self.rung]
        self.meanwhile()
        return Polled(tuple(hours), {"known": len(hours)})
