"""Kinds of long work. Each says what one step of it does, and is found by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from idonethis.teams.models import Team


@dataclass(frozen=True)
class Step:
    """What a step did: where the next one begins (None: there is none), how many things are done
    with, of how many in all as far as is known by now, and what became of them, by ``results``
    of the kind and by reasons."""

    cursor: Mapping[str, Any] | None
    done: int = 0
    total: int | None = None
    results: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


class Asked(Protocol):
    """All that work knows of its job."""

    hash_id: Any
    asked: Any
    cursor: Any
    total: int | None
    results: Any
    created_at: Any

    @property
    def team(self) -> Team | None: ...
    @property
    def link(self) -> Any: ...


class Work:
    """One kind of long work, for one job. A step is done twice if its process dies, and only what
    ``apply`` has stored by then is undone; so whatever else it does must be harmless to repeat."""

    kind: ClassVar[str]
    kinds: ClassVar[dict[str, type[Work]]] = {}
    #: What its results are called, in the order in which they are told: one of them, and more.
    words: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def __init_subclass__(cls) -> None:
        Work.kinds[cls.kind] = cls

    def __init__(self, job: Asked) -> None:
        self.job = job

    @property
    def title(self) -> str:
        """What is done, in a few words."""
        raise NotImplementedError

    @property
    def again(self) -> str:
        """The page on which the same is begun once more; empty where there is none."""
        return ""

    def fetch(self) -> Any:
        """What the step works on. Outside any transaction, so a partner may be asked. Raises
        Failed."""

    def apply(self, fetched: Any) -> Step:
        """Does the step, in the transaction that also stores how far the job is."""
        raise NotImplementedError

    @property
    def undo(self) -> str:
        """The kind of work that takes this back; empty where nothing does, or nothing is left."""
        return ""
