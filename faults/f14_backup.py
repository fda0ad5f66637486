"""F14: a backup under load, and the way back from it."""

from __future__ import annotations

import subprocess
import sys
import time

from faults.fault import Skipped, fault
from faults.stage import Stage

RATE = 100


@fault("F14", "backup and restore")
def play(stage: Stage) -> None:
    """What was acknowledged before the backup began is in it, once, and nothing goes out again by
    itself."""
    _need_commands(stage)
    backup = stage.folder / "backup"
    with stage.load(RATE):
        time.sleep(stage.pick(short=3, long=60))
        before = set(stage.ledger.acknowledged)
        stage.site.run("backup", str(backup))
        time.sleep(2)
    stage.settle()
    stage.verdict.blows = 1
    stage.site.stop()
    stage.site.run("restore", str(backup), "--over")
    stage.site.start()
    posts = len(stage.slack.calls("chat.postMessage"))
    stage.settle_receipts()
    stage.ledger.acknowledged &= before
    stage.compare(outgoing=False)
    time.sleep(3)
    again = len(stage.slack.calls("chat.postMessage")) - posts
    stage.verdict.must(not again, f"{again} entries went out though nobody had resumed it")
    stage.site.run("resume-outgoing")
    stage.settle()
    held = stage.count("SELECT count(*) FROM integrations_delivery WHERE state = 'held'")
    stage.verdict.must(not held, f"{held} entries are still held after it was resumed")
    stage.verdict.note = f"{len(before)} of {len(stage.ledger.sent)} before the backup"


def _need_commands(stage: Stage) -> None:
    for name in ("backup", "restore", "resume-outgoing"):
        command = [sys.executable, "-m", "idonethis", name, "--help"]
        if subprocess.run(command, env=stage.site.env, capture_output=True).returncode:
            raise Skipped(f"there is no command “idonethis {name}”")
