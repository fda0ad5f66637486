"""How what was told is forgotten as if it had never been. What people have changed, completed,
removed or talked about stays as they left it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db import models, transaction

from idonethis.entries.drafts import Draft, Growing, Origin
from idonethis.entries.models.entry import Entry
from idonethis.entries.models.gathering import Gathering
from idonethis.entries.models.thing import Thing, stored_key, with_stored_keys
from idonethis.entries.models.told import Change, Told
from idonethis.teams.models import Team

AnyThing = TypeVar("AnyThing", bound=Thing)


class Retelling(Gathering[AnyThing]):
    @transaction.atomic(savepoint=False)
    def untell(self, draft: Draft, *, team: Team, origin: Origin) -> Told:
        """The entry of this draft goes, or loses what this draft brought to it; not where it came
        from elsewhere."""
        if isinstance(draft, Growing):
            return self._scatter(with_stored_keys(draft), team, origin)
        return self.forget(draft.key, team=team, origin=origin)

    @transaction.atomic(savepoint=False)
    def forget(self, key: str, *, team: Team, origin: Origin) -> Told:
        """The entry under this key goes, and with it all that is known of it: told again, it is a
        new one. What it had taken over from others, they count again."""
        source = self.known(team, stored_key(key))
        entry = source.entry if source else None
        if entry is None or entry.deleted_at or entry.origin != origin.link:
            return Told(Change.NOTHING_THERE, entry)
        if not Entry.objects.untouched().filter(pk=entry.pk).exists():
            return Told(Change.UNCHANGED, entry)
        regained = self._give_back(entry)
        entry.sources.all().delete()
        entry.delete_softly(by=None)
        return Told(Change.RETRACTED, entry, regained)

    def _give_back(self, entry: Entry) -> tuple[Entry, ...]:
        lent = self.filter(entry=entry).exclude(counted_in=None)
        owners = tuple(Entry.objects.filter(pk__in=list(lent.values_list("counted_in", flat=True))))
        lent.update(entry=models.F("counted_in"), counted_in=None)
        for owner in owners:
            owner.regain()
        return owners

    def _scatter(self, draft: Growing, team: Team, origin: Origin) -> Told:
        keys = [detail.key for detail in draft.details]
        counted = self.filter(team=team, key__in=keys, entry__origin=origin.link)
        counted = counted.filter(entry__deleted_at=None).exclude(entry__counted_body="")
        found = list(Entry.objects.filter(pk__in=list(counted.values_list("entry", flat=True))))
        untouched = Entry.objects.untouched().filter(pk__in=[entry.pk for entry in found])
        losing = list(untouched)
        counted.filter(entry__in=losing).delete()
        touched = next((entry for entry in found if entry not in losing), None)
        kept = Told(Change.UNCHANGED, touched) if touched else Told(Change.NOTHING_THERE)
        return _recounted(losing, kept)


def _recounted(losing: Iterable[Entry], told: Told) -> Told:
    for entry in losing:
        entry.recount()
        told = Told(Change.RETRACTED if entry.deleted_at else Change.UPDATED, entry)
        if entry.deleted_at:
            entry.sources.all().delete()
    return told
