"""Dones and the goals that they completed elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from idonethis.entries.models import Entry, Source
from idonethis.entries.models.thing import stored_key
from idonethis.porting.brought import Brought
from idonethis.porting.reading.archive import key_of
from idonethis.teams.models import Team


def tie(team: Team, rows: Iterable[Brought], *, imported: str) -> None:
    """Dones to the goals that they complete, once both are there. What this import has not brought
    stays as it is."""
    pairs = {row.key: key_of(row.entry.completes) for row in rows if row.entry.completes}
    keys = {stored_key(key) for pair in pairs.items() for key in pair}
    found = Source.objects.filter(team=team, key__in=keys, imported=imported).exclude(entry=None)
    entries = dict(found.values_list("key", "entry_id"))
    for done, goal in pairs.items():
        ours = entries.get(stored_key(done)), entries.get(stored_key(goal))
        if all(ours) and not Entry.objects.filter(completes=ours[1]).exists():
            Entry.objects.filter(pk=ours[0], completes=None).update(completes=ours[1])
