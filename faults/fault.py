"""A fault: what is done to the system, and what has to hold all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from faults.stage import Stage

Play = Callable[[Stage], None]


class Skipped(Exception):
    """This fault cannot be played here; the message says why."""


@dataclass(frozen=True)
class Fault:
    """``play`` gets a running stage and writes into its verdict. ``clocked``: its processes get a
    clock that can be put forward; ``small_disk``: its data lie on a disk that can be filled;
    ``calm``: it mostly waits, measures nothing finer than a second and breaks no database, so
    that it may be played beside others."""

    number: str
    title: str
    play: Play
    clocked: bool
    small_disk: bool
    calm: bool


FAULTS: dict[str, Fault] = {}
AnyPlay = TypeVar("AnyPlay", bound=Play)


def fault(
    number: str, title: str, *, clocked: bool = False, small_disk: bool = False, calm: bool = False
) -> Callable[[AnyPlay], AnyPlay]:
    """Makes a function a fault with this number."""

    def register(play: AnyPlay) -> AnyPlay:
        FAULTS[number] = Fault(number, title, play, clocked, small_disk, calm)
        return play

    return register
