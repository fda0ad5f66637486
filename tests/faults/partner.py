"""A partner that sends a link steadily, where a test wants no more than that."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time

import httpx

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
