"""What entries stand for elsewhere, each thing once a team: the memory that makes an entry
exactly one however often, and in whatever order, its events arrive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from django.db import models, transaction
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries.drafts import Detail, Draft, Growing, Origin, Retitle, Retract, Rewritten
from idonethis.entries.models.entry import Entry
from idonethis.teams.models import Team


class Change(Enum):
    """What became of a draft."""

    CREATED = "created"
    UPDATED = "updated"
    MERGED = "merged"
    RETRACTED = "retracted"
    UNCHANGED = "unchanged"
    STAYS_DELETED = "stays deleted"
    NOTHING_THERE = "nothing there"
    NOT_THEIRS = "not theirs"
    OVERTAKEN = "overtaken"


class Told(NamedTuple):
    change: Change
    entry: Entry | None = None


class SourceQuerySet(models.QuerySet["Source"]):
    def known(self, team: Team, key: str) -> Source | None:
        found = self.filter(team=team, key=key).select_related("entry__team", "entry__user")
        return found.first() if key else None

    @transaction.atomic(savepoint=False)
    def tell(self, draft: Draft, *, team: Team, user: User, origin: Origin) -> Told:
        """Makes the entry that the draft asks for, or brings the one that exists up to date."""
        if isinstance(draft, Growing):
            return self._gather(draft, team=team, user=user, origin=origin)
        source = self.known(team, draft.key)
        if source and source.entry:
            return source.follow(source.entry, draft)
        if source and source.overtakes(draft):
            return Told(Change.OVERTAKEN)
        if source and source.is_newer_than(draft):
            draft = replace(draft, body=source.text, as_of=source.as_of)
        entry = Entry.objects.log(draft, team=team, user=user, origin=origin)
        self._remember(entry, draft, source)
        if draft.stands_for:
            self._absorb(entry, draft.stands_for)
        return Told(Change.CREATED, entry)

    def _remember(self, entry: Entry, draft: Draft, source: Source | None) -> None:
        if draft.key:
            source = source or Source(team=entry.team, key=draft.key)
            source.entry, source.as_of, source.text = entry, draft.as_of, ""
            source.save()
        if draft.details:
            self._add(entry, draft.details, batch="")

    def _add(self, entry: Entry, details: Iterable[Detail], *, batch: str) -> int:
        """How many of these details are new to the team; they now belong to this entry."""
        wanted = {detail.key: detail for detail in details}
        known = {source.key: source for source in self.filter(team=entry.team, key__in=wanted)}
        bare = [source for source in known.values() if source.is_bare_part_of(entry)]
        for source in bare:
            source.describe(wanted[source.key])
        new = {key: detail for key, detail in wanted.items() if key not in known}
        self.bulk_create(
            Source(
                team=entry.team,
                entry=entry,
                key=detail.key,
                text=detail.text[:300],
                url=detail.url,
                alike=detail.alike,
                batch=batch,
            )
            for detail in new.values()
        )
        return len(new) + sum(bool(source.text) for source in bare)

    def _absorb(self, entry: Entry, keys: Iterable[str]) -> None:
        """Takes over the details that this entry stands for, wherever they were counted before."""
        keys = list(keys)
        named = models.Q(key__in=keys) | models.Q(batch__in=keys)
        taken = self.filter(named, team=entry.team).exclude(entry=entry)
        losers = list(Entry.objects.filter(sources__in=taken).exclude(counted_body="").distinct())
        taken.filter(entry__in=losers).update(entry=entry)
        missing = [Detail(key) for key in keys]
        self._add(entry, missing, batch="")
        for loser in losers:
            loser.recount()

    def _gather(self, draft: Growing, *, team: Team, user: User, origin: Origin) -> Told:
        details = self._unlike(team, draft)
        if absorber := self._absorber(team, draft, details):
            added = self._add(absorber, details, batch=draft.batch)
            return Told(Change.MERGED if added else Change.UNCHANGED, absorber)
        day = user.day_of(draft.occurred_at or timezone.now())
        key = f"{draft.key}:{user.hash_id}:{day}"
        source = self.known(team, key)
        if source and source.entry:
            return self._grow(source.entry, draft, details)
        if not self._any_new(team, details):
            return Told(Change.UNCHANGED, self._entry_of(team, draft))
        entry = Entry.objects.log(draft, team=team, user=user, origin=origin)
        self.create(team=team, key=key, entry=entry)
        self._add(entry, details, batch=draft.batch)
        entry.counted_body = draft.body
        entry.body = entry.counted()
        entry.save(update_fields=["body", "counted_body"])
        return Told(Change.CREATED, entry)

    def _unlike(self, team: Team, draft: Growing) -> tuple[Detail, ...]:
        if not isinstance(draft, Rewritten):
            return draft.details
        alike = [detail.alike for detail in draft.details if detail.alike]
        known = set(self.filter(team=team, alike__in=alike).values_list("alike", flat=True))
        return tuple(detail for detail in draft.details if detail.alike not in known)

    def _absorber(self, team: Team, draft: Growing, details: Iterable[Detail]) -> Entry | None:
        keys = [draft.batch, *(detail.key for detail in details)]
        held = self.filter(team=team, key__in=keys, text="", entry__counted_body="")
        source = held.exclude(entry=None).select_related("entry__team").first()
        return source.entry if source else None

    def _grow(self, entry: Entry, draft: Growing, details: tuple[Detail, ...]) -> Told:
        if entry.deleted_by_id:
            return Told(Change.STAYS_DELETED, entry)
        if not self._add(entry, details, batch=draft.batch):
            return Told(Change.UNCHANGED, entry)
        entry.deleted_at = None
        entry.occurred_at = max(entry.occurred_at, draft.occurred_at or entry.occurred_at)
        entry.counted_body = draft.body
        entry.recount()
        return Told(Change.UPDATED, entry)

    def _any_new(self, team: Team, details: tuple[Detail, ...]) -> bool:
        keys = [detail.key for detail in details]
        return self.filter(team=team, key__in=keys).count() < len(set(keys))

    def _entry_of(self, team: Team, draft: Growing) -> Entry | None:
        keys = [detail.key for detail in draft.details]
        source = self.filter(team=team, key__in=keys).select_related("entry").first()
        return source.entry if source else None

    @transaction.atomic(savepoint=False)
    def retitle(self, words: Retitle, *, team: Team) -> Told:
        """Changes an existing entry's words, or keeps them for when its event arrives late."""
        source = self.known(team, words.key)
        if source and source.entry:
            return source.reword(source.entry, words.body, words.as_of)
        if not source or (source.as_of and words.as_of and words.as_of > source.as_of):
            later = {"text": words.body[:2000], "as_of": words.as_of}
            self.update_or_create(team=team, key=words.key, defaults=later)
        return Told(Change.NOTHING_THERE)

    @transaction.atomic(savepoint=False)
    def retract(self, retraction: Retract, *, team: Team, by: User | None) -> Told:
        """Takes the entry back; with ``by``, only that person's own."""
        source = self.known(team, retraction.key) or Source(team=team, key=retraction.key)
        if retraction.as_of and source.is_old_news(retraction.as_of):
            return Told(Change.UNCHANGED, source.entry)
        if retraction.as_of:
            source.as_of, source.text = retraction.as_of, ""
            source.save()
        if not source.entry or source.entry.deleted_at:
            return Told(Change.NOTHING_THERE, source.entry)
        if by and source.entry.user_id != by.pk:
            return Told(Change.NOT_THEIRS, source.entry)
        source.entry.delete_softly(by=by)
        return Told(Change.RETRACTED, source.entry)


