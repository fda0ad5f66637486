"""Who is next: of each link one, in turn, so that one that floods holds up no other."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Fair(Generic[Thing]):
    """A queue for each sender. What one sender puts in comes out in its order."""

    def __init__(self) -> None:
        self._queues: dict[Hashable, deque[Thing]] = {}

    def put(self, sender: Hashable, thing: Thing) -> None:
        self._queues.setdefault(sender, deque()).append(thing)

    def take(self) -> Iterator[Thing]:
        """As many as are asked for, or there are. The next call goes on where this one ended."""
        while self._queues:
            sender = next(iter(self._queues))
            queue = self._queues.pop(sender)
            thing = queue.popleft()
            if queue:
                self._queues[sender] = queue
            yield thing
