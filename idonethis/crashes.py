"""Deaths at named points, for the tests of faults. The process ends there as it would by
``kill -9``: nothing is finished, nothing is tidied up."""

from __future__ import annotations

import os
from itertools import count
from typing import NoReturn

from idonethis import env

#: In the order in which a hook and its entry come by.
POINTS = ("after_claim", "after_entry", "before_mark_done", "before_outgoing", "after_partner_200")
#: As the shell says it of a process that was killed.
STATUS = 137


def _chosen(setting: str) -> tuple[str, int]:
    """``after_claim`` or ``after_claim:3``, for the third time that this point is reached."""
    point, _, times = setting.partition(":")
    if point and point not in POINTS:
        raise env.Misconfigured(f"CRASH_AT={setting} is none of {', '.join(POINTS)}.")
    if point and not env.boolean("ALLOW_CRASHES"):
        raise env.Misconfigured("CRASH_AT makes the server die on purpose: ALLOW_CRASHES=1, too.")
    return point, int(times or 1)


_point, _times = _chosen(env.text("CRASH_AT"))
_reached = count(1)


def may_crash(point: str) -> None:
    """Marks a point at which a death must do no harm."""
    if point == _point and next(_reached) == _times:
        _crash()


def _crash() -> NoReturn:
    os._exit(STATUS)
