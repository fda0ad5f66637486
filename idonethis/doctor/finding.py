from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    BAD = "bad"


class Finding(NamedTuple):
    """One line of a checkup. ``fix`` is what a person should do, exactly."""

    name: str
    verdict: Verdict
    says: str
    fix: str = ""


def ok(name: str, says: str) -> Finding:
    return Finding(name, Verdict.OK, says)


def warn(name: str, says: str, *, fix: str) -> Finding:
    return Finding(name, Verdict.WARN, says, fix)


def bad(name: str, says: str, *, fix: str) -> Finding:
    return Finding(name, Verdict.BAD, says, fix)
