"""How single things, such as commits, become details of one entry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models

from idonethis.entries.drafts import Detail, Growing, Rewritten
from idonethis.entries.models.births import Births, Whose
from idonethis.entries.models.entry import Entry
from idonethis.entries.models.thing import LONGEST_DETAIL, Thing
from idonethis.entries.models.told import Change, Told
from idonethis.entries.text import address, clean
from idonethis.teams.models import Team

AnyThing = TypeVar("AnyThing", bound=Thing)


class Gathering(models.QuerySet[AnyThing]):
    def known(self, team: Team, key: str) -> AnyThing | None:
        found = self.filter(team=team, key=key).select_related("entry__team", "entry__user")
        return found.first() if key else None

    def gather(self, draft: Growing, whose: Whose) -> Told:
        """The details that the team does not know yet join an entry: the one that stands for their
        batch, else that of their person and day."""
        rows = self._met(draft, whose.team)
        details = _unlike(draft, rows)
        described = _describe(details, rows)
        known = {row.key for row in rows}
        told = self._place(draft, [d for d in details if d.key not in known], rows, whose=whose)
        if not draft.imported:
            _come_by_themselves(details, rows)
        if not isinstance(draft, Rewritten):
            self._make_way(draft, rows)
        if described and told.change is Change.UNCHANGED:
            return Told(Change.MERGED, told.entry)
        return told

    def _met(self, draft: Growing, team: Team) -> list[AnyThing]:
        """What the team knows under these keys, or as the same work under other ones. Of an entry
        that was disowned nothing is known."""
        keys = [draft.batch, *(detail.key for detail in draft.details)]
        alike = models.Q(alike__in=[detail.alike for detail in draft.details if detail.alike])
        if not isinstance(draft, Rewritten):
            alike &= models.Q(rewritten=True)
        met = self.filter(models.Q(key__in=keys) | alike, team=team).select_related("entry__team")
        if forgotten := [row.pk for row in met if row.entry_id is None]:
            self.filter(pk__in=forgotten).delete()
        return [row for row in met if row.entry_id]

    def _place(
        self, draft: Growing, fresh: list[Detail], rows: list[AnyThing], *, whose: Whose
    ) -> Told:
        if holder := _holder(draft, rows):
            self.add(holder, fresh, batch=draft.batch, imported=draft.imported)
            return Told(Change.MERGED if fresh else Change.UNCHANGED, holder)
        if fresh:
            return self._collect(draft, fresh, whose)
        return Told(Change.UNCHANGED, rows[0].entry if rows else None)

    def _collect(self, draft: Growing, details: list[Detail], whose: Whose) -> Told:
        births = Births(self)
        told = births.collect(draft, details, whose)
        births.store()
        return told

    def add(self, entry: Entry, details: Iterable[Detail], **more: Any) -> None:
        self.bulk_create(self.part(entry, detail, **more) for detail in details)

    def part(self, entry: Entry, detail: Detail, **more: Any) -> AnyThing:
        """Not stored yet."""
        return self.model(
            team=entry.team,
            entry=entry,
            key=detail.key,
            text=clean(detail.text)[:LONGEST_DETAIL],
            url=address(detail.url),
            alike=detail.alike,
            **more,
        )

    def add_unknown(self, entry: Entry, details: Iterable[Detail], *, imported: str) -> None:
        """Those that the team knows stay where they are."""
        wanted = {detail.key: detail for detail in details}
        rows = list(self.filter(team=entry.team, key__in=wanted))
        _describe(wanted.values(), rows)
        if not imported:
            _come_by_themselves(wanted.values(), rows)
        known = {row.key for row in rows}
        fresh = [detail for key, detail in wanted.items() if key not in known]
        self.add(entry, fresh, imported=imported)

    def _make_way(self, draft: Growing, rows: list[AnyThing]) -> None:
        """Where the originals have come after all, their rewritten copies count no more."""
        keys = {detail.key for detail in draft.details}
        copies = [row for row in rows if row.rewritten]
        originals = [row.pk for row in copies if row.key in keys]
        others = {row.pk: row.entry for row in copies if row.key not in keys}
        self.filter(pk__in=originals).update(rewritten=False)
        self.filter(pk__in=others).delete()
        for entry in {entry for entry in others.values() if entry}:
            entry.recount()


def _unlike(draft: Growing, rows: Iterable[Thing]) -> list[Detail]:
    """Each detail once; in a history written anew, only work that is not there in another form."""
    details = {detail.key: detail for detail in draft.details}
    if not isinstance(draft, Rewritten):
        return list(details.values())
    known = {row.alike for row in rows if row.alike}
    return [detail for detail in details.values() if detail.alike not in known]


def _describe(details: Iterable[Detail], rows: Iterable[Thing]) -> bool:
    """Whether it was not yet known what one of these details is."""
    by_key = {row.key: row for row in rows if row.is_bare}
    bare = [detail for detail in details if detail.key in by_key and detail.text]
    for detail in bare:
        by_key[detail.key].describe(detail)
    return bool(bare)


def _come_by_themselves(details: Iterable[Detail], rows: Iterable[Thing]) -> None:
    """What an import had brought before these details came in like everything else."""
    keys = {detail.key for detail in details}
    for row in rows:
        if row.imported and row.key in keys:
            row.come_by_itself()


def _holder(draft: Growing, rows: Iterable[Thing]) -> Entry | None:
    """The entry that stands for the batch, if it does not count details itself."""
    entries = [row.entry for row in rows if row.key == draft.batch and row.entry]
    return next((entry for entry in entries if not entry.counted_body), None)
