"""Sends what waits: in order, one process at a time, each note under its own key. Whoever is killed
in between leaves a note that is sent again, and that the server knows."""

from __future__ import annotations

import os
import time
from typing import Any, NamedTuple

from idonethis_cli import logins, notes, teams
from idonethis_cli.locking import alone
from idonethis_cli.notes import Note
from idonethis_cli.server import Later, Refused, Server


class Patience(NamedTuple):
    """Seconds: for one answer, and for all of them."""

    one: float
    all: float


def short() -> Patience:
    """Of who has something else to do; where the way is long, a second does not do."""
    said = os.environ.get("DID_PATIENCE", "")
    seconds = float(said) if said.isdecimal() and int(said) else 1
    return Patience(seconds, seconds)


#: Of who has asked for it.
LONG = Patience(30, 3600)
BUSY = "Another command is sending just now."


def send(patience: Patience) -> dict[str, str]:
    """Returns for each server, at which something stays waiting, why."""
    with alone("sending", within=patience.one) as mine:
        if not mine:
            return {"": BUSY}
        sender = Sender(patience)
        while due := sender.due():
            for note in due:
                sender.send(note)
        notes.forget()
        return sender.troubles


class Sender:
    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self.until = time.monotonic() + patience.all
        self.troubles: dict[str, str] = {}
        self.known: dict[str, tuple[Server, list[dict[str, Any]]]] = {}

    def due(self) -> list[Note]:
        """Where one has to wait, those behind it wait, too."""
        return [note for note in notes.all_of("waiting") if address(note) not in self.troubles]

    def send(self, note: Note) -> None:
        url = address(note)
        if url in self.troubles:
            return
        try:
            self._send(note, url)
        except Refused as problem:
            note.move("refused", reason=str(problem))
        except Later as problem:
            self.troubles[url] = str(problem)
        except (KeyError, TypeError):
            self.troubles[url] = f"{url} answered in a way that is not understood."

    def _send(self, note: Note, url: str) -> None:
        server, known = self._server(url)
        said = note.fields.get("team", "")
        team = teams.chosen(known, said) if said else teams.usual(server, known)
        made = server.ask("POST", "/entries", note.asked | {"team_id": team}).said
        note.move("sent", server=url, hash_id=made["hash_id"], page=made["page"])

    def _server(self, url: str) -> tuple[Server, list[dict[str, Any]]]:
        if not url:
            raise Later("No server is known yet: did login https://log.example.org")
        if time.monotonic() > self.until:
            raise Later("There are many.")
        if url not in self.known:
            server = Server(url, self.patience.one)
            self.known[url] = server, teams.of(server)
        return self.known[url]


def address(note: Note) -> str:
    return note.fields.get("server") or logins.usual()
