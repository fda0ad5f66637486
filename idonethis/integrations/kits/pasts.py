"""The past as most partners tell it: one list after the other, each a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from idonethis.integrations.base import Hook, PastPage


@dataclass(frozen=True)
class Part:
    """Some of one list: ``listed`` things were looked at, of ``total`` in it, as far as that is
    said. ``place`` is where the rest begins, as JSON holds it; None where there is none."""

    hooks: tuple[Hook, ...] = ()
    place: Mapping[str, Any] | None = None
    listed: int = 0
    total: int | None = None


def beginning(lists: Iterable[str], **known: Any) -> dict[str, Any]:
    """The first cursor, for these lists in this order; ``known`` stays in it to the end."""
    return {**known, "lists": list(lists), "place": {}, "seen": 0, "total": 0}


def page_of(
    lists: Mapping[str, Callable[[Mapping[str, Any]], Part]], cursor: Mapping[str, Any]
) -> PastPage:
    """See ``Backfills.past``. Each of the lists is read from a place, which is empty at first."""
    if not cursor["lists"]:
        return PastPage(total=0)
    name, *others = cursor["lists"]
    part = lists[name](cursor["place"])
    seen = cursor["seen"] + part.listed
    if part.place is not None:
        total = None if part.total is None else cursor["total"] + part.total
        return PastPage(
            part.hooks, {**cursor, "place": part.place, "seen": seen}, part.listed, total
        )
    total = cursor["total"] + seen
    following = {**cursor, "lists": others, "place": {}, "seen": 0, "total": total}
    return PastPage(part.hooks, following if others else None, part.listed, total)
