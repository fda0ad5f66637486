"""How an entry follows today's rules, where nothing says when its words were true."""

from __future__ import annotations

from idonethis.entries.drafts import Detail, Draft, Growing
from idonethis.entries.models.entry import Entry
from idonethis.entries.models.thing import LONGEST_DETAIL
from idonethis.entries.text import address, clean


def say_anew(entry: Entry, draft: Draft) -> bool:
    """For the event that once made this entry; whether it changes. What a person has written or
    deleted stays, and so do words that carry a time."""
    if entry.edited_at or entry.deleted_at:
        return False
    if isinstance(draft, Growing):
        return _sum_up_anew(entry, draft)
    return not entry.sources.exclude(as_of=None).exists() and entry.hear(draft.body)


def _sum_up_anew(entry: Entry, draft: Growing) -> bool:
    described = _describe_anew(entry, draft)
    later = draft.occurred_at is None or draft.occurred_at >= entry.occurred_at
    words = draft.body[: Entry.LONGEST_COUNTED]
    if entry.counted_body and (described or (later and words != entry.counted_body)):
        entry.grow(draft)
        return True
    if described:
        entry.changed()
    return described


def _describe_anew(entry: Entry, draft: Growing) -> bool:
    wanted = {detail.key: detail for detail in draft.details}
    rows = entry.details.filter(key__in=wanted)
    changed = [row for row in rows if _shown(wanted[row.key]) != (row.text, row.url)]
    for row in changed:
        row.describe(wanted[row.key])
    return bool(changed)


def _shown(detail: Detail) -> tuple[str, str]:
    return clean(detail.text)[:LONGEST_DETAIL], address(detail.url)
