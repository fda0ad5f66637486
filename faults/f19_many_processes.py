"""F19: many processes, of which any dies at any time, and a broker that is away for a while."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from faults.broker import RabbitMQ
from faults.databases import APART
from faults.fault import Room, Skipped, fault
from faults.stage import IN_HAND, Stage, is_sqlite

#: How long the broker is away, in seconds.
AWAY = 10
#: Whoever works looks by itself each second, and then has to read what it finds.
LATE = 1 + 4
RATE = 15


@fault("F19", "many processes and no broker", room=Room.LITTLE, clocked=True)
def play(stage: Stage) -> None:
    if is_sqlite(stage):
        raise Skipped("SQLite bears only one process")
    if not RabbitMQ.is_installed():
        raise Skipped("RabbitMQ is not installed here")
    with _woken(stage) as broker:
        with stage.load(RATE):
            _kill(stage)
            worst = _without_broker(stage, broker)
            _kill(stage)
        stage.excused = stage.verdict.blows * IN_HAND
        stage.lapse()
        stage.settle()
        stage.compare()
    stage.verdict.note += f"; without the broker, entries were late by {worst:.1f} s at most"
    must = stage.verdict.must
    must(stage.verdict.acknowledged == stage.verdict.sent, "not everything was acknowledged")


@contextmanager
def _woken(stage: Stage) -> Iterator[RabbitMQ]:
    """By this broker many processes are, in place of what served so far, for the length of a with
    block."""
    stage.end()
    with ExitStack() as after:
        broker = RabbitMQ()
        after.callback(broker.stop)
        broker.start()
        after.callback(stage.end)
        stage.serve(*APART, BROKER_URL=broker.url)
        yield broker


def _kill(stage: Stage) -> None:
    """Any of them, one after the other; each comes back."""
    for _ in range(stage.pick(short=3, long=20)):
        time.sleep(stage.chance.uniform(0.2, 1.0))
        victim = stage.chance.choice(stage.servers.members)
        victim.kill()
        victim.start()
        stage.verdict.blows += 1


def _without_broker(stage: Stage, broker: RabbitMQ) -> float:
    """It is gone from one moment to the next; entries are late by a moment all the same, once who
    was killed is back at work. Returns how late the latest of them was, in seconds."""
    stage.until(lambda: all(member.is_ready for member in stage.servers.members), 120)
    stage.until(lambda: stage.count(WAITING) < RATE, 60)
    began = time.time()
    broker.kill()
    stage.verdict.blows += 1
    time.sleep(AWAY)
    ended = time.time()
    broker.start()
    lags = _lags(stage, began, ended)
    stage.verdict.must(len(lags) > AWAY, "too little came in while the broker was away")
    worst = max(lags, default=0)
    stage.verdict.must(worst < LATE, f"without the broker, an entry was {worst:.1f} s late")
    return worst


#: What waits, also for somebody who is dead.
WAITING = "SELECT count(*) FROM integrations_receipt WHERE state = 'due'"


def _lags(stage: Stage, began: float, ended: float) -> list[float]:
    """Of what came in meanwhile, and not in the last moment."""
    first = {each.id: each.began for each in reversed(stage.ledger.tries)}
    found = stage.lags("engines") | stage.lags("looms")
    return [lag for id, lag in found.items() if began < first[id] < ended - LATE]
