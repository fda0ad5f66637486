"""F14: a backup under load, and the way back from it."""

from __future__ import annotations

import asyncio
import time

from faults.fault import Room, fault
from faults.load import send
from faults.stage import Stage
from faults.template import POSTING

RATE = 50


@fault("F14", "backup and restore", room=Room.LITTLE)
def play(stage: Stage) -> None:
    """What was acknowledged before the backup began is in it, once; what came later may come again;
    and nothing goes out again by itself."""
    backup = stage.folder / "backup"
    with stage.load(RATE):
        time.sleep(stage.pick(short=3, long=15))
        before = set(stage.ledger.acknowledged)
        stage.site.run("backup", str(backup))
        time.sleep(1)
    stage.settle()
    stage.verdict.blows = 1
    _restore(stage, str(backup))
    posts = len(_posts(stage))
    _judge_backup(stage, before)
    _send_again(stage)
    again = len(_posts(stage)) - posts
    stage.verdict.must(not again, f"{again} entries went out though nobody had resumed it")
    _resume(stage)
    stage.verdict.note += f"; {len(before)} of {len(stage.ledger.sent)} were acknowledged before it"


def _restore(stage: Stage, backup: str) -> None:
    stage.servers.stop()
    began = time.monotonic()
    stage.site.run("restore", backup, "--over")
    stage.verdict.note = f"restored in {time.monotonic() - began:.1f} s"
    stage.servers.start()


def _posts(stage: Stage) -> list[dict[str, object]]:
    return stage.slack.calls("chat.postMessage")


def _judge_backup(stage: Stage, before: set[str]) -> None:
    stage.settle_receipts()
    everything, stage.ledger.acknowledged = stage.ledger.acknowledged, before
    stage.compare(outgoing=False)
    lost = stage.verdict.lost
    stage.verdict.must(not lost, f"{lost} that were acknowledged before the backup are not in it")
    stage.ledger.acknowledged = everything


def _send_again(stage: Stage) -> None:
    """As a partner may, since it cannot know what was in the backup: afterwards all are there."""
    sendings = list(stage.ledger.sent.values())
    asyncio.run(send(sendings, stage.ledger, port=stage.door.port))
    stage.settle_receipts()
    stage.compare(outgoing=False)
    time.sleep(2)


def _resume(stage: Stage) -> None:
    """What had gone out since the backup goes out once more: the log that was restored cannot know
    of it."""
    stage.site.run("resume-outgoing")
    stage.settle()
    stage.verdict.out_lost = sum(stage.posts(team).lost for team in POSTING)
    due = stage.count("SELECT count(*) FROM integrations_delivery WHERE state <> 'done'")
    stage.verdict.must(not due, f"{due} entries had not gone out after it was resumed")
