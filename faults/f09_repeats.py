"""F9: everything comes several times, in any order, at the same instant, and over a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from itertools import cycle, islice

from faults.fault import Room, fault
from faults.load import tried
from faults.sending import Sending
from faults.stage import IN_HAND, Stage
from faults.wire import Wire

LANES = 8


@fault("F9", "duplicates and disorder", room=Room.LITTLE, clocked=True)
def play(stage: Stage) -> None:
    sendings = [stage.everything() for _ in range(stage.pick(short=200, long=800))]
    copies = [_renamed(stage, each) for each in sendings for _ in range(stage.chance.randint(1, 5))]
    stage.chance.shuffle(copies)
    half = len(copies) // 2
    asyncio.run(_send_together(stage, copies[:half], sendings[::4]))
    stage.servers.restart()
    asyncio.run(_send_together(stage, copies[half:], sendings[1::4]))
    stage.verdict.blows, stage.excused = 1, IN_HAND
    stage.lapse()
    stage.settle()
    stage.compare()
    refused = {each.status for each in stage.ledger.tries if not each.acknowledged}
    stage.verdict.must(not refused, f"a repeat was answered with {sorted(refused)}")


def _renamed(stage: Stage, sending: Sending) -> Sending:
    """One in four comes under another delivery id, as some partners send the same event twice."""
    again = stage.chance.random() < 0.25 and "X-GitHub-Delivery" in sending.headers
    if not again:
        return sending
    name = f"{sending.id}-again-{stage.chance.getrandbits(32)}"
    return replace(sending, id=name, headers={**sending.headers, "X-GitHub-Delivery": name})


async def _send_together(stage: Stage, copies: list[Sending], at_once: Iterable[Sending]) -> None:
    """The copies over several connections; in between, one delivery over all in one instant."""
    ports = cycle(stage.servers.ports("ingest"))
    wires = [Wire(port) for port in islice(ports, LANES)]
    for one in at_once:
        await _all(stage, zip(wires, [one] * LANES, strict=True))
        share, copies = copies[:LANES], copies[LANES:]
        await _all(stage, zip(wires, share, strict=False))
    while copies:
        share, copies = copies[:LANES], copies[LANES:]
        await _all(stage, zip(wires, share, strict=False))
    for wire in wires:
        wire.close()


async def _all(stage: Stage, pairs: Iterable[tuple[Wire, Sending]]) -> None:
    tries = []
    for wire, sending in pairs:
        stage.ledger.send(sending)
        tries.append(tried(wire, sending, stage.ledger))
    await asyncio.gather(*tries)
