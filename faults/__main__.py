"""Plays the faults and prints what held: ``bin/faults``."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from faults.all import FAULTS
from faults.databases import Apart, Database, Postgres, Sqlite
from faults.playing import Run
from faults.verdict import Verdict, table

#: Of these, the first two if none is named.
DATABASES: dict[str, type[Database]] = {"sqlite": Sqlite, "postgres": Postgres, "apart": Apart}


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="bin/faults", description=__doc__)
    made.add_argument("--short", action="store_true", help="the form that takes minutes, not hours")
    made.add_argument("--only", metavar="F1,F9", help="these faults alone")
    made.add_argument("--database", choices=DATABASES, help="this one alone")
    made.add_argument("--seed", type=int, default=1815)
    made.add_argument("--rate", type=int, default=200, help="hooks a second, rated for here")
    made.add_argument("--json", action="store_true", help="print JSON instead of a table")
    made.add_argument("--keep", type=Path, metavar="FOLDER", help="leave ledgers and logs there")
    return made


def main() -> int:
    asked = parser().parse_args()
    chosen = [FAULTS[name] for name in (asked.only.split(",") if asked.only else FAULTS)]
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="idonethis-faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    # PostgreSQL runs as somebody else, and one of its folders lies in there.
    folder.chmod(0o755)
    run = Run(folder, asked.seed, asked.short, asked.rate)
    verdicts = []
    names = [asked.database] if asked.database else list(DATABASES)[:2]
    databases = [DATABASES[name]() for name in names]
    for verdict in run.play(chosen, databases):
        tell(verdict)
        verdicts.append(verdict)
    show(sorted(verdicts, key=_place), asked)
    if not asked.keep:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if all(verdict.holds for verdict in verdicts) else 1


def _place(verdict: Verdict) -> tuple[bool, int]:
    return verdict.database == Postgres.name, list(FAULTS).index(verdict.fault)


def tell(verdict: Verdict) -> None:
    """While it runs, since all of them take a while, and with its row, in case they are broken
    off."""
    state = verdict.skipped or ("held" if verdict.holds else "BROKEN")
    line = f"{verdict.fault} on {verdict.database}: {state} ({verdict.seconds:.0f} s)"
    row = table([verdict]).splitlines()[-1]
    print(line, row, *verdict.examples, sep="\n  ", file=sys.stderr, flush=True)


def show(verdicts: list[Verdict], asked: argparse.Namespace) -> None:
    form = "short" if asked.short else "long"
    python = platform.python_version()
    machine = f"{form} form, seed {asked.seed}, {os.cpu_count()} cores, Python {python}"
    if asked.json:
        rows = [verdict.as_record() for verdict in verdicts]
        print(json.dumps({"machine": machine, "verdicts": rows}, indent=1))
    else:
        print(machine, table(verdicts), sep="\n\n")


if __name__ == "__main__":
    sys.exit(main())
