"""F13: five hundred slow, rude and broken senders, beside healthy ones."""

from __future__ import annotations

import asyncio
import resource
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from faults.fault import Room, fault
from faults.ledger import percentile
from faults.sending import Sending
from faults.stage import PATIENCE, Stage

RATE = 50
#: What healthy acknowledgements may take, in seconds: for 99 of 100.
ACK = 1.0
#: How many descriptors more than before are no leak.
SPARE = 20
#: The longest that somebody who sends nothing whole is listened to, in seconds.
LONGEST = 45

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@fault("F13", "slow clients", room=Room.LITTLE)
def play(stage: Stage) -> None:
    many, held = 500, stage.pick(short=8, long=30)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    stage.until(lambda: stage.door.is_ready, PATIENCE)
    before = _descriptors(stage)
    with stage.load(RATE), Crowd(stage, many):
        time.sleep(held)
    time.sleep(3)
    after = _descriptors(stage)
    stage.settle()
    stage.compare()
    stage.verdict.blows = many
    p99 = percentile(stage.ledger.acks(), 0.99)
    stage.verdict.must(p99 < ACK, f"a healthy acknowledgement in a hundred took {p99:.1f} s")
    stage.verdict.must(after <= before + SPARE, f"{after - before} descriptors were left open")
    asyncio.run(_be_rude(stage))
    stage.verdict.note = f"ack p99 {1000 * p99:.0f} ms, descriptors {before} before, {after} after"


def _descriptors(stage: Stage) -> int:
    return len(list(Path(f"/proc/{stage.door.process.pid}/fd").iterdir()))


def head(sending: Sending) -> bytes:
    return sending.request[: -len(sending.body)]


class Crowd:
    """So many connections of every slow kind, held open from a thread of its own."""

    def __init__(self, stage: Stage, many: int) -> None:
        self.port, self.many = stage.door.port, many
        self.sending = stage.sender("engines/webhook", name="slow").next()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._gather()), daemon=True)

    def __enter__(self) -> Crowd:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._ending.set()
        self._thread.join()

    async def _gather(self) -> None:
        kinds = (self._slow_head, self._slow_body, self._idle, self._endless, self._huge_head)
        await asyncio.gather(*(self._one(kinds[n % len(kinds)]) for n in range(self.many)))

    async def _one(self, misbehave: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            await misbehave(writer)
            writer.close()
        except OSError:
            """The server has had enough of it."""

    async def _drip(self, writer: asyncio.StreamWriter, text: bytes) -> None:
        for byte in text:
            if self._ending.is_set():
                return
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(1)

    async def _slow_head(self, writer: asyncio.StreamWriter) -> None:
        await self._drip(writer, head(self.sending))

    async def _slow_body(self, writer: asyncio.StreamWriter) -> None:
        writer.write(head(self.sending))
        await self._drip(writer, self.sending.body)

    async def _idle(self, writer: asyncio.StreamWriter) -> None:
        while not self._ending.is_set():
            await asyncio.sleep(0.2)

    async def _endless(self, writer: asyncio.StreamWriter) -> None:
        writer.write(head(self.sending).replace(b"Content-Length", b"X-Length")[:-2])
        writer.write(b"Transfer-Encoding: chunked\r\n\r\n")
        while not self._ending.is_set():
            writer.write(b"1\r\n \r\n")
            await writer.drain()
            await asyncio.sleep(0.2)

    async def _huge_head(self, writer: asyncio.StreamWriter) -> None:
        writer.write(head(self.sending)[:-2])
        for number in range(1000):
            writer.write(b"X-Filler-%d: " % number + b"x" * 1000 + b"\r\n")
            await writer.drain()
            await asyncio.sleep(0.1)
            if self._ending.is_set():
                return


async def _be_rude(stage: Stage) -> None:
    sender = stage.sender("engines/webhook", name="rude")
    for name, spoil in SMUGGLING.items():
        status = await _status_of(stage, spoil(sender.next()))
        ok = status == 0 or 400 <= status < 500
        stage.verdict.must(ok, f"{name} was answered with {status}")
    await _pipeline(stage)
    await _be_cut_off(stage)


def _with(sending: Sending, *lines: bytes, without: bytes = b"") -> bytes:
    """The request with these lines in its head, and without another one."""
    top, _, rest = head(sending).partition(b"\r\n")
    kept = [line for line in rest.split(b"\r\n") if line and not (without and without in line)]
    return b"\r\n".join([top, *kept, *lines, b"", b""]) + sending.body


#: https://portswigger.net/web-security/request-smuggling, and RFC 9112, 6.3.
SMUGGLING: dict[str, Callable[[Sending], bytes]] = {
    "a length and chunks": lambda s: _with(s, b"Transfer-Encoding: chunked"),
    "two lengths": lambda s: _with(s, b"Content-Length: 3"),
    "a length with a sign": lambda s: _with(s, b"Content-Length: +3", without=b"Content-Length"),
    "a length below zero": lambda s: _with(s, b"Content-Length: -3", without=b"Content-Length"),
    "chunks by another name": lambda s: _with(
        s, b"Transfer-Encoding: xchunked", without=b"Content-Length"
    ),
    "a space before the colon": lambda s: _with(s, b"Transfer-Encoding : chunked"),
    "a folded header": lambda s: _with(s, b"X-Fold: a", b" b"),
    "a chunk without a size": lambda s: _with(
        s, b"Transfer-Encoding: chunked", without=b"Content-Length"
    ),
    "no HTTP at all": lambda s: b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
}


async def _status_of(stage: Stage, request: bytes) -> int:
    """Of its first answer; 0 where the connection is closed without one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.door.port)
    writer.write(request)
    try:
        async with asyncio.timeout(10):
            line = await reader.readline()
    except (OSError, TimeoutError):
        line = b""
    writer.close()
    return int(line.split()[1]) if line.startswith(b"HTTP/1.1 ") else 0


async def _pipeline(stage: Stage) -> None:
    """Several requests in one breath are answered in their order, each for itself."""
    sender = stage.sender("engines/webhook", name="pipelined")
    sendings = [sender.next() for _ in range(20)]
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.door.port)
    for sending in sendings:
        stage.ledger.send(sending)
    writer.write(b"".join(sending.request for sending in sendings))
    began, statuses = time.time(), []
    async with asyncio.timeout(20):
        while len(statuses) < len(sendings) and (line := await reader.readline()):
            if line.startswith(b"HTTP/1.1 "):
                statuses.append(int(line.split()[1]))
    writer.close()
    for sending, status in zip(sendings, statuses, strict=False):
        stage.ledger.hear(sending, status, began=began)
    stage.verdict.must(statuses == [200] * 20, f"a pipeline was answered with {statuses}")


async def _be_cut_off(stage: Stage) -> None:
    """Nobody is listened to for ever: neither who says nothing, nor who never comes to an end."""
    began = time.monotonic()
    sending = stage.sender("engines/webhook", name="endless").next()
    starts = {"nothing": b"", "half a head": head(sending)[:40], "no body": head(sending)}
    waits = [_cut(stage, start, name) for name, start in starts.items()]
    await asyncio.gather(*waits)
    stage.verdict.must(time.monotonic() - began < LONGEST + 5, "somebody was listened to too long")


async def _cut(stage: Stage, start: bytes, name: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.door.port)
    writer.write(start)
    try:
        async with asyncio.timeout(LONGEST):
            while await reader.read(1000):
                pass
    except TimeoutError:
        stage.verdict.must(False, f"who sends {name} is listened to for over {LONGEST} s")
    except OSError:
        """Cut off."""
    writer.close()
