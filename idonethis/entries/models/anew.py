"""How an entry follows today's rules: what it says and shows, where nothing says when that was
true."""

from __future__ import annotations

from idonethis.entries.drafts import Detail, Draft, Growing, Origin
from idonethis.entries.models.entry import Entry
from idonethis.entries.models.thing import LONGEST_DETAIL
from idonethis.entries.models.worded import counted
from idonethis.entries.text import LONGEST, address, clean


def say_anew(entry: Entry, draft: Draft, origin: Origin) -> bool:
    """For an event that once made this entry, or grew it; whether it changes. What a person has
    written or deleted stays, and so do words that carry a time, and what came from elsewhere."""
    entry.wait_for_others()
    if entry.edited_at or entry.deleted_at or entry.origin != origin.link:
        return False
    described, shown = _describe_anew(entry, draft), _shown(entry, draft, origin)
    changes = {name: value for name, value in shown.items() if getattr(entry, name) != value}
    if described or changes:
        entry.show(**changes)
    return bool(described or changes)


def _describe_anew(entry: Entry, draft: Draft) -> bool:
    wanted = {detail.key: detail for detail in draft.details}
    rows = entry.details.filter(key__in=wanted)
    changed = [row for row in rows if _in_words(wanted[row.key]) != (row.text, row.url)]
    for row in changed:
        row.describe(wanted[row.key])
    return bool(changed)


def _in_words(detail: Detail) -> tuple[str, str]:
    return clean(detail.text)[:LONGEST_DETAIL], address(detail.url)


def _shown(entry: Entry, draft: Draft, origin: Origin) -> dict[str, str]:
    """Of what grows, the last that happened shows; nothing of what joined another entry."""
    seen = {"origin_label": origin.label[:120], "url": _url(entry, draft)}
    if not isinstance(draft, Growing):
        timed = entry.sources.exclude(as_of=None).exists()
        return seen if timed else seen | {"body": clean(draft.body)[:LONGEST]}
    if not entry.counted_body or (draft.occurred_at or entry.occurred_at) < entry.occurred_at:
        return {}
    words = draft.body[: Entry.LONGEST_COUNTED]
    return seen | {"counted_body": words, "body": counted(words, entry.details.count())}


def _url(entry: Entry, draft: Draft) -> str:
    """Of several events that are one entry, each may have an address: it keeps the one it has."""
    url = address(draft.url)
    return entry.url if url and entry.url else url
