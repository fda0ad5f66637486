"""What a fault is played on: a copy of the template, running, with a driver and a pretend partner
beside it, and the comparison at the end."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

import zstandard

from faults.apart import Member, Servers
from faults.clock import Clock
from faults.databases import Database, Sqlite
from faults.disk import Disk
from faults.ledger import Ledger
from faults.load import Load, Next, mixed, send
from faults.oracle import Posted, bodies, judge, posted
from faults.partner import Partner
from faults.senders import KINDS, Sender
from faults.template import PLACE, POSTING, TEAMS, Template, run, settings
from faults.verdict import Verdict

#: How long what was stored may take until it is processed, in seconds.
PATIENCE = 120
#: How long it is waited for what is late, if it moves.
LATEST = 600
#: How long the rows of a dead server are kept for it, in seconds: the longer of two.
LEASE = 180
#: Where requests are stored; on SQLite in the first of these alone.
REQUESTS = ("integrations_receipt", "integrations_request")
#: How many posts a server has in hand at once: if it dies, the partner may have got each of them,
#: and nobody knows.
IN_HAND = 4
#: How much each link sends of the whole.
WEIGHTS = {
    "engines/github": 6,
    "engines/webhook": 5,
    "engines/slack": 2,
    "looms/github": 4,
    "looms/webhook": 2,
    "couriers/webhook": 0.5,
}


@dataclass
class Stage:
    """``short`` is the form that takes seconds. ``database`` may be another one than the template's
    own, where a fault breaks it for good."""

    template: Template
    database: Database
    folder: Path
    verdict: Verdict
    chance: Random
    short: bool
    rate: int
    clock: Clock | None = None
    disk: Disk | None = None

    def __post_init__(self) -> None:
        self.place = self.folder.name.lower()
        self.data = (self.folder / "disk" if self.disk else self.folder) / "data"
        self.ledger = Ledger(self.folder / "ledger.jsonl")
        self.slack = Partner("slack", self.folder, env=self._time, **{"token-lifetime": "43200"})
        self.servers = Servers(self.data)

    @property
    def _time(self) -> dict[str, str]:
        return self.clock.env if self.clock else {}

    def prepare(self) -> None:
        shutil.copytree(self.template.data, self.data)
        shutil.copy(self.template.slack.state, self.slack.state)
        self.database.copy(PLACE, self.place)
        self.slack.start()

    def serve(self, *parts: str, **more: str) -> None:
        """As it is done on this database, or in these parts."""
        self.servers.add(parts or self.database.parts, **{**self.settings, **more})

    def serve_more(self) -> None:
        """Another server, where any number may run and there is only one."""
        self.servers.add(self.database.more, **self.settings)

    @property
    def settings(self) -> dict[str, str]:
        """What every process of this stage is told."""
        return {**settings(self.slack), **self.database.settings(self.place), **self._time}

    @property
    def site(self) -> Member:
        """The first that serves pages; where there is one process, that."""
        return self.servers.those("web")[0]

    @property
    def door(self) -> Member:
        """The first that takes hooks."""
        return self.servers.those("ingest")[0]

    def pick(self, short: Any, long: Any) -> Any:
        return short if self.short else long

    def sender(self, link: str, *, name: str = "") -> Sender:
        route = self.template.routes[link]
        return KINDS[link.partition("/")[2]](route, self.chance, name=name)

    @cached_property
    def everything(self) -> Next:
        """All kinds of hooks over all links, by weight."""
        senders = {self.sender(link).next: weight for link, weight in WEIGHTS.items()}
        return mixed(senders, self.chance)

    def load(self, rate: float, following: Next | None = None, **more: Any) -> Load:
        ports, following = self.servers.ports("ingest"), following or self.everything
        return Load(self.ledger, following, ports=ports, rate=rate, **more)

    def send(self, following: Next, count: int) -> list[str]:
        """So many, one after the other; returns what they say."""
        sendings = [following() for _ in range(count)]
        asyncio.run(send(sendings, self.ledger, port=self.door.port))
        return [said.text for sending in sendings for said in sending.means]

    def await_posts(self, team: str, texts: list[str], *, within: float) -> bool:
        """Whether all of these are in the channel of this team in so many seconds."""
        channel, until = POSTING[team].partition("|")[2], time.monotonic() + within
        while time.monotonic() < until:
            if set(texts) <= set(bodies(self.slack.messages(channel))):
                return True
            time.sleep(0.2)
        return False

    def expect_acks(self, seconds: float) -> None:
        """From now on hooks are taken again, the first within so many seconds."""
        began, until = time.time(), time.monotonic() + seconds
        while time.monotonic() < until:
            if any(each.acknowledged and each.began > began for each in list(self.ledger.tries)):
                return
            time.sleep(0.05)
        self.verdict.must(False, f"no hook was taken within {seconds} s of its return")

    def count(self, question: str) -> int:
        return int(self.ask(question)[0][0])

    def ask(self, question: str) -> list[Any]:
        return self.database.ask(question, self.data, self.place)

    def settle(self, *, patience: float = PATIENCE) -> None:
        """Waits until everything that was stored is processed and sent on, which it has to be. What
        is late is not lost: while anything moves, it is waited for all the same."""
        if not self.rests(patience=patience):
            left = self._waiting_receipts(), self._waiting_deliveries()
            self.verdict.broken.append("{} hooks and {} posts still waited".format(*left))
            self.until(lambda: self._is_through() or self._stands_still(10), LATEST)

    def rests(self, *, patience: float) -> bool:
        """Whether everything is through within so many seconds, each for what came in and for what
        goes out."""
        self.until(lambda: not self._waiting_receipts(), patience)
        self.until(self._is_through, patience)
        return self._is_through()

    def _is_through(self) -> bool:
        return not (self._waiting_receipts() or self._waiting_deliveries())

    def lapse(self) -> None:
        """What a dead server had in hand is taken up when its lease is over, and by the only server
        there is at once. What the living have in hand is not to be taken from them."""
        if is_sqlite(self):
            return
        assert self.clock
        self.until(self._stands_still, PATIENCE)
        self.clock.forward(LEASE)

    def _stands_still(self, seconds: float = 2) -> bool:
        """Whether nobody does anything for so long, though something may be due."""
        before = self._waiting_receipts(), self._waiting_deliveries()
        time.sleep(seconds)
        return before == (self._waiting_receipts(), self._waiting_deliveries())

    def await_calls(self) -> None:
        """Waits until nothing is on its way to a partner."""
        table = "integrations_integrationlink"
        carried = f"SELECT count(*) FROM {table} WHERE carried_until IS NOT NULL"
        self.until(lambda: not self.count(carried), PATIENCE)

    def settle_receipts(self) -> None:
        self.until(lambda: not self._waiting_receipts(), PATIENCE)

    def until(self, done: Callable[[], bool], patience: float) -> None:
        """Waits for it, or for so many seconds."""
        until = time.monotonic() + patience
        while not done() and time.monotonic() < until:
            time.sleep(0.2)

    def _waiting_receipts(self) -> int:
        return self.count("SELECT count(*) FROM integrations_receipt WHERE state = 'due'")

    def _waiting_deliveries(self) -> int:
        return self.count("SELECT count(*) FROM integrations_delivery WHERE state = 'due'")

    def logs(self, teams: list[str]) -> dict[str, list[dict[str, Any]]]:
        printed = run(self.site, [["entries", team, "--json"] for team in teams])
        return dict(zip(teams, map(json.loads, printed), strict=True))

    def compare(self, *, without: str = "", outgoing: bool = True) -> None:
        """Fills the verdict with what the driver, the partner and the log say; ``without``: a team
        that is left out."""
        self._compare_ledger(self.logs([team for team in TEAMS if team != without]))
        self._compare_receipts()
        posts = [self.posts(team) for team in POSTING] if outgoing else []
        self.verdict.out_lost += sum(each.lost for each in posts)
        twice = sum(each.doubled for each in posts)
        self.verdict.out_doubled += max(0, twice - self.excused)
        if self.excused:
            self.verdict.note = f"{twice} posts stand twice, of {self.excused} that may"
        acks = self.ledger.acks()
        self.verdict.longest_ack = acks[-1] if acks else 0

    #: Posts whose answer got lost: those may stand at the partner twice.
    excused = 0

    def _compare_ledger(self, logs: dict[str, list[dict[str, Any]]]) -> None:
        ledger, verdict = self.ledger, self.verdict
        found = judge(ledger.sent.values(), ledger.acknowledged, logs)
        verdict.sent, verdict.acknowledged = len(ledger.sent), len(ledger.acknowledged)
        verdict.lost, verdict.doubled = found.lost, found.doubled
        verdict.phantom, verdict.wrong = found.phantom, found.wrong
        verdict.examples += found.examples

    def _compare_receipts(self) -> None:
        question = "SELECT count(*) FROM integrations_receipt WHERE state <> 'done'"
        self.verdict.stuck = self.count(question)
        identity = "integration_type, link_id, delivery_key"
        stored = self.ask(f"SELECT {identity} FROM integrations_receipt")
        self.verdict.doubled += len(stored) - len(set(stored))
        missing = self._without_a_row(self.ledger.acknowledged - {key for *_, key in stored})
        self.verdict.lost = max(self.verdict.lost, missing)

    def _without_a_row(self, missing: set[str]) -> int:
        """How many of these were acknowledged without being stored. Where a body names no delivery,
        the row has a name of the product's own making, and is known by the body."""
        if not missing:
            return 0
        bodies = {_digest(_body(request)) for request in self._requests()}
        return sum(_digest(self.ledger.sent[id].body) not in bodies for id in missing)

    def _requests(self) -> Iterator[bytes]:
        """As they are stored: in the rows of their receipts, and on PostgreSQL apart from them."""
        for table in REQUESTS[:1] if is_sqlite(self) else REQUESTS:
            found = self.ask(f"SELECT request FROM {table} WHERE length(request) > 0")
            yield from (bytes(request) for (request,) in found)

    def lags(self, team: str) -> dict[str, float]:
        """How long each hook of this team took from when it was first sent until its entry stood,
        in seconds, by the delivery's id."""
        which = f"SELECT id FROM teams_team WHERE slug = '{team}'"
        rows = self.ask(f"SELECT body, created_at FROM entries_entry WHERE team_id IN ({which})")
        stood = {body: instant(at) for body, at in rows}
        began = {each.id: each.began for each in reversed(self.ledger.tries)}
        sent = [each for each in self.ledger.sent.values() if each.means]
        there = [each for each in sent if each.means[0].text in stood]
        return {each.id: stood[each.means[0].text] - began[each.id] for each in there}

    def posts(self, team: str) -> Posted:
        """What should have gone out to the channel of this team, oldest first, and what did."""
        channel = POSTING[team].partition("|")[2]
        which = f"SELECT id FROM teams_team WHERE slug = '{team}'"
        due = self.ask(f"SELECT body FROM entries_entry WHERE team_id IN ({which}) ORDER BY id")
        return posted([body for (body,) in due], self.slack.messages(channel))

    def end(self) -> None:
        """No server is left."""
        self.verdict.must(self.servers.end(), "a server did not end in order")

    def close(self) -> None:
        self.end()
        self.slack.stop()
        self.ledger.close()


def _body(request: bytes) -> bytes:
    """Of a request as the product keeps it: a line of JSON, then the body."""
    return zstandard.decompress(request).partition(b"\n")[2]


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


def instant(value: datetime | str) -> float:
    """SQLite keeps instants as text, in UTC."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(f"{value}+00:00")
    return at.timestamp()


def is_sqlite(stage: Stage) -> bool:
    return isinstance(stage.database, Sqlite)
