"""What a feed says, as plain values: the calendar and the Atom feed are two ways to write it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.text import Truncator

from idonethis import __version__
from idonethis.entries.models import Entry
from idonethis.entries.said import Said, said
from idonethis.entries.text import clean, tags_in
from idonethis.feeds.models import Feed

#: So far back it goes, and as far ahead.
DAYS = timedelta(days=90)
#: Longest title, in characters.
TITLE = 120
KINDS = {"done": "Done", "goal": "Goal", "blocked": "Blocker"}
#: No character of XML: https://www.w3.org/TR/xml/#charsets
_NONE = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True)
class Item:
    """``who`` said it; empty where all is of the one who reads."""

    name: str
    who: str
    whose: str
    team: str
    kind: str
    is_completed: bool
    line: Said
    body: str
    url: str
    page: str
    day: date
    at: datetime
    created_at: datetime
    updated_at: datetime
    revision: int

    @classmethod
    def of(cls, entry: Entry, *, who: str) -> Item:
        line = said(entry)
        return cls(
            name=entry.hash_id,
            who=who,
            whose=entry.user.hash_id,
            team=plain(str(entry.team)),
            kind=KINDS[entry.kind],
            is_completed=bool(entry.completed_on),
            line=line._replace(body=plain(line.body)),
            body=plain(entry.body),
            url=entry.url,
            page=settings.BASE_URL + entry.get_absolute_url(),
            day=entry.occurred_on,
            at=entry.occurred_at,
            created_at=entry.created_at,
            updated_at=entry.updated_at,
            revision=entry.revision,
        )

    @property
    def title(self) -> str:
        """``Ada Lovelace: ✓ Goal: Cast the gears``"""
        short = Truncator(self.line.body).chars(TITLE)
        said = short if self.kind == "Done" else f"{self.kind}: {short}"
        said = f"✓ {said}" if self.is_completed else said
        return f"{self.who}: {said}" if self.who else said

    @property
    def categories(self) -> list[str]:
        done = ["Done"] if self.is_completed else []
        return [self.kind, *done, *sorted(tags_in(self.body))]


@dataclass(frozen=True)
class Contents:
    """``reader``: whose feed it is."""

    title: str
    reader: str
    page: str
    items: tuple[Item, ...]
    #: Of its own it is no news.
    today: date = field(repr=False)
    version: str = __version__

    @classmethod
    def of(cls, feed: Feed, *, most: int) -> Contents:
        today = timezone.now().date()
        shown = feed.entries.filter(occurred_on__range=(today - DAYS, today + DAYS))[:most]
        items = tuple(Item.of(each, who=_who(feed, each)) for each in shown)
        title = f"{plain(str(feed))} (I Done This)"
        return cls(title, plain(str(feed.user)), feed.page, items, today)

    @property
    def digest(self) -> str:
        """Another one for whatever would be written otherwise."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    @property
    def changed_at(self) -> datetime:
        """Who asks by time alone hears the next day, at the latest, of what left no trace: what was
        removed, and whoever has another name."""
        morning = datetime.combine(self.today, time(), UTC)
        return max([morning, *(item.updated_at for item in self.items)])


def _who(feed: Feed, entry: Entry) -> str:
    return plain(str(entry.user)) if feed.team else ""


def plain(text: str) -> str:
    """Without what no calendar and no XML may hold; lines end in one way."""
    return _NONE.sub("", "\n".join(clean(text).splitlines()))
