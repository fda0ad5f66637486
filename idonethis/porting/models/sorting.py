"""What would become of rows: the same answer for who only looks and for who stores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from idonethis.accounts.models import User
from idonethis.entries.models import Entry, Source
from idonethis.entries.models.thing import stored_key
from idonethis.porting.brought import Brought
from idonethis.porting.models.whose import Whose

NEW, SAME, DELETED, WAITING = "new", "same", "deleted", "waiting"


@dataclass(frozen=True)
class Sorted:
    fresh: Sequence[tuple[Brought, User]] = ()
    results: Counter[str] = field(default_factory=Counter)
    #: How many rows wait for whom.
    strangers: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Sorting:
    """``imported``: the import that is at it, whose own entries are no sign that a row was here
    before: two rows of one file may be alike."""

    whose: Whose
    imported: str = ""

    def sort(self, rows: Sequence[Brought]) -> Sorted:
        known, there = self._known(rows), _There.among(rows, self.whose, self.imported)
        result = Sorted(fresh := [])
        for row in rows:
            user, key = self.whose.of(row.entry.person), stored_key(row.key)
            state = known.get(key) or known.get(row.entry.hash_id)
            known.setdefault(key, SAME)
            if state is None and user is None:
                state = WAITING
                result.strangers[row.entry.person] += 1
            elif state is None and there.has(row, user):
                state = SAME
            elif state is None and user:
                fresh.append((row, user))
            result.results[state or NEW] += 1
        return result

    def _known(self, rows: Sequence[Brought]) -> dict[str, str]:
        """Of the keys and of the names of entries that the team has already, what became of it."""
        keys = {stored_key(row.key) for row in rows}
        sources = Source.objects.filter(team=self.whose.team, key__in=keys)
        names = {row.entry.hash_id for row in rows if row.entry.hash_id}
        entries = Entry.objects.for_team(self.whose.team).filter(hash_id__in=names)
        found = [
            *sources.exclude(entry=None).values_list("key", "entry__deleted_at"),
            *entries.values_list("hash_id", "deleted_at"),
        ]
        return {key: DELETED if deleted else SAME for key, deleted in found}


@dataclass(frozen=True)
class _There:
    """What stands in the team already in the same words, of the same instant: what was written out
    of this very team has no other name."""

    contents: frozenset[Any]

    @classmethod
    def among(cls, rows: Iterable[Brought], whose: Whose, imported: str) -> _There:
        named = [row.entry for row in rows if row.by_content and row.entry.created_at]
        days = {entry.occurred_on for entry in named}
        found = Entry.objects.for_team(whose.team).filter(occurred_on__in=days)
        if imported:
            found = found.exclude(imported=imported)
        fields = ("user_id", "body", "occurred_on", "created_at")
        return cls(frozenset(found.values_list(*fields)) if days else frozenset())

    def has(self, row: Brought, user: User | None) -> bool:
        entry = row.entry
        content = (user and user.pk, entry.body, entry.occurred_on, entry.created_at)
        return row.by_content and content in self.contents
