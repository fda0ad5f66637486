"""F1: the server is killed again and again while hooks come in."""

from __future__ import annotations

import time

from faults.fault import Room, fault
from faults.stage import IN_HAND, PATIENCE, Stage

#: How long what came in at the rated load may take to be processed, in seconds.
DRAINED = 600


@fault("F1", "kill -9 of the server", room=Room.LITTLE, clocked=True)
def play(stage: Stage) -> None:
    """Where any number of servers may run, there are several, and any of them dies."""
    stage.serve_more()
    kills, rate = stage.pick(short=5, long=20), stage.pick(short=100, long=stage.rate)
    with stage.load(rate):
        for _ in range(kills):
            time.sleep(stage.chance.uniform(0.5, 2.0))
            victim = stage.chance.choice(stage.servers.members)
            victim.kill()
            victim.start()
    stage.verdict.blows, stage.excused = kills, kills * IN_HAND
    stage.lapse()
    stage.settle(patience=stage.pick(short=PATIENCE, long=DRAINED))
    stage.compare()
    stage.verdict.must(
        stage.verdict.acknowledged == stage.verdict.sent, "not everything was acknowledged"
    )
    stage.verdict.must(stage.verdict.sent > kills * rate / 4, "too little was sent to say much")
