"""What was acknowledged is there after any death of the process, and once."""

from __future__ import annotations

import random
import time

import pytest

from tests.faults.partner import RATE, Partner
from tests.site import Site

pytestmark = pytest.mark.slow

KILLS = 10


def test_ten_deaths_under_load_lose_nothing_and_double_nothing(tmp_path):
    chance = random.Random(1815)
    site = Site(tmp_path / "data").start()
    site.run("user", "add", "ada@example.org", "--name", "Ada Lovelace")
    site.run("team", "add", "Engines")
    site.run("member", "add", "engines", "ada@example.org", "--role", "admin")
    partner = Partner(site.told("link", "add", "webhook", "--team", "engines"))
    partner.start()
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.5, 1.5))
        site.kill()
        site.start()
    partner.stop()
    receipts = site.settle(60)
    bodies = [entry["body"] for entry in site.entries("engines")]
    logged = {body.rpartition(" ")[2] for body in bodies}
    assert {receipt["outcome"] for receipt in receipts} == {"created"}
    assert len(partner.acknowledged) > KILLS * RATE / 4
    assert partner.acknowledged - logged == set(), "lost"
    assert logged - partner.sent == set(), "phantom"
    assert len(bodies) == len(logged), "doubled"
    print(f"{len(partner.acknowledged)} acknowledged, {len(bodies)} entries, {KILLS} kills")
    assert site.stop() == 0
