"""Sending what waits."""

from __future__ import annotations

from idonethis_cli import asking, notes
from idonethis_cli.reporting import report
from idonethis_cli.sending import LONG, send

EXAMPLES = """\
  did sync                  sends what waits, and names what was refused
  did sync --again          tries what was refused once more
  did sync --again --team Mill"""


def main(name: str, words: list[str]) -> int:
    asked = asking.parser("did sync", "Sends what waits.", EXAMPLES)
    asked.add_argument("--again", action="store_true", help="what was refused, too")
    asked.add_argument("--team", default="", help="to which what was refused goes now")
    said = asked.parse_args(words)
    refused = list(notes.all_of("refused"))
    if said.again:
        for note in refused:
            note.move("waiting", reason="", **({"team": said.team} if said.team else {}))
    waiting = [note.name for note in notes.all_of("waiting")]
    names = sorted({*waiting, *(note.name for note in refused)})
    troubles = send(LONG) if waiting else {}
    if not names and not said.json:
        print("Nothing waits.")
    return report(names, troubles, in_json=said.json)
