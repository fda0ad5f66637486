"""What entries stand for elsewhere, each thing once a team: the memory that makes an entry
exactly one however often, and in whatever order, its events arrive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db import models, transaction

from idonethis.accounts.models import User
from idonethis.entries.drafts import Detail, Draft, Growing, Origin, Retitle, Retract
from idonethis.entries.models.anew import say_anew
from idonethis.entries.models.births import Births, Whose
from idonethis.entries.models.entry import Entry
from idonethis.entries.models.retelling import Retelling
from idonethis.entries.models.thing import Thing, stored_key, with_stored_keys
from idonethis.entries.models.told import Change, Told
from idonethis.prepared import Prepared
from idonethis.teams.models import Team

Names = Iterable[str]


class SourceQuerySet(Retelling["Source"]):
    @transaction.atomic(savepoint=False)
    def tell(self, draft: Draft, *, team: Team, user: User, origin: Origin) -> Told:
        """Makes the entry that the draft asks for, or brings the one that exists up to date."""
        births = self.births()
        births.foresee([(team, draft)])
        told = births.tell(draft, Whose(team, user, origin))
        births.store()
        return told

    def births(self) -> Births:
        """To tell of many together."""
        return Births(self)

    def met(
        self, team_id: int, *, key: Names = (), batch: Names = (), alike: Names = ()
    ) -> list[tuple[str, str, str, bool]]:
        """Key, batch, likeness, and whether it was written anew, of what is known by one of
        these."""
        return MET(team_id, list(key), list(batch), list(alike))

    def tell_known(self, draft: Draft, whose: Whose) -> Told:
        """Of a draft with stored keys, of which something may be known already."""
        team = whose.team
        if isinstance(draft, Growing):
            return self.gather(draft, whose)
        source = self.known(team, draft.key)
        if source and source.is_part:
            return source.reword_part(draft.body, draft.as_of)
        if source and source.entry:
            told = source.follow(source.entry, draft)
            if source.imported and not draft.imported:
                source.come_by_itself()
        elif source and source.overtakes(draft):
            return Told(Change.OVERTAKEN)
        else:
            told = Told(Change.CREATED, self._begin(source, draft, whose))
        self._absorb(told.entry, draft)
        return told

    @transaction.atomic(savepoint=False)
    def tell_on_day(self, draft: Draft, *, team: Team, user: User, origin: Origin) -> Told:
        """The same, of what a person says by a program, on the very day that they name: a goal may
        be for a day to come, which what has happened never is."""
        told = self.tell(draft, team=team, user=user, origin=origin)
        if told.entry and told.change is Change.CREATED and draft.day:
            told.entry.move_to(draft.day)
        return told

    def is_entry(self, key: str, *, team: Team) -> bool:
        """Whether an entry stands for this already."""
        source = self.known(team, stored_key(key))
        return source is not None and source.entry_id is not None

    def made_by(self, drafts: Iterable[Draft], *, team: Team) -> list[Entry]:
        """The entries that these made, untouched by people. One that only counts what they bring
        among its details, because it stands for it, is not theirs."""
        drafts = [with_stored_keys(draft) for draft in drafts]
        growing = [draft for draft in drafts if isinstance(draft, Growing)]
        keys = [draft.key for draft in drafts if not isinstance(draft, Growing)]
        parts = [detail.key for draft in growing for detail in draft.details]
        counted = ~models.Q(entry__counted_body="")
        theirs = self.filter(models.Q(key__in=keys) | models.Q(key__in=parts) & counted, team=team)
        untouched = Entry.objects.untouched().filter(pk__in=theirs.values("entry"))
        return list(untouched.select_related("team", "user"))

    @transaction.atomic(savepoint=False)
    def retell(self, draft: Draft, *, team: Team, user: User, origin: Origin) -> Told:
        """The same, for an event that was told before and is read again by today's rules."""
        told = self.tell(draft, team=team, user=user, origin=origin)
        if told.entry is None or told.change is Change.CREATED:
            return told
        changes = say_anew(told.entry, with_stored_keys(draft), origin)
        is_news = changes and told.change is Change.UNCHANGED
        return told._replace(change=Change.UPDATED) if is_news else told

    def beginning(self, entry: Entry, draft: Draft) -> Source:
        """What stands for this new entry, not stored yet."""
        source = self.model(team=entry.team, key=draft.key)
        source.stand_for(entry, draft)
        return source

    def _begin(self, source: Source | None, draft: Draft, whose: Whose) -> Entry:
        later = source and source.has_later_words_than(draft)
        born = replace(draft, body=source.text) if source and later else draft
        entry = Entry.objects.log(born, **whose._asdict())
        if draft.key:
            (source or self.model(team=whose.team, key=draft.key)).begin(entry, draft)
        return entry

    def _absorb(self, entry: Entry | None, draft: Draft) -> None:
        if entry and draft.details:
            self.add_unknown(entry, draft.details, imported=draft.imported)
        if entry and draft.stands_for:
            self._take_over(entry, draft)

    def _take_over(self, entry: Entry, draft: Draft) -> None:
        """The details that this entry stands for, wherever they were counted before."""
        keys = draft.stands_for
        named = models.Q(key__in=keys) | models.Q(batch__in=keys)
        taken = self.filter(named, team=entry.team).exclude(entry=entry)
        losers = _move(taken, entry) if taken.exists() else []
        self.add_unknown(entry, [Detail(key) for key in keys], imported=draft.imported)
        for loser in losers:
            loser.recount()

    @transaction.atomic(savepoint=False)
    def retitle(self, words: Retitle, *, team: Team) -> Told:
        """Changes an existing entry's words, or keeps them for when its event arrives late."""
        key = stored_key(words.key)
        source = self.known(team, key) or self.model(team=team, key=key)
        if source.is_part:
            return source.reword_part(words.body, words.as_of)
        if source.entry:
            return source.reword(source.entry, words.body, words.as_of)
        source.keep_words(words.body, words.as_of)
        return Told(Change.NOTHING_THERE)

    @transaction.atomic(savepoint=False)
    def retract(self, retraction: Retract, *, team: Team, by: User | None) -> Told:
        """Takes the entry back; with ``by``, only that person's own."""
        key = stored_key(retraction.key)
        source = self.known(team, key) or self.model(team=team, key=key)
        if by and source.entry is None:
            return Told(Change.NOTHING_THERE)
        if by and source.entry and source.entry.user_id != by.pk:
            return Told(Change.NOT_THEIRS, source.entry)
        if source.is_part:
            return source.leave()
        return source.take_back(retraction.as_of, by=by)


def _move(details: SourceQuerySet, entry: Entry) -> list[Entry]:
    """Returns whose they were. Nearly always there are none, and then nothing of this is asked."""
    losers = list(Entry.objects.filter(sources__in=details).exclude(counted_body="").distinct())
    free = details.filter(models.Q(entry__in=losers) | models.Q(entry=None))
    free.update(counted_in=models.F("entry"), entry=entry)
    return losers


#: Each column is asked about by an index of its own.
MET = Prepared(
    lambda team, keys, batches, alikes: Source.objects.filter(
        models.Q(key__in=keys) | models.Q(batch__in=batches) | models.Q(alike__in=alikes),
        team=team,
    ).values_list("key", "batch", "alike", "rewritten")
)


class Source(Thing):
    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "key"], name="once_a_team")]
        indexes = [
            models.Index(fields=["team", "batch"], name="by_batch"),
            models.Index(fields=["team", "alike"], name="by_likeness"),
            models.Index(
                fields=["imported"], condition=models.Q(imported__gt=""), name="imported_sources"
            ),
            models.Index(
                fields=["counted_in"],
                condition=models.Q(counted_in__isnull=False),
                name="lent_sources",
            ),
        ]
        ordering = ["id"]