class Source(models.Model):
    """One thing elsewhere that an entry stands for. With a text, it shows as a detail. Without an
    entry, it keeps the words of a thing whose own event has not arrived yet."""

    team = models.ForeignKey(Team, models.CASCADE)
    key = models.CharField(max_length=300)
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="sources")
    text = models.CharField(max_length=2000, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    alike = models.CharField(max_length=64, blank=True)
    batch = models.CharField(max_length=300, blank=True)
    as_of = models.DateTimeField(null=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "key"], name="once_a_team")]
        indexes = [
            models.Index(fields=["team", "batch"], name="by_batch"),
            models.Index(fields=["team", "alike"], name="by_likeness"),
        ]
        ordering = ["id"]

    def is_bare_part_of(self, entry: Entry) -> bool:
        """The entry was said to stand for this before anybody said what it is."""
        return self.entry_id == entry.pk and not self.text

    def describe(self, detail: Detail) -> None:
        self.text, self.url, self.alike = detail.text[:300], detail.url, detail.alike
        self.save(update_fields=["text", "url", "alike"])

    def overtakes(self, draft: Draft) -> bool:
        """The thing was taken back before this event of it arrived, and after it happened."""
        taken_back = self.entry_id is None and not self.text and self.as_of is not None
        return taken_back and (self.is_old_news(draft.as_of) or draft.as_of == self.as_of)

    def is_newer_than(self, draft: Draft) -> bool:
        return bool(self.text and (not (self.as_of and draft.as_of) or self.as_of > draft.as_of))

    def follow(self, entry: Entry, draft: Draft) -> Told:
        """The same event again: perhaps with newer words, perhaps after it was taken back."""
        if entry.deleted_by_id:
            return Told(Change.STAYS_DELETED, entry)
        if entry.deleted_at and (self.is_old_news(draft.as_of) or draft.as_of == self.as_of):
            return Told(Change.UNCHANGED, entry)
        if entry.deleted_at:
            entry.deleted_at, self.as_of = None, draft.as_of
            self.save(update_fields=["as_of"])
            entry.changed()
            return Told(Change.UPDATED, entry)
        return self.reword(entry, draft.body, draft.as_of)

    def reword(self, entry: Entry, body: str, as_of: datetime | None) -> Told:
        if self.is_old_news(as_of):
            return Told(Change.UNCHANGED, entry)
        self.as_of = as_of
        self.save(update_fields=["as_of"])
        if entry.edited_at or entry.deleted_at or entry.body == body:
            return Told(Change.UNCHANGED, entry)
        entry.body = body
        entry.changed()
        return Told(Change.UPDATED, entry)

    def is_old_news(self, as_of: datetime | None) -> bool:
        """Partners count in whole seconds: of two in the same second, the later arrival wins."""
        return as_of is None or bool(self.as_of and as_of < self.as_of)
