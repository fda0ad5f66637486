"""What was acknowledged is there after any death of the process, and once."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import threading
import time

import httpx
import pytest

from tests.site import Site

pytestmark = pytest.mark.slow

KILLS = 10
RATE = 200


class Partner:
    """Sends signed hooks from outside at a steady rate, and keeps a ledger: what was sent, and
    what was acknowledged. As many partners do, it sends again what was not."""

    def __init__(self, link) -> None:
        self.link = link
        self.sent: set[str] = set()
        self.acknowledged: set[str] = set()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._send, args=(n,)) for n in range(8)]

    def _send(self, lane: int) -> None:
        number = 0
        with httpx.Client(timeout=5) as client:
            while not self.stopping.is_set():
                began = time.monotonic()
                name = f"{lane}-{number}"
                if self._posted(client, name):
                    self.acknowledged.add(name)
                    number += 1
                time.sleep(max(0, len(self.threads) / RATE - (time.monotonic() - began)))

    def _posted(self, client, name: str) -> bool:
        self.sent.add(name)
        body = json.dumps({"text": f"Turned the crank {name}", "id": name}).encode()
        digest = hmac.new(self.link["secret"].encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Signature-256": f"sha256={digest}", "X-Delivery-Id": name}
        try:
            answer = client.post(self.link["hook_url"], content=body, headers=headers)
        except httpx.HTTPError:
            return False
        assert answer.status_code in (200, 503)
        return answer.status_code == 200

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()


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
