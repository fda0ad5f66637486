"""F5: the disk is full."""

from __future__ import annotations

import time

from faults.databases import Postgres
from faults.fault import Room, fault
from faults.stage import Stage

RATE = 100
#: How soon hooks must be taken again once there is room, in seconds.
SOON = 10


@fault("F5", "disk full", room=Room.LITTLE, small_disk=True)
def play(stage: Stage) -> None:
    """The log of the terminal lies on the same disk: that it cannot be written stops nothing."""
    assert stage.disk
    pid = stage.site.process.pid
    with stage.load(RATE):
        for _ in range(stage.pick(short=1, long=2)):
            time.sleep(2)
            stage.disk.fill(pid)
            _hold(stage, stage.pick(short=5, long=20))
            stage.disk.free(pid)
            _recover(stage)
    stage.settle()
    stage.compare()
    verdict = stage.verdict
    verdict.must(stage.servers.all_run, "a server ended")
    verdict.must(stage.database.is_sound(stage.data), "the database is damaged")
    verdict.must(verdict.acknowledged == verdict.sent, "not everything was acknowledged")


def _hold(stage: Stage, seconds: float) -> None:
    """Whoever is acknowledged all the same is in the comparison; the others are told to come
    back."""
    stage.verdict.blows += 1
    began = time.time()
    time.sleep(seconds)
    heard = stage.ledger.between(began, time.time())
    wrong = {each.status for each in heard if not each.acknowledged and not each.is_later}
    stage.verdict.must(
        any(each.is_later for each in heard), "nobody was refused: the disk was not full"
    )
    stage.verdict.must(not wrong, f"senders heard {sorted(wrong)}, not 503 with Retry-After")


def _recover(stage: Stage) -> None:
    """PostgreSQL itself ends where it cannot write its own log, and somebody starts it again."""
    if isinstance(stage.database, Postgres) and not stage.database.is_running:
        stage.database.start_again()
    stage.expect_acks(SOON)
