"""A fault: what is done to the system, and what has to hold all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from faults.stage import Stage

Play = Callable[[Stage], None]


class Skipped(Exception):
    """This fault cannot be played here; the message says why."""


class Room(Enum):
    """How much of a machine a fault needs to be played."""

    #: It mostly waits, and measures nothing finer than a second.
    LITTLE = "little"
    #: Fractions of a second count, or the load is heavy.
    ALL = "all"


@dataclass(frozen=True)
class Fault:
    """``play`` gets a running stage and writes into its verdict. ``clocked``: its processes get a
    clock that can be put forward; ``small_disk``: its data and its database lie on a disk that can
    be filled; ``breaks_database``: nobody else may use that."""

    number: str
    title: str
    play: Play
    clocked: bool
    small_disk: bool
    breaks_database: bool
    room: Room


FAULTS: dict[str, Fault] = {}
AnyPlay = TypeVar("AnyPlay", bound=Play)


def fault(
    number: str,
    title: str,
    *,
    room: Room,
    clocked: bool = False,
    small_disk: bool = False,
    breaks_database: bool = False,
) -> Callable[[AnyPlay], AnyPlay]:
    """Makes a function a fault with this number."""

    def register(play: AnyPlay) -> AnyPlay:
        needs = (clocked, small_disk, breaks_database, room)
        FAULTS[number] = Fault(number, title, play, *needs)
        return play

    return register
