"""Entries that are told of together. What nobody has told of before is stored with all the others
at the end, in a few statements however much there is; what may touch something that is there waits
until that is stored. So a list becomes what it would become one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries.drafts import Detail, Draft, Growing, Origin, Rewritten
from idonethis.entries.models.entry import Entry
from idonethis.entries.models.thing import stored_key, with_stored_keys
from idonethis.entries.models.told import Change, Told
from idonethis.stored import store
from idonethis.teams.models import Team

#: So many names are asked about at a time: databases take no query of any length, and a list may
#: be filled up to twice its own.
MOST_ASKED = 450

#: A name by which a row may be found: its column and what stands there.
Mark = tuple[str, str]


class Whose(NamedTuple):
    team: Team
    user: User
    origin: Origin


@dataclass
class Growth:
    """What is to join the one entry of a person and a day, which ``source`` stands for."""

    source: Any
    told: list[Growing] = field(default_factory=list)
    count: int = 0

    @property
    def entry(self) -> Entry:
        entry: Entry = self.source.entry
        return entry

    @property
    def is_born(self) -> bool:
        return self.entry.pk is not None

    def take(self, draft: Growing, details: list[Detail]) -> Change:
        change = Change.UPDATED if self.told or self.is_born else Change.CREATED
        self.told.append(draft)
        self.count += len(details)
        return change

    def grow(self) -> None:
        if self.told:
            self.entry.grow(self.told)
        if self.source.imported and not all(each.imported for each in self.told):
            self.source.come_by_itself()


class Births:
    """``sources``: the memory of what entries stand for."""

    def __init__(self, sources: Any) -> None:
        self._sources = sources
        self._unheard: set[tuple[int, Mark]] = set()
        self._entries: list[Entry] = []
        self._rows: dict[tuple[int, str], Any] = {}
        self._growing: dict[tuple[int, str], Growth] = {}

    def foresee(self, told: Iterable[tuple[Team, Draft]]) -> None:
        """Asks once what of all this is known already."""
        marks: dict[int, set[Mark]] = defaultdict(set)
        for team, draft in told:
            marks[team.pk] |= needs(with_stored_keys(draft))
        for team_id, asked in marks.items():
            heard = self._heard_of(team_id, asked)
            self._unheard |= {(team_id, mark) for mark in asked - heard}

    def _heard_of(self, team_id: int, marks: set[Mark]) -> set[Mark]:
        heard: set[Mark] = set()
        left = iter(marks)
        while some := list(islice(left, MOST_ASKED)):
            for key, batch, alike, rewritten in self._sources.met(team_id, **_by_column(some)):
                heard |= {("key", key), ("batch", batch), *([("alike", alike)] * rewritten)}
        return heard

    def tell(self, draft: Draft, whose: Whose) -> Told:
        draft = with_stored_keys(draft)
        if self._is_unheard(draft, whose.team):
            told = self._begin(draft, whose)
        else:
            self.store()
            told = self._sources.tell_known(draft, whose)
        self.hear(whose.team, needs(draft))
        return told

    def _is_unheard(self, draft: Draft, team: Team) -> bool:
        """Of what would grow, history written anew is looked at more closely; and without anything
        that is new there is nothing to add."""
        plain = not isinstance(draft, Growing)
        begins = plain or bool(draft.details) and not isinstance(draft, Rewritten)
        return begins and all((team.pk, mark) in self._unheard for mark in needs(draft))

    def hear(self, team: Team, marks: Iterable[Mark]) -> None:
        """From now on something of this is known."""
        self._unheard.difference_update((team.pk, mark) for mark in marks)

    def _begin(self, draft: Draft, whose: Whose) -> Told:
        if isinstance(draft, Growing):
            details = list({detail.key: detail for detail in draft.details}.values())
            return self.collect(draft, details, whose)
        entry = Entry.of(draft, **whose._asdict())
        self._entries.append(entry)
        if draft.key:
            self._rows[whose.team.pk, draft.key] = self._sources.beginning(entry, draft)
        parts = (*draft.details, *map(Detail, draft.stands_for))
        self._add(entry, parts, imported=draft.imported)
        return Told(Change.CREATED, entry)

    def _add(self, entry: Entry, details: Iterable[Detail], **more: Any) -> None:
        for detail in details:
            part = self._sources.part(entry, detail, **more)
            self._rows.setdefault((entry.team_id, detail.key), part)

    def collect(self, draft: Growing, details: list[Detail], whose: Whose) -> Told:
        """These details, which are new, join the one entry of their person and day."""
        growth = self._growth(draft, whose)
        if growth.entry.deleted_by_id:
            return Told(Change.STAYS_DELETED, growth.entry)
        change, written_anew = growth.take(draft, details), isinstance(draft, Rewritten)
        more = {"batch": draft.batch, "rewritten": written_anew, "imported": draft.imported}
        self._add(growth.entry, details, **more)
        return Told(change, growth.entry)

    def _growth(self, draft: Growing, whose: Whose) -> Growth:
        at = draft.occurred_at or timezone.now()
        day = draft.day_for(whose.user.day_of(at))
        key = stored_key(draft.key_on(day, who=whose.user.hash_id))
        place = whose.team.pk, key
        if place not in self._growing:
            known = self._sources.known(whose.team, key)
            there = known if known and known.entry else self._unborn(key, draft, whose)
            self._growing[place] = Growth(there)
        return self._growing[place]

    def _unborn(self, key: str, draft: Growing, whose: Whose) -> Any:
        entry = Entry.of(draft, **whose._asdict())
        self._entries.append(entry)
        row = self._sources.model(team=whose.team, key=key, entry=entry, imported=draft.imported)
        self._rows[whose.team.pk, key] = row
        return row

    @transaction.atomic(savepoint=False)
    def store(self) -> None:
        """All that was told of so far."""
        entries, rows, growing = self._entries, self._rows, self._growing.values()
        self._entries, self._rows, self._growing = [], {}, {}
        born = [each for each in growing if each.is_born]
        for growth in growing:
            if not growth.is_born:
                growth.entry.begin_to_grow(growth.told, growth.count)
        Entry.objects.bear(entries)
        store(list(rows.values()))
        for growth in born:
            growth.grow()

    def make_way(self, key: str, team: Team) -> None:
        """Something else is about to be said of what is known by this key."""
        self.store()
        self.hear(team, _marks(key=[stored_key(key)]))


def needs(draft: Draft) -> set[Mark]:
    """By which rows could be found that this draft would touch, but for the one of its person and
    day."""
    keys = {draft.key, *draft.stands_for, *(detail.key for detail in draft.details)}
    if not isinstance(draft, Growing):
        return _marks(key=keys, batch=draft.stands_for)
    keys = keys - {draft.key} | {draft.batch}
    return _marks(key=keys, alike=(detail.alike for detail in draft.details))


def _marks(**values: Iterable[str]) -> set[Mark]:
    return {(column, value) for column, found in values.items() for value in found if value}


def _by_column(marks: Iterable[Mark]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = defaultdict(list)
    for column, value in marks:
        values[column].append(value)
    return values
