from __future__ import annotations

import sys

from idonethis_cli import logins, notes
from idonethis_cli.notes import Note
from idonethis_cli.screen import as_json, coloured, mark
from idonethis_cli.sending import BUSY

AGAIN = "It is kept. Mend that and send it by: did sync --again (or drop it: did undo)"


def report(names: list[str], troubles: dict[str, str], *, in_json: bool = False) -> int:
    """What became of these. 1 where one was refused."""
    found = [note for note in map(notes.named, names) if note]
    if in_json:
        as_json([note.told | _waits(note, troubles) for note in found])
    else:
        for note in found:
            _say(note)
        say_what_waits([note for note in found if note.part == "waiting"], troubles)
    return 1 if any(note.part == "refused" for note in found) else 0


def _waits(note: Note, troubles: dict[str, str]) -> dict[str, str]:
    return {"reason": _why(note, troubles)} if note.part == "waiting" else {}


def _say(note: Note) -> None:
    if note.part == "refused":
        reason = note.fields.get("reason", "")
        print(f"{coloured('Refused', '31')}: {note.title}: {reason} {AGAIN}", file=sys.stderr)
    elif note.part == "sent":
        print(f"{mark(note.fields.get('kind', ''))} {note.title}")


def say_what_waits(waiting: list[Note], troubles: dict[str, str]) -> None:
    """In one line, however many they are."""
    if waiting:
        many = "It is kept" if len(waiting) == 1 else f"{len(waiting)} are kept"
        why = _why(waiting[0], troubles)
        print(f"{many}, to be sent by the next command or did sync. {why}", file=sys.stderr)


def _why(note: Note, troubles: dict[str, str]) -> str:
    server = note.fields.get("server") or logins.usual()
    return troubles.get(server) or troubles.get("") or BUSY
