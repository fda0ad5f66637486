"""Dones and the goals that they completed elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from idonethis.entries.models import Entry, Source
from idonethis.entries.models.thing import stored_key
from idonethis.porting.brought import Brought, key_of
from idonethis.teams.models import Team


def tie(team: Team, rows: Iterable[Brought], *, imported: str) -> None:
    """Dones to the goals that they complete, once both are there. What this import has not brought
    stays as it is."""
    pairs = {row.key: key_of(row.entry.completes) for row in rows if row.entry.completes}
    keys = {stored_key(key) for pair in pairs.items() for key in pair}
    found = Source.objects.filter(team=team, key__in=keys, imported=imported).exclude(entry=None)
    entries = dict(found.values_list("key", "entry_id"))
    for pair in pairs.items():
        done, goal = (entries.get(stored_key(key)) for key in pair)
        if done and goal and not Entry.objects.filter(completes=goal).exists():
            Entry.objects.filter(pk=done, completes=None).update(completes=goal)
