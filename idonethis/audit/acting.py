"""On whose behalf something is done, for whoever writes it down: nobody has to pass it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

#: Where commands come from.
TERMINAL = "terminal"


class Acting(NamedTuple):
    """``who`` gives the public id of a person, or nothing; asked when it is needed, since somebody
    may sign in meanwhile. ``address`` is where they are; nowhere, where the server acts itself."""

    who: Callable[[], str] = str
    address: str = ""


THE_SERVER = Acting()

_acting: ContextVar[Acting] = ContextVar("acting")


def now_acting() -> Acting:
    return _acting.get(THE_SERVER)


@contextmanager
def acting(who: Callable[[], str], *, address: str) -> Iterator[None]:
    token = _acting.set(Acting(who, address))
    try:
        yield
    finally:
        _acting.reset(token)


@contextmanager
def at_the_terminal() -> Iterator[None]:
    with acting(str, address=TERMINAL):
        yield
