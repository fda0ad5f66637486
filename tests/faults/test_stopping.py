"""A process that is told to stop, or dies, while hooks come in many at a time on each connection:
what was acknowledged is stored, once."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from faults.databases import Postgres, Sqlite
from faults.senders import Webhook
from faults.sending import Route
from idonethis.integrations.tests.ingest.wire import Line, answers
from tests.installed import engines, install
from tests.site import Site

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[Sqlite, Postgres], ids=["SQLite", "PostgreSQL"])
def database(request):
    made = request.param()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def place(tmp_path_factory, database):
    """A server with a team and a link, that each test finds running; with what to send there."""
    folder = tmp_path_factory.mktemp("place")
    database.create("place")
    site = Site(folder / "data", HOOK_RATE="0", **database.settings("place"))
    if isinstance(database, Sqlite):
        install(site, like=engines())
    site.start()
    if isinstance(database, Postgres):
        site.run("team", "add", "Engines")
    link = site.told("link", "add", "webhook", "--team", "engines")
    path = link["hook_url"].removeprefix(site.url)
    route = Route("engines/webhook", "engines", path, link["secret"])
    yield site, Webhook(route, Random(1815))
    if site.process.poll() is None:
        site.kill()


@pytest.fixture
def site(place):
    site, _ = place
    return site if site.process.poll() is None else site.start()


@pytest.fixture
def sender(place):
    return place[1]


class Crowd:
    """Connections that write twenty hooks in one breath, and the next twenty before those are
    answered. Ends with the server."""

    def __init__(self, port: int, sender: Webhook, *, many: int = 6) -> None:
        self._sender, self._lock = sender, threading.Lock()
        self.lines = [Line(port) for _ in range(many)]
        self.sent: list[list[str]] = [[] for _ in self.lines]
        told = [(self._write, number) for number in range(many)]
        told += [(self._read, number) for number in range(many)]
        self._threads = [threading.Thread(target=do, args=(number,)) for do, number in told]
        self._ending = threading.Event()
        for thread in self._threads:
            thread.start()

    def _write(self, number: int) -> None:
        while not self._ending.is_set():
            with self._lock:
                sendings = [self._sender.next() for _ in range(20)]
            self.sent[number] += [sending.id for sending in sendings]
            self.lines[number].say(b"".join(sending.request for sending in sendings))
            time.sleep(0.02)

    def _read(self, number: int) -> None:
        self.lines[number].hears_all()
        self._ending.set()

    def await_answers(self, count: int) -> None:
        until = time.monotonic() + 30
        while sum(line.heard.count(b"HTTP/1.1 ") for line in self.lines) < count:
            assert time.monotonic() < until, "Hardly anybody is answered."
            time.sleep(0.05)

    def acknowledged(self) -> list[str]:
        """After the server has ended."""
        found = []
        for thread in self._threads:
            thread.join()
        for line, ids in zip(self.lines, self.sent, strict=True):
            said = answers(line.heard)
            assert {answer.status for answer in said} <= {200}
            found += [id for id, _ in zip(ids, said, strict=False)]
            line.close()
        return found


def stored(site, database) -> list[str]:
    rows = database.ask("SELECT delivery_key FROM integrations_receipt", site.data, "place")
    return [key for (key,) in rows]


@pytest.mark.parametrize("how", ["SIGTERM", "SIGKILL"])
def test_what_was_acknowledged_is_stored_once(site, database, sender, how):
    before = set(stored(site, database))
    crowd = Crowd(site.port, sender)
    crowd.await_answers(300)
    site.process.send_signal(getattr(signal, how))
    status = site.process.wait(30)
    acknowledged = crowd.acknowledged()
    kept = [key for key in stored(site, database) if key not in before]
    assert len(acknowledged) > 100
    assert len(kept) == len(set(kept)) and len(acknowledged) == len(set(acknowledged))
    if how == "SIGKILL":
        assert set(acknowledged) <= set(kept)
    else:
        assert (status, set(acknowledged) ^ set(kept)) == (0, set())
    print(f"{how}: {len(acknowledged)} acknowledged, {len(kept)} stored")


class Stalled:
    """A database that answers nobody, as long as this is entered."""

    def __init__(self, site: Site, database: Sqlite | Postgres) -> None:
        self.site, self.database = site, database

    def __enter__(self) -> None:
        if isinstance(self.database, Sqlite):
            file = self.site.data / "inbox.sqlite3"
            self.lock = sqlite3.connect(file, timeout=60, isolation_level=None)
            self.lock.execute("BEGIN IMMEDIATE")
        else:
            self._signal(signal.SIGSTOP)

    def __exit__(self, *problem: object) -> None:
        if isinstance(self.database, Sqlite):
            self.lock.close()
        else:
            self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        """To all processes of this PostgreSQL, its head first, so that it makes no new ones."""
        pid = int((Path(self.database._data) / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):
            os.kill(each, number)


def memory(site) -> int:
    """What it holds, in MB."""
    text = Path(f"/proc/{site.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) // 1024


def large(sender) -> bytes:
    """A hook of nearly a megabyte."""
    sending = sender.next()
    body = json.dumps({**json.loads(sending.body), "more": "x" * 900_000}).encode()
    return sender.signed(sending.id, body).request


def test_a_flood_while_the_database_does_not_answer_is_put_off_and_held_nowhere(
    site, database, sender
):
    before, most = memory(site), 0
    raw, lines = large(sender), [Line(site.port) for _ in range(24)]
    with Stalled(site, database):
        writing = [threading.Thread(target=line.say, args=(raw,) * 60) for line in lines]
        for thread in writing:
            thread.start()
        until = time.monotonic() + 7
        while time.monotonic() < until:
            most = max(most, memory(site))
            time.sleep(0.05)
        heard = [answer for line in lines for answer in line.hears(1)]
        assert {(answer.status, answer.headers["retry-after"]) for answer in heard} == {(503, "5")}
        for line in lines:
            line.socket.shutdown(2)
        for thread in writing:
            thread.join()
    for line in lines:
        line.close()
    offered = len(raw) * 60 * len(lines) // 2**20
    print(f"{offered} MB offered; {before} MB before, at most {most} MB")
    assert most - before < 600
    assert taken_again(site, sender, within=10)


def taken_again(site, sender, *, within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        with closing(Line(site.port)) as line:
            if [answer.status for answer in line.say(sender.next().request).hears(1)] == [200]:
                return True
        time.sleep(0.2)
    return False


def test_a_second_signal_ends_it_at_once(site, database, sender):
    with closing(Line(site.port)) as line, Stalled(site, database):
        line.say(sender.next().request)
        time.sleep(0.3)
        site.process.terminate()
        time.sleep(0.5)
        assert site.process.poll() is None
        site.process.terminate()
        assert site.process.wait(2) == -signal.SIGTERM
        assert line.hears_all() == []
