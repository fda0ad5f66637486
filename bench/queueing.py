"""Queues as the server has them, played event by event with the times that were measured: whether
more processes do more, see bench.scaling.

A process that takes hooks checks one after the other, and its one writer commits all that wait; a
process that reads them does so in batches, and waits for the database meanwhile. All share the
cores of one PostgreSQL, and its disk, where one flush carries every commit that waits for it."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

from bench.sums import percentile

#: Rows of one commit, of one batch that is read, and no bound at all.
COMMIT = BATCH = 100
ALL = 1_000_000_000
Done = Callable[[], None]


class Clock:
    """What happens next, in order."""

    def __init__(self) -> None:
        self.now = 0.0
        self._next: list[tuple[float, int, Done]] = []
        self._order = count()

    def after(self, seconds: float, happens: Done) -> None:
        heapq.heappush(self._next, (self.now + seconds, next(self._order), happens))

    def run(self) -> None:
        while self._next:
            self.now, _, happens = heapq.heappop(self._next)
            happens()


class Station:
    """So many ``servers``, each of which takes up to ``most`` of those that wait. ``work`` is told
    what was taken, and calls back when it is done with; ``then`` gets each, one by one."""

    def __init__(
        self,
        servers: int,
        most: int,
        work: Callable[[list[Any], Done], None],
        then: Callable[[Any], None],
    ) -> None:
        self._idle, self._most, self._work, self._then = servers, most, work, then
        self._waiting: deque[Any] = deque()

    def put(self, item: Any) -> None:
        self._waiting.append(item)
        self._begin()

    def _begin(self) -> None:
        while self._idle and self._waiting:
            taken = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            self._idle -= 1
            self._work(taken, lambda taken=taken: self._end(taken))

    def _end(self, taken: list[Any]) -> None:
        self._idle += 1
        for item in taken:
            self._then(item)
        self._begin()


@dataclass(frozen=True)
class Costs:
    """In seconds: of a core of the process, and of one of the database, for one hook that is taken
    and for one that is read; and of one flush of the disk."""

    take: float
    take_database: float
    read: float
    read_database: float
    flush: float


@dataclass(frozen=True)
class Machines:
    takers: int
    readers: int
    database_cores: int


@dataclass
class Played:
    """Moments, by hook: when it came, was acknowledged, and could be seen."""

    came: list[float]
    acknowledged: dict[int, float]
    visible: dict[int, float]

    def ack_ms(self, share: float) -> float:
        waited = (at - self.came[hook] for hook, at in self.acknowledged.items())
        return 1000 * percentile(waited, share)

    def visible_ms(self, share: float) -> float:
        return 1000 * percentile((at - self.came[hook] for hook, at in self.visible.items()), share)

    def taken_per_s(self) -> float:
        return len(self.came) / max(self.acknowledged.values())

    def read_per_s(self) -> float:
        return len(self.came) / max(self.visible.values())


class Play:
    """Hooks go through all of it, in the order in which they come."""

    def __init__(self, costs: Costs, machines: Machines) -> None:
        self.clock, self._costs = Clock(), costs
        flush = Station(1, ALL, self._lasting(lambda _: costs.flush), lambda done: done())
        self._database = Station(
            machines.database_cores,
            1,
            self._lasting(lambda asked: asked[0][0]),
            lambda asked: flush.put(asked[1]),
        )
        self._read = Station(machines.readers, BATCH, self._reading, self._seen)
        self._writer = Station(machines.takers, COMMIT, self._writing, self._stored)
        check = self._lasting(lambda hooks: costs.take)
        self._door = Station(machines.takers, 1, check, self._writer.put)
        self.played = Played([], {}, {})

    def run(self, arrivals: Sequence[float]) -> Played:
        self.played.came.extend(arrivals)
        for hook, at in enumerate(arrivals):
            self.clock.after(at, lambda hook=hook: self._door.put(hook))
        self.clock.run()
        return self.played

    def _lasting(self, seconds: Callable[[list[Any]], float]) -> Callable[[list[Any], Done], None]:
        return lambda taken, done: self.clock.after(seconds(taken), done)

    def _writing(self, hooks: list[int], done: Done) -> None:
        self._database.put((len(hooks) * self._costs.take_database, done))

    def _stored(self, hook: int) -> None:
        self.played.acknowledged[hook] = self.clock.now
        self._read.put(hook)

    def _reading(self, hooks: list[int], done: Done) -> None:
        asked = (len(hooks) * self._costs.read_database, done)
        self.clock.after(len(hooks) * self._costs.read, lambda: self._database.put(asked))

    def _seen(self, hook: int) -> None:
        self.played.visible[hook] = self.clock.now


def poisson(rate: float, hooks: int, *, seed: int) -> list[float]:
    chance, now, arrivals = Random(seed), 0.0, []
    for _ in range(hooks):
        now += chance.expovariate(rate)
        arrivals.append(now)
    return arrivals
