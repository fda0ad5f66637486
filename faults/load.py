"""The driver: sends at a steady rate over many connections, from a thread of its own, and sends
again what was not acknowledged, as many partners do."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from random import Random

from faults.ledger import Ledger, Try
from faults.sending import Sending
from faults.wire import Unanswered, Wire

#: Between two tries of one delivery, in seconds.
PAUSE = 0.1
#: How long after the end what was not acknowledged is still sent again, in seconds.
LAST_TRIES = 40

Next = Callable[[], Sending]


def mixed(senders: dict[Next, float], chance: Random) -> Next:
    """Picks among them by weight."""
    makers, weights = list(senders), list(senders.values())
    return lambda: chance.choices(makers, weights)[0]()


class Load:
    """``rate`` is deliveries a second, ``ports`` where the servers listen, ``again`` whether what
    was refused or not answered is sent again. Ends when nothing follows."""

    def __init__(
        self,
        ledger: Ledger,
        following: Next,
        *,
        ports: list[int],
        rate: float,
        lanes: int = 16,
        patience: float = 10,
        again: bool = True,
    ) -> None:
        self.ledger = ledger
        self.following = following
        self.ports, self.rate, self.lanes = ports, rate, lanes
        self.patience, self.again = patience, again
        self._ending = threading.Event()
        self._latest = float("inf")
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def __enter__(self) -> Load:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        """Waits until everything that was sent is acknowledged, or given up."""
        self._latest = time.monotonic() + LAST_TRIES
        self._ending.set()
        self._thread.join()

    async def _run(self) -> None:
        await asyncio.gather(*(self._lane(number) for number in range(self.lanes)))

    async def _lane(self, number: int) -> None:
        wires = [Wire(port, patience=self.patience) for port in self.ports]
        pause, due = self.lanes / self.rate, time.monotonic() + number / self.rate
        while not self._ending.is_set():
            await asyncio.sleep(max(0, due - time.monotonic()))
            # Who was kept waiting does not catch up all at once.
            due = max(due + pause, time.monotonic() - pause)
            try:
                sending = self.following()
            except StopIteration:
                break
            await self._deliver(wires, sending, first=number)
        for wire in wires:
            wire.close()

    async def _deliver(self, wires: list[Wire], sending: Sending, *, first: int) -> None:
        self.ledger.send(sending)
        number = first
        while True:
            heard = await tried(wires[number % len(wires)], sending, self.ledger)
            is_final = heard.acknowledged or 400 <= heard.status < 500 and heard.status != 429
            if is_final or not self.again or time.monotonic() > self._latest:
                return
            number += 1
            await asyncio.sleep(PAUSE)


async def tried(wire: Wire, sending: Sending, ledger: Ledger) -> Try:
    """One try; what was heard is in the ledger."""
    began = time.time()
    try:
        answer = await wire.exchange(sending.request)
    except Unanswered:
        return ledger.hear(sending, 0, began=began)
    after = answer.headers.get("retry-after", "")
    return ledger.hear(sending, answer.status, began=began, retry_after=after)


async def send(sendings: list[Sending], ledger: Ledger, *, port: int) -> None:
    """One after the other, each until it is acknowledged."""
    wire = Wire(port)
    for sending in sendings:
        ledger.send(sending)
        until = time.monotonic() + LAST_TRIES
        while not (await tried(wire, sending, ledger)).acknowledged and time.monotonic() < until:
            await asyncio.sleep(PAUSE)
    wire.close()
