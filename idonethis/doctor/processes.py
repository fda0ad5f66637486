"""The processes that share a PostgreSQL: whether each part is there, and well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from idonethis import __version__
from idonethis.doctor.finding import Finding, bad, ok, warn
from idonethis.heartbeat import SILENCE
from idonethis.processes import Process, listed

#: What does not happen where no process plays this part.
MISSED = {
    "web": "there are no pages",
    "ingest": "no hooks are taken",
    "work": "what is stored is not worked on",
    "beat": "what has to happen now and then happens seldom",
}


def alive() -> Iterator[Finding]:
    every = listed()
    heard = [process for process in every if process.age < SILENCE]
    if not heard:
        start = "Start it: idonethis up, or the parts of it"
        yield bad("Server", "No server is connected to this database.", fix=start)
        return
    troubles = [*_missing(heard), *_silent(every), *_stuck(heard), *_other_versions(heard)]
    yield from troubles or [ok("Server", f"{_counted(heard)}, and all their workers work.")]


def _missing(heard: Sequence[Process]) -> Iterator[Finding]:
    parts = {process.part for process in heard}
    for part in () if "up" in parts else MISSED.keys() - parts:
        says = f"No idonethis {part} is connected to this database: {MISSED[part]}."
        yield bad(f"Server, {part}", says, fix=f"Start it: idonethis {part}")


def _silent(every: Sequence[Process]) -> Iterator[Finding]:
    for process in every:
        if process.age >= SILENCE:
            says = f"{process.at} ({process.part}) has given no sign for {process.age:.0f} seconds."
            yield bad(f"Server, {process.part}", says, fix="Start it anew.")


def _stuck(heard: Sequence[Process]) -> Iterator[Finding]:
    for process in heard:
        if process.stuck:
            stuck = ", ".join(process.stuck)
            says = f"These workers of {process.at} ({process.part}) are stuck: {stuck}."
            yield bad(f"Server, {process.part}", says, fix="Start it anew.")


def _other_versions(heard: Sequence[Process]) -> Iterator[Finding]:
    for process in heard:
        if process.version != __version__:
            says = f"{process.at} ({process.part}) runs version {process.version}, and here it is "
            yield warn(f"Server, {process.part}", f"{says}{__version__}.", fix="Start it anew.")


def _counted(heard: Sequence[Process]) -> str:
    counts = Counter(process.part for process in heard)
    return ", ".join(f"{count} {part}" for part, count in sorted(counts.items()))
