"""Plays faults on databases, each on a stage of its own."""

from __future__ import annotations

import subprocess
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from faults.clock import Clock
from faults.databases import Database, Postgres
from faults.disk import CappedFiles, Disk, SmallDisk
from faults.fault import Fault, Skipped
from faults.stage import Stage
from faults.template import PLACE, Template
from faults.verdict import Verdict

#: How many calm faults are played at once.
AT_ONCE = 4


@dataclass(frozen=True)
class Run:
    """``rate``: hooks a second that this machine is rated for."""

    folder: Path
    seed: int
    short: bool
    rate: int

    def play(self, faults: Sequence[Fault], databases: Sequence[Database]) -> Iterator[Verdict]:
        """The calm ones a few at a time, and then the others, each with the machine for itself."""
        with ExitStack() as after:
            templates = [self._template(database, after) for database in databases]
            calm = [(fault, each) for fault in faults if fault.calm for each in templates]
            loud = [(fault, each) for each in templates for fault in faults if not fault.calm]
            with ThreadPoolExecutor(AT_ONCE) as players:
                yield from players.map(lambda played: self._verdict(*played), calm)
            yield from (self._verdict(*played) for played in loud)

    def _template(self, database: Database, after: ExitStack) -> Template:
        after.callback(database.stop)
        database.start()
        database.create(PLACE)
        return Template(database, self.folder / database.name / PLACE).make()

    def _verdict(self, fault: Fault, template: Template) -> Verdict:
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
            database = cloned(template.database, folder, after) if disk else template.database
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
    """The same on the small disk."""
    if not isinstance(database, Postgres):
        return database
    place = folder / "disk" / "postgres"
    place.mkdir()
    clone = database.clone(place)
    after.callback(clone.stop)
    return clone
