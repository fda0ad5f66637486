"""What the tests of Jira Cloud have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations.models import RegisteredHook, reconciling
from idonethis.integrations.tests.clock import Clock
from idonethis.integrations.tests.coming import work
from idonethis.simulators import visitor
from idonethis.simulators.planning.jira import ENGINES, LOOMS

DAY = timedelta(days=1)
ENG, MILL = f"{ENGINES}/10000|Engines (ENG)", f"{ENGINES}/10001|Mill (MILL)"
LOOM = f"{LOOMS}/10002|Looms (LOOM)"


class Pretend:
    """The pretend Jira at this address, whose clock goes as ours does."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url = url
        self.clock = clock

    def act(self, action: str, **values: Any) -> dict[str, Any]:
        return visitor.act(self.url, action, **values)

    def finishes(self, thing: str = "ENG-12", *, action: str = "finish") -> list[int | None]:
        """Ada moves an issue; returns what we answered to each webhook."""
        answers: list[int | None] = self.act(action, thing=thing, by="ada")["answers"]
        work()
        return answers

    def knock(self, url: str, body: str, headers: Mapping[str, str]) -> int:
        """What anybody hears who sends this there."""
        return int(self.act("knock", url=url, body=body, headers=dict(headers))["answer"])

    def pass_time(self, span: timedelta) -> None:
        self.act("clock", forward=span.total_seconds())
        self.clock.shift(span)

    def look_after(self) -> None:
        """The next time that the server looks after its webhooks."""
        RegisteredHook.objects.update(check_at=self.clock())
        reconciling.drain()

    def fault(self, kind: str, **more: Any) -> None:
        self.act("faults", fault=kind, path="*/webhook*", **more)

    @property
    def hooks(self) -> list[dict[str, Any]]:
        return list(visitor.read(self.url, "hooks").values())

    def calls(self, method: str, path: str = "/webhook") -> list[dict[str, Any]]:
        made = visitor.read(self.url, "journal")["calls"]
        return [each for each in made if each["method"] == method and each["path"].endswith(path)]


def log() -> list[str]:
    return list(Entry.objects.alive().order_by("pk").values_list("body", flat=True))
