"""F4: the database stops, is cut, or is locked by somebody else, while hooks come in."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from faults.databases import Postgres
from faults.fault import Room, fault
from faults.stage import Stage

RATE = 100
#: How soon hooks must be taken again once it is back, in seconds.
SOON = 5
#: Longer than hooks wait for a lock, twice: who comes again waits again.
LOCKED = 14


@fault("F4", "database away", room=Room.LITTLE, breaks_database=True)
def play(stage: Stage) -> None:
    with stage.load(RATE, patience=LOCKED + 5):
        time.sleep(1)
        if isinstance(stage.database, Postgres):
            _cut_again_and_again(stage, stage.database)
        else:
            _lock_both(stage)
    stage.settle()
    stage.compare()
    verdict = stage.verdict
    verdict.must(stage.servers.all_run, "a server had to be started again")
    verdict.must(stage.database.is_sound(stage.data), "the database is damaged")
    verdict.must(verdict.acknowledged == verdict.sent, "not everything was acknowledged")


def _cut_again_and_again(stage: Stage, database: Postgres) -> None:
    for number in range(stage.pick(short=3, long=6)):
        how = ("fast", "immediate", "kill")[number % 3]
        with _outage(stage):
            database.cut(how)
            # The children of a postmaster that was killed end a moment later.
            time.sleep(2 if how == "kill" else 0.2)
            _refuse(stage, stage.pick(short=3, long=stage.chance.uniform(5, 20)))
            database.start_again()


def _lock_both(stage: Stage) -> None:
    for _ in range(stage.pick(short=1, long=2)):
        with _outage(stage), _locked(stage, "inbox"):
            # What was let in before it was locked waits for the lock, and is refused then.
            time.sleep(0.5)
            _refuse(stage, LOCKED)
    began = time.time()
    with _locked(stage, "log"):
        time.sleep(3)
    taken = [each for each in stage.ledger.between(began, time.time()) if each.acknowledged]
    stage.verdict.must(
        len(taken) > RATE / 2, "while the log alone was locked, hooks were not taken"
    )


@contextmanager
def _locked(stage: Stage, file: str) -> Iterator[None]:
    path = stage.data / f"{file}.sqlite3"
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@contextmanager
def _outage(stage: Stage) -> Iterator[None]:
    """Hooks are taken again soon afterwards."""
    stage.verdict.blows += 1
    yield
    stage.expect_acks(SOON)
    time.sleep(1)


def _refuse(stage: Stage, seconds: float) -> None:
    """For so long nobody hears 2xx, and everybody hears when to come back."""
    began = time.time()
    time.sleep(seconds)
    heard = stage.ledger.between(began, time.time())
    must = stage.verdict.must
    must(bool(heard), "nobody heard anything while it was away")
    must(not any(each.acknowledged for each in heard), "acknowledged while it was away")
    wrong = {each.status for each in heard if not each.is_later and not each.acknowledged}
    must(not wrong, f"senders heard {sorted(wrong)} while it was away, not 503 with Retry-After")
