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

    #: It mostly waits, measures nothing finer than a second and breaks no database.
    LITTLE = "little"
    #: It may break its database, which nobody else uses meanwhile.
    DATABASE = "database"
    #: Fractions of a second count, or the load is heavy.
    ALL = "all"


@dataclass(frozen=True)
class Fault:
    """``play`` gets a running stage and writes into its verdict. ``clocked``: its processes get a
    clock that can be put forward; ``small_disk``: its data lie on a disk that can be filled."""

    number: str
    title: str
    play: Play
    clocked: bool
    small_disk: bool
    room: Room


FAULTS: dict[str, Fault] = {}
AnyPlay = TypeVar("AnyPlay", bound=Play)


def fault(
    number: str, title: str, *, room: Room, clocked: bool = False, small_disk: bool = False
) -> Callable[[AnyPlay], AnyPlay]:
    """Makes a function a fault with this number."""

    def register(play: AnyPlay) -> AnyPlay:
        FAULTS[number] = Fault(number, title, play, clocked, small_disk, room)
        return play

    return register
