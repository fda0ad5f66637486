"""What of the catalogue somebody wants to see, as its address says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from idonethis.integrations.base import Backfills, Integration, Posts, Reads, Registers

#: What an integration can do, in words for people.
ABILITIES: Mapping[str, tuple[str, type]] = {
    "in": ("Fills your log", Reads),
    "out": ("Takes your entries", Posts),
    "itself": ("Sets up its webhooks", Registers),
    "past": ("Brings what happened before", Backfills),
}
#: The category of what takes whatever comes.
ANYTHING = "Anything"
#: The categories that come last.
LAST = (ANYTHING, "Other")


@dataclass(frozen=True)
class Wanted:
    """``words``: all of them are in its name, category or line; ``does``: one of ABILITIES."""

    words: str = ""
    category: str = ""
    does: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> Self:
        """Of an address. What cannot be meant is passed over."""
        does = query.get("does", "")
        return cls(
            words=query.get("q", "").strip()[:80],
            category=query.get("category", "").strip()[:80],
            does=does if does in ABILITIES else "",
        )

    def __bool__(self) -> bool:
        return bool(self.words or self.category or self.does)

    def fits(self, integration: Integration) -> bool:
        said = f"{integration.name} {integration.category} {integration.tagline}".lower()
        return (
            all(word in said for word in self.words.lower().split())
            and self.category in ("", integration.category)
            and isinstance(integration, ABILITIES.get(self.does, ("", Integration))[1])
        )


def categories(integrations: Iterable[Integration]) -> dict[str, list[Integration]]:
    """In alphabetical order, what takes anything last."""
    found: dict[str, list[Integration]] = {}
    for each in integrations:
        found.setdefault(each.category, []).append(each)
    return dict(sorted(found.items(), key=lambda item: (item[0] in LAST, item[0])))
