"""One log served by one process or by several, as on several machines: they share a database, keys
and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from faults.front import Front
from tests.site import Site


class Member(Site):
    """A process that plays one part, or ``up``, which plays them all."""

    def __init__(self, data: Path, part: str, **settings: str) -> None:
        super().__init__(data, **settings)
        self.part = part
        if part != "up":
            self.log = data / f"{part}-{self.port}.txt"

    @property
    def runs(self) -> bool:
        return hasattr(self, "process") and self.process.poll() is None


class Servers:
    """``members`` are all processes of one log. Where one of them is for pages alone, people and
    partners reach all of them by a front."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.members: list[Member] = []
        self._front: Front | None = None

    def add(self, parts: Sequence[str], **told: str) -> None:
        if "web" in parts:
            self._front = Front(self.ports)
            told["BASE_URL"] = self._front.url
        self.members += [Member(self.data, part, **told) for part in parts]
        self.start()

    def start(self) -> None:
        """Those that do not run, all at once."""
        self._each(Member.start, [member for member in self.members if not member.runs])

    @staticmethod
    def _each(act: Callable[[Member], Any], members: list[Member]) -> list[Any]:
        with ThreadPoolExecutor() as at_once:
            return list(at_once.map(act, members))

    def those(self, part: str) -> list[Member]:
        """Who plays this part, alone or among others."""
        return [member for member in self.members if member.part in (part, "up")]

    def ports(self, part: str) -> list[int]:
        return [member.port for member in self.those(part)]

    @property
    def url(self) -> str:
        return self._front.url if self._front else self.members[0].url

    @property
    def all_run(self) -> bool:
        return all(member.runs for member in self.members)

    def restart(self, **told: str) -> None:
        """All of them die, and come back with these settings, too."""
        for member in self.members:
            member.kill()
            member.env |= told
        self.start()

    def stop(self) -> bool:
        """Whether all that ran ended in order."""
        running = [member for member in self.members if member.runs]
        return not any(self._each(Member.stop, running))

    def end(self) -> bool:
        """The same, for good."""
        in_order = self.stop()
        self.members, self._front = [], None
        return in_order
