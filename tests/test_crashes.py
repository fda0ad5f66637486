from __future__ import annotations

import os
import subprocess
import sys

import pytest

from idonethis import crashes
from idonethis.env import Misconfigured

THRICE = (
    "from idonethis.crashes import may_crash as at\nfor n in '123': at('after_entry'); print(n)"
)


def run(**settings):
    done = subprocess.run(
        [sys.executable, "-c", THRICE], env=os.environ | settings, capture_output=True, text=True
    )
    return done.returncode, done.stdout.split()


def test_a_point_that_nobody_has_chosen_does_nothing():
    assert run() == (0, ["1", "2", "3"])
    assert run(CRASH_AT="after_claim", ALLOW_CRASHES="1") == (0, ["1", "2", "3"])


def test_the_process_ends_when_the_point_is_reached_for_the_chosen_time():
    assert run(CRASH_AT="after_entry", ALLOW_CRASHES="1")[0] == crashes.STATUS
    status, printed = run(CRASH_AT="after_entry:2", ALLOW_CRASHES="1", PYTHONUNBUFFERED="1")
    assert (status, printed) == (crashes.STATUS, ["1"])


def test_nobody_crashes_who_has_not_allowed_it(monkeypatch):
    monkeypatch.delenv("ALLOW_CRASHES", raising=False)
    with pytest.raises(Misconfigured, match="ALLOW_CRASHES=1"):
        crashes._chosen("after_claim")


def test_a_point_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("ALLOW_CRASHES", "1")
    with pytest.raises(Misconfigured, match="CRASH_AT=lunch is none of after_claim"):
        crashes._chosen("lunch")
