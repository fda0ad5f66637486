"""What a batch of hooks becomes: in a few statements, however many there are, and as if each had
been read after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from django.db import IntegrityError, OperationalError, transaction

from idonethis.entries.drafts import Draft
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.telling import Outcome
from idonethis.teams.models import Team


class Read(Protocol):
    """A hook that was read, and what it may tell."""

    @property
    def drafts(self) -> Sequence[tuple[Team, Draft]]: ...

    def outcome(self) -> Outcome: ...


class Readable(Protocol):
    def read(self, known: Known) -> Read:
        """Does not raise for what a hook holds; what the database says, it does."""

    def ended_by(self, problem: Exception) -> Outcome: ...


@dataclass(frozen=True)
class Settled:
    """Nothing is told of it."""

    how: Outcome
    drafts: ClassVar[Sequence[tuple[Team, Draft]]] = ()

    def outcome(self) -> Outcome:
        return self.how


def outcomes(receipts: Sequence[Readable], known: Known) -> list[Outcome]:
    """Where one of them fails, nothing of the others goes with it: they are halved until it is
    alone. ``known`` remembers what was looked up."""
    try:
        return _together(receipts, known)
    except OperationalError:
        raise
    except Exception as problem:
        if len(receipts) == 1:
            return [_alone(receipts[0], known, problem)]
    middle = len(receipts) // 2
    return [*outcomes(receipts[:middle], known), *outcomes(receipts[middle:], known)]


@transaction.atomic
def _together(receipts: Sequence[Readable], known: Known) -> list[Outcome]:
    known.begin()
    read = [receipt.read(known) for receipt in receipts]
    known.births.foresee(told for each in read for told in each.drafts)
    ended = [each.outcome() for each in read]
    known.births.store()
    return ended


def _alone(receipt: Readable, known: Known, problem: Exception) -> Outcome:
    """Of two workers that make the same at once, one finds what the other has made."""
    if not isinstance(problem, IntegrityError):
        return receipt.ended_by(problem)
    try:
        return _together([receipt], known)[0]
    except OperationalError:
        raise
    except Exception as worse:
        return receipt.ended_by(worse)
