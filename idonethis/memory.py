"""How this process keeps its memory."""

from __future__ import annotations

import ctypes
import gc

#: What glibc calls it. Other libraries of C have no arenas, and no word for them.
#: https://man7.org/linux/man-pages/man3/mallopt.3.html
ARENA_MAX = -8
LIBC = ctypes.CDLL(None)


def share() -> None:
    """Gives the threads that start from now on no heap of their own: of the many that serve, most
    rest, and each would keep what it once needed."""
    if hasattr(LIBC, "mallopt"):
        LIBC.mallopt(ARENA_MAX, 1)


def settle() -> None:
    """What is loaded by now stays: the collector need not look at it again, nor as often at the
    bodies that come and go. https://docs.python.org/3/library/gc.html#gc.freeze"""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)
