"""F7: the partner is gone for a day."""

from __future__ import annotations

import time

from faults.calls import densest, to_channel, within_wait
from faults.fault import Room, fault
from faults.stage import Stage
from faults.template import POSTING

CHANNEL = POSTING["couriers"].partition("|")[0]
DAY = 24 * 3600
#: What the channel takes at once, before it takes one a second.
BURST = 5
#: The longest that a link which waits leaves the partner in peace, in seconds.
LONGEST_WAIT = 900
#: Less than the lease of a line, in seconds.
STEP = 150


@fault("F7", "partner gone for a day", room=Room.LITTLE, clocked=True)
def play(stage: Stage) -> None:
    hours = stage.pick(short=6, long=24)
    stage.slack.stop()
    sender = stage.sender("couriers/webhook").next
    for _ in range(hours):
        stage.send(sender, stage.pick(short=4, long=8))
        stage.settle_receipts()
        _forward(stage, DAY / hours)
    stage.verdict.blows = 1
    stage.slack.settings["burst"] = str(BURST)
    back = stage.clock.now()
    stage.slack.start()
    _pass(stage, LONGEST_WAIT)
    stage.settle(patience=60 + 3 * len(stage.ledger.sent))
    stage.compare()
    _judge(stage, back)


def _pass(stage: Stage, seconds: int) -> None:
    for _ in range(seconds // STEP):
        _forward(stage, STEP)


def _forward(stage: Stage, seconds: float) -> None:
    """Not within a call: whoever is in the middle of one must not find that its lease is over, and
    somebody else in it. No call of the product's lasts that long."""
    time.sleep(0.5)
    stage.await_calls()
    stage.clock.forward(seconds)


def _judge(stage: Stage, back: float) -> None:
    posted = stage.posts("couriers")
    stage.verdict.must(not posted.disorder, f"{posted.disorder} came before an older one")
    calls = to_channel(stage.slack.calls(), CHANNEL)
    early = within_wait(calls, 1)
    stage.verdict.must(not early, f"{early} calls came before Retry-After was over")
    taken = [call for call in calls if call["status"] == 200]
    most = densest(taken, 10)
    stage.verdict.must(len(calls) < 2.5 * len(taken), "it was asked again and again")
    took = calls[-1]["at"] - back if calls else 0
    stage.verdict.note = f"{len(taken)} in {took:.0f} s, at most {most} within ten seconds"
