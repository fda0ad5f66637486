"""Plays faults on databases, each on a stage of its own."""

from __future__ import annotations

import subprocess
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random

from faults.clock import Clock
from faults.databases import Database, Postgres
from faults.disk import CappedFiles, Disk, SmallDisk
from faults.fault import Fault, Room, Skipped
from faults.stage import Stage
from faults.template import PLACE, Template
from faults.verdict import Verdict


@dataclass(frozen=True)
class Run:
    """``rate``: hooks a second that this machine is rated for."""

    folder: Path
    seed: int
    short: bool
    rate: int

    def play(self, faults: Sequence[Fault], databases: Sequence[Database]) -> Iterator[Verdict]:
        """Those that need little room a few at a time, on the last database, which is the slowest,
        first; and then the rest, one after the other."""
        with ExitStack() as after:
            templates = [self._template(database, after) for database in databases]
            for room in Room:
                chosen = [fault for fault in faults if fault.room is room]
                at_once = min(each.at_once for each in databases) if room is Room.LITTLE else 1
                yield from self._side_by_side(product(reversed(templates), chosen), at_once)

    def _side_by_side(
        self, played: Iterable[tuple[Template, Fault]], at_once: int
    ) -> Iterator[Verdict]:
        """As they end, in whatever order."""
        with ThreadPoolExecutor(at_once) as players:
            playing = [players.submit(self._verdict, *each) for each in played]
            yield from (each.result() for each in as_completed(playing))

    def _template(self, database: Database, after: ExitStack) -> Template:
        after.callback(database.stop)
        database.start()
        database.create(PLACE)
        return Template(database, self.folder / database.name / PLACE).make()

    def _verdict(self, template: Template, fault: Fault) -> Verdict:
        """A fault that breaks down does not hold."""
        folder = self.folder / template.database.name / fault.number
        verdict, began = Verdict(fault.number, fault.title, template.database.name), time.time()
        try:
            with self._staged(fault, template, folder, verdict) as stage:
                fault.play(stage)
        except Skipped as problem:
            verdict.skipped = str(problem)
        except Exception as problem:
            traceback.print_exc()
            verdict.broken.append(f"broke down: {problem}"[:200])
        verdict.seconds = time.time() - began
        return verdict

    @contextmanager
    def _staged(
        self, fault: Fault, template: Template, folder: Path, verdict: Verdict
    ) -> Iterator[Stage]:
        """With one running server, for the length of a with block."""
        folder.mkdir(parents=True)
        chance = Random(f"{self.seed} {fault.number} {verdict.database}")
        with ExitStack() as after:
            disk = small_disk(folder, template.database, after) if fault.small_disk else None
            database = template.database
            if fault.small_disk or fault.breaks_database:
                database = cloned(database, folder / "disk", after)
            stage = Stage(
                template, database, folder, verdict, chance, self.short, self.rate,
                clock=Clock(folder / "clock") if fault.clocked else None, disk=disk,
            )  # fmt: skip
            after.callback(stage.close)
            stage.prepare()
            stage.serve()
            yield stage


def small_disk(folder: Path, database: Database, after: ExitStack) -> Disk:
    """Raises Skipped where PostgreSQL would need one, and nobody may mount it."""
    place = folder / "disk"
    try:
        disk: Disk = SmallDisk(place)
    except (OSError, subprocess.CalledProcessError) as problem:
        if isinstance(database, Postgres):
            raise Skipped("nobody may mount a file system here") from problem
        disk = CappedFiles(place / "data")
    after.callback(disk.close)
    return disk


def cloned(database: Database, folder: Path, after: ExitStack) -> Database:
    """The same in this folder, which is a small disk perhaps."""
    if not isinstance(database, Postgres):
        return database
    place = folder / "postgres"
    place.mkdir(parents=True)
    clone = database.clone(place)
    after.callback(clone.stop)
    return clone
