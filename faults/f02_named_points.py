"""F2: the server dies at the very points at which a death could do harm."""

from __future__ import annotations

from subprocess import TimeoutExpired

from faults.apart import Member
from faults.fault import Room, fault
from faults.stage import IN_HAND, Stage
from idonethis.crashes import POINTS, STATUS

RATE = 5
#: What goes out must not wait for its turn at the partner, which takes any number here.
AT_ONCE = {"PACED": "0"}
#: How soon what a dead one had in hand is taken up, and then sent on, in real seconds; together
#: less than the lease of a hook, for the only server there is need not wait for it.
SOON = 10


@fault("F2", "death at named points", room=Room.LITTLE, clocked=True)
def play(stage: Stage) -> None:
    for _ in range(stage.pick(short=1, long=2)):
        for point in POINTS:
            _die(stage, point)
    stage.compare()
    stage.verdict.must(
        stage.verdict.acknowledged == stage.verdict.sent, "not everything was acknowledged"
    )


def _die(stage: Stage, point: str) -> None:
    """Where several work, it comes to that point alone, and all take up what it had in hand."""
    stage.verdict.blows += 1
    stage.excused += IN_HAND
    worker, *others = stage.servers.those("work")
    times = stage.chance.randint(2, 6)
    for each in (worker, *others):
        each.kill()
        each.env |= AT_ONCE
    worker.env |= {"CRASH_AT": f"{point}:{times}", "ALLOW_CRASHES": "1"}
    worker.start()
    name = f"{point}-{stage.verdict.blows}"
    with stage.load(RATE, stage.sender("couriers/webhook", name=name).next):
        _await_death(stage, worker, point)
        del worker.env["CRASH_AT"]
        stage.servers.start()
    _resume(stage, point)


def _await_death(stage: Stage, worker: Member, point: str) -> None:
    try:
        status = worker.process.wait(60)
    except TimeoutExpired:
        stage.verdict.must(False, f"nobody died at {point}")
        worker.kill()
    else:
        stage.verdict.must(status == STATUS, f"at {point} it ended with {status}")


def _resume(stage: Stage, point: str) -> None:
    stage.lapse()
    taken_up = stage.rests(patience=SOON)
    stage.verdict.must(taken_up, f"what was in hand at {point} was not taken up")
