"""Hooks at a steady rate, whatever becomes of those before: each merges a pull request of its own,
and is late from the moment at which it was due."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.body import merged, signature

#: Connections. As many can be on their way at a time.
LANES = 64
#: How long the last answers are waited for, in seconds.
PATIENCE = 60
HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    "X-GitHub-Event: pull_request\r\nX-Hub-Signature-256: {signature}\r\n"
    "X-GitHub-Delivery: {name}-{number}\r\nContent-Length: {length}\r\n\r\n"
)


@dataclass
class Steady:
    """``rate`` a second, ``count`` in all, numbered from ``first`` on. ``due`` and ``acked`` are
    moments, by number."""

    url: str
    rate: float
    count: int
    first: int = 0
    due: dict[int, float] = field(default_factory=dict)
    acked: dict[int, float] = field(default_factory=dict)

    @property
    def latencies(self) -> list[float]:
        return [self.acked[number] - self.due[number] for number in self.acked]

    async def run(self) -> None:
        """Everything is put together before the first is due. Raises SystemExit where something was
        not acknowledged."""
        requests = [self._request(self.first + n) for n in range(self.count)]
        lanes = min(LANES, self.count)
        wires = [await self._connected() for _ in range(lanes)]
        began = time.perf_counter() + 0.1
        sending = [self._lane(wires[n], requests, n, began) for n in range(lanes)]
        await asyncio.wait_for(asyncio.gather(*sending), PATIENCE + self.count / self.rate)

    def _request(self, number: int) -> bytes:
        body, path = merged(number), urlsplit(self.url).path
        said = {"signature": signature(body), "length": len(body), "name": f"steady-{self.rate}"}
        return HEAD.format(path=path, number=number, **said).encode() + body

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", urlsplit(self.url).port)

    async def _lane(self, wire, requests: list[bytes], lane: int, began: float) -> None:
        reader, writer = wire
        for n in range(lane, self.count, min(LANES, self.count)):
            number, due = self.first + n, began + n / self.rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self.due[number] = due
            writer.write(requests[n])
            await _acknowledged(reader)
            self.acked[number] = time.perf_counter()
        writer.close()


async def _acknowledged(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 2"):
        raise SystemExit(f"Not every hook was acknowledged:\n{head.decode(errors='replace')}")
    lines = head.lower().split(b"\r\n")
    length = [int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length")]
    await reader.readexactly(sum(length))
