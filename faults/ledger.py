"""What the driver did and what it heard, kept outside of the system that is tested."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from faults.sending import Sending

#: How often the file is forced to the disk, in seconds.
FORCED = 0.2


class Try(NamedTuple):
    """One attempt at one delivery. ``status`` 0: nothing was heard. ``retry_after`` is what came
    with a refusal."""

    id: str
    link: str
    status: int
    began: float
    took: float
    retry_after: str

    @property
    def acknowledged(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_later(self) -> bool:
        """It was told to come back, and when."""
        return self.status in (429, 503) and self.retry_after.isdecimal()


class Ledger:
    """A line for each delivery before it is sent, and one for each answer. The lines outlive the
    driver at once, and the machine within a fifth of a second."""

    def __init__(self, path: Path) -> None:
        self.sent: dict[str, Sending] = {}
        self.tries: list[Try] = []
        self.acknowledged: set[str] = set()
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        self._closing = threading.Event()
        self._forcing = threading.Thread(target=self._force, name="ledger", daemon=True)
        self._forcing.start()

    def _force(self) -> None:
        while not self._closing.wait(FORCED):
            os.fsync(self._file)

    def send(self, sending: Sending) -> None:
        self.sent[sending.id] = sending
        digest = hashlib.sha256(sending.body).hexdigest()
        self._write(id=sending.id, link=sending.link, sent_at=time.time(), sha256=digest)

    def hear(self, sending: Sending, status: int, *, began: float, retry_after: str = "") -> Try:
        """``began``: seconds since the epoch."""
        took = time.time() - began
        heard = Try(sending.id, sending.link, status, began, took, retry_after)
        self.tries.append(heard)
        if heard.acknowledged:
            self.acknowledged.add(sending.id)
        self._write(id=sending.id, status=status, ack_at=began + took)
        return heard

    def _write(self, **line: object) -> None:
        os.write(self._file, json.dumps(line).encode() + b"\n")

    def close(self) -> None:
        self._closing.set()
        self._forcing.join()
        os.fsync(self._file)
        os.close(self._file)

    def heard(self, wanted: Callable[[Try], bool] = lambda _: True) -> list[Try]:
        return [each for each in list(self.tries) if wanted(each)]

    def acks(self, *, link: str = "") -> list[float]:
        """How long acknowledgements took, in seconds, shortest first."""
        mine = (each for each in list(self.tries) if each.acknowledged and link in ("", each.link))
        return sorted(each.took for each in mine)

    def between(self, begin: float, end: float) -> list[Try]:
        """Those that began and ended within this time."""
        return self.heard(lambda each: begin <= each.began and each.began + each.took <= end)


def percentile(sorted_values: list[float], share: float) -> float:
    """0 where there is nothing."""
    last = len(sorted_values) - 1
    return sorted_values[round(last * share)] if sorted_values else 0.0
