"""Taking the last one back."""

from __future__ import annotations

from idonethis_cli import asking, notes
from idonethis_cli.ending import Failed
from idonethis_cli.locking import alone
from idonethis_cli.notes import PARTS, Note
from idonethis_cli.screen import as_json
from idonethis_cli.sending import BUSY
from idonethis_cli.server import Refused, Server

BACK = "On its page it can be brought back for 30 days."


def main(name: str, words: list[str]) -> int:
    asked = asking.parser("did undo", "Takes back what you logged last; again, what before.")
    said = asked.parse_args(words)
    with alone("sending", within=10) as mine:
        if not mine:
            raise Failed(f"{BUSY} Nothing was undone.")
        note = _last()
        _undo(note)
    if said.json:
        as_json(note.told | {"state": "undone"})
    else:
        print(f"Undone: {note.title}. {BACK if note.part == 'sent' else ''}".strip())
    return 0


def _last() -> Note:
    known = [note for part in PARTS for note in notes.all_of(part)]
    if not known:
        raise Failed("Nothing was logged from here, so nothing was undone.")
    return max(known, key=lambda note: (note.name, PARTS.index(note.part)))


def _undo(note: Note) -> None:
    if note.part == "sent":
        try:
            Server(note.fields["server"], 10).ask("DELETE", f"/entries/{note.fields['hash_id']}")
        except Refused as problem:
            notes.drop(note.name)
            raise Failed(f"“{note.title}” cannot be undone: {problem}") from problem
    notes.drop(note.name)
