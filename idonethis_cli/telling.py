"""Logging what was typed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from idonethis_cli import asking, days, notes, project
from idonethis_cli.ending import Failed
from idonethis_cli.reporting import report
from idonethis_cli.sending import LONG, send, short

NAMES = {"done": "did", "goal": "goal", "blocked": "blocker"}
EXAMPLES = """\
  did "Turned the crank #mill"       []  makes it a goal, ! a blocker
  did --day yesterday "Cast a gear"
  goal "Oil the mill"                blocker "No oil"
  git log --since=today --format=%s | did -

commands of did: log, teams, login, logout, sync, undo, hook, mcp; each has --help

The shell keeps the word done for itself: where that is meant, type \\done or did."""


def main(kind: str, words: list[str]) -> int:
    asked = _parser(NAMES[kind])
    said = asked.parse_args(words)
    if not said.words and not said.json:
        asked.print_help()
        return 0
    texts = _typed(said.words)
    place = project.here()
    fields = {"kind": kind, "day": days.day(said.day), "server": place.server}
    fields["team"] = said.team or place.team
    names = [notes.keep(fields, text) for text in texts]
    troubles = send(LONG if said.words == ["-"] else short())
    return report(names, troubles, in_json=said.json)


def _parser(name: str) -> ArgumentParser:
    asked = asking.parser(name, "Logs what you got done, aim at, or are held up by.", EXAMPLES)
    asked.add_argument("words", nargs="*", metavar="TEXT", help="or - for one entry in each line")
    asked.add_argument("--day", default="today", help="yesterday, mon, 2026-11-25")
    asked.add_argument("--team", default="", help="its name or id")
    return asked


def _typed(words: list[str]) -> list[str]:
    piped = sys.stdin.buffer.read().decode("utf-8", "replace") if words == ["-"] else ""
    texts = piped.splitlines() if words == ["-"] else [" ".join(words)]
    found = [text.strip() for text in texts if text.strip()]
    if not found:
        raise Failed("There is nothing in it, so nothing was logged.")
    return found
