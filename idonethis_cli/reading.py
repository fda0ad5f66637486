"""What was logged."""

from __future__ import annotations

import urllib.parse
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from idonethis_cli import asking, logins, notes, project, teams
from idonethis_cli.ending import Failed
from idonethis_cli.reporting import say_what_waits
from idonethis_cli.screen import as_json, coloured, mark, on_one_line
from idonethis_cli.sending import send, short
from idonethis_cli.server import Server

EXAMPLES = """\
  did log                   today, of your team
  did log --week            since Monday
  did log --mine --json | jq '.[].body'"""


def main(name: str, words: list[str]) -> int:
    asked = asking.parser("did log", "Shows what your team got done.", EXAMPLES)
    span = asked.add_mutually_exclusive_group()
    span.add_argument("--today", action="store_true", help="which it does anyway")
    span.add_argument("--week", action="store_true", help="since Monday")
    asked.add_argument("--team", default="", help="its name or id")
    asked.add_argument("--mine", action="store_true", help="only yours")
    said = asked.parse_args(words)
    troubles = send(short())
    found = _entries(said.team, week=said.week, mine=said.mine)
    if said.json:
        as_json(found)
    else:
        _show(found)
        say_what_waits(list(notes.all_of("waiting")), troubles)
    return 0


def server_here() -> Server:
    """Raises Failed."""
    url = project.here().server or logins.usual()
    if not url:
        raise Failed("No server is known yet: did login https://log.example.org")
    return Server(url, 10)


def _entries(team: str, *, week: bool, mine: bool) -> list[dict[str, Any]]:
    server, today = server_here(), date.today()
    known = teams.of(server)
    said = team or project.here().team
    since = today - timedelta(days=today.weekday()) if week else today
    asked = {"team_id": teams.chosen(known, said) if said else teams.usual(server, known)}
    asked |= {"since": since.isoformat(), "until": today.isoformat(), "page_size": "200"}
    asked |= {"user": "me"} if mine else {}
    return _pages(server, f"/entries?{urllib.parse.urlencode(asked)}")


def _pages(server: Server, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while path:
        answer = server.ask("GET", path)
        found += answer.said
        # Of the address only what stands behind ours: a token goes nowhere else.
        path = answer.older.partition("/api/v2")[2]
    return found


def _show(found: list[dict[str, Any]]) -> None:
    if not found:
        print("Nothing yet.")
    for day, entries in groupby(found, key=lambda entry: entry["occurred_on"]):
        print(coloured(str(day), "1"))
        for entry in entries:
            who = coloured(on_one_line(entry["user"]["full_name"]), "2")
            print(f"  {mark(entry['status'])} {on_one_line(entry['body'])}  {who}")
