from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from idonethis.accounts.models import User
from idonethis.entries.drafts import Detail, Draft, Growing
from idonethis.entries.models.entry import Entry
from idonethis.entries.models.told import Change, Told
from idonethis.entries.text import LONGEST, LONGEST_ADDRESS, address, clean
from idonethis.ids import shortened
from idonethis.teams.models import Team

LONGEST_KEY = 300
LONGEST_DETAIL = 300

AnyDraft = TypeVar("AnyDraft", bound=Draft)


def stored_key(key: str) -> str:
    """A key as a row can hold it. Of a long one the end becomes a digest, so that two stay two."""
    return clean(shortened(key, LONGEST_KEY))


def with_stored_keys(draft: AnyDraft) -> AnyDraft:
    """Nearly always the draft itself."""
    if all(stored_key(key) == key for key in _keys(draft)):
        return draft
    changes: dict[str, Any] = {
        "key": stored_key(draft.key),
        "details": tuple(replace(each, key=stored_key(each.key)) for each in draft.details),
        "stands_for": tuple(map(stored_key, draft.stands_for)),
    }
    if isinstance(draft, Growing):
        changes["batch"] = stored_key(draft.batch)
    return replace(draft, **changes)


def _keys(draft: Draft) -> Iterator[str]:
    yield draft.key
    yield from draft.stands_for
    yield from (detail.key for detail in draft.details)
    if isinstance(draft, Growing):
        yield draft.batch


class Thing(models.Model):
    """One thing elsewhere that an entry stands for. With a text, it shows as a detail. Without an
    entry, it keeps what was said of a thing whose own event has not arrived yet.

    What is said of a thing may arrive late. So each row keeps when its words were true, when it
    last happened and when it was last taken back; whatever is older changes nothing."""

    team = models.ForeignKey(Team, models.CASCADE)
    key = models.CharField(max_length=LONGEST_KEY)
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="sources")
    text = models.CharField(max_length=LONGEST, blank=True)
    url = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    alike = models.CharField(max_length=64, blank=True)
    batch = models.CharField(max_length=LONGEST_KEY, blank=True)
    #: The entry that counted it, before another one stood for it.
    counted_in = models.ForeignKey(
        Entry, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    #: A copy from when history was written anew; its original, should it come, takes its place.
    rewritten = models.BooleanField(default=False)
    #: The import that brought it, if it has not come in by itself, too.
    imported = models.CharField(max_length=12, blank=True)
    as_of = models.DateTimeField(null=True)
    stood_as_of = models.DateTimeField(null=True)
    retracted_as_of = models.DateTimeField(null=True)
    entry_id: int | None

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key

    @property
    def is_retracted(self) -> bool:
        """The latest that is known of it is that it did not happen after all."""
        back, happened = self.retracted_as_of, self.stood_as_of
        return back is not None and (happened is None or happened <= back)

    @property
    def is_bare(self) -> bool:
        """An entry was said to stand for this before anybody said what it is."""
        return self.entry_id is not None and not self.text

    @property
    def is_part(self) -> bool:
        """One of those that an entry sums up, not what the entry is."""
        return self.entry_id is not None and bool(self.text)

    def describe(self, detail: Detail) -> None:
        self.text, self.alike = clean(detail.text)[:LONGEST_DETAIL], detail.alike
        self.url = address(detail.url)
        self.save(update_fields=["text", "url", "alike"])

    def overtakes(self, draft: Draft) -> bool:
        """It was taken back before this event of it arrived, and after it happened."""
        back = self.retracted_as_of
        return back is not None and (draft.as_of is None or draft.as_of <= back)

    def has_later_words_than(self, draft: Draft) -> bool:
        return bool(self.text and (not (self.as_of and draft.as_of) or self.as_of > draft.as_of))

    def begin(self, entry: Entry, draft: Draft) -> None:
        """Its event has arrived and is this entry."""
        self.stand_for(entry, draft)
        self.save()

    def stand_for(self, entry: Entry, draft: Draft) -> None:
        if not self.has_later_words_than(draft):
            self.as_of = draft.as_of
        self.entry, self.text, self.stood_as_of = entry, "", draft.as_of
        self.imported = draft.imported

    def come_by_itself(self) -> None:
        """It was imported, and comes in like everything else now: no undo takes it away."""
        self.imported = ""
        self.save(update_fields=["imported"])
        if self.entry and self.entry.imported:
            self.entry.come_by_itself()

    def follow(self, entry: Entry, draft: Draft) -> Told:
        """The same event again: perhaps with newer words, perhaps after it was taken back."""
        if entry.deleted_by_id:
            return Told(Change.STAYS_DELETED, entry)
        if draft.as_of and not (self.stood_as_of and draft.as_of <= self.stood_as_of):
            self._note(stood_as_of=draft.as_of)
        comes_back = bool(entry.deleted_at and draft.as_of and not self.is_retracted)
        if comes_back:
            entry.restore()
        told = self.reword(entry, draft.body, draft.as_of)
        return Told(Change.UPDATED, entry) if comes_back else told

    def reword(self, entry: Entry, body: str, as_of: datetime | None) -> Told:
        """Partners count in whole seconds: of two in the same second, the later arrival wins."""
        if as_of is None or (self.as_of and as_of < self.as_of):
            return Told(Change.UNCHANGED, entry)
        if as_of != self.as_of:
            self._note(as_of=as_of)
        shows = entry.hear(body) and not entry.deleted_at
        return Told(Change.UPDATED if shows else Change.UNCHANGED, entry)

    def reword_part(self, body: str, as_of: datetime | None) -> Told:
        """Of what an entry sums up, only its own line changes."""
        line = clean(body)[:LONGEST_DETAIL]
        if as_of is None or (self.as_of and as_of < self.as_of) or line == self.text:
            return Told(Change.UNCHANGED, self.entry)
        self.text, self.as_of = line, as_of
        self.save(update_fields=["text", "as_of"])
        return Told(Change.MERGED, self.entry)

    def leave(self) -> Told:
        """It did not happen after all: the entry that sums it up counts one less."""
        entry = self.entry
        self.delete()
        if entry:
            entry.recount()
        return Told(Change.RETRACTED, entry)

    def keep_words(self, body: str, as_of: datetime | None) -> None:
        """For when its event arrives late."""
        if not self.text or (self.as_of and as_of and as_of > self.as_of):
            self.text, self.as_of = clean(body)[:LONGEST], as_of
            self.save()

    def take_back(self, as_of: datetime | None, *, by: User | None) -> Told:
        if as_of and self.retracted_as_of and as_of <= self.retracted_as_of:
            return Told(Change.UNCHANGED, self.entry)
        if since := as_of or self.stood_as_of:
            self._note(retracted_as_of=since)
        if self.entry is None or self.entry.deleted_at:
            return Told(Change.NOTHING_THERE, self.entry)
        if as_of and not self.is_retracted:
            return Told(Change.UNCHANGED, self.entry)
        self.entry.delete_softly(by=by)
        return Told(Change.RETRACTED, self.entry)

    def _note(self, **when: Any) -> None:
        """For every name that its entry goes by."""
        for name, value in when.items():
            setattr(self, name, value)
        if self.entry_id is None:
            self.save()
        else:
            names = type(self)._default_manager.filter(entry_id=self.entry_id, text="")
            names.update(**when)
