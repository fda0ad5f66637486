"""What pretend GitHub sends while people work, kept to be delivered in any order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from idonethis.partners.github.pretending import ENGINE, PretendGitHub
from idonethis.simulators.tests.receiver import Received, Receiver
from idonethis.simulators.visitor import act

#: How many of all orders are tried, where there are more.
MOST_ORDERS = 8


@dataclass(frozen=True)
class Story:
    """A hook of the engine's repository wants everything, and what it brings is kept."""

    github: PretendGitHub
    listening: Receiver

    def begin(self) -> Story:
        hook = {"config": {"url": f"{self.listening.url}/hook", "content_type": "json"}}
        owner = self.github.client_of("ada")
        owner.post(f"/repos/{ENGINE}/hooks", json={**hook, "events": ["*"]})
        self.listening.got.clear()
        return self

    def happens(self, action: str, actor: str = "ada", **values: Any) -> dict[str, Any]:
        """Somebody does something in the repository of the engine; returns what is said of it."""
        return act(self.github.url, action, repository=ENGINE, actor=actor, **values)

    def days_pass(self, days: int) -> None:
        self.github.act("clock", forward=days * 86_400)

    @property
    def sent(self) -> list[Received]:
        """All but the ping, which comes in its own time."""
        return [each for each in self.listening.got if each.event != "ping"]

    def orders(self) -> Iterator[list[Received]]:
        """All of them, if they are few; else as it was sent, backwards, and in some others, in
        which something comes twice."""
        sent = self.sent
        if len(sent) <= 3:
            yield from map(list, permutations(sent))
            return
        yield sent
        yield sent[::-1]
        chance = random.Random(1843)  # noqa: S311
        for _ in range(MOST_ORDERS - 2):
            yield chance.sample([*sent, chance.choice(sent)], len(sent) + 1)
