"""How rows of elsewhere become entries: whole, as old as they are, and nobody is told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models

from idonethis import ids
from idonethis.accounts.models import User
from idonethis.entries import text
from idonethis.entries.models import Comment, Entry, Like, Source, Tag
from idonethis.entries.models.thing import stored_key
from idonethis.porting.brought import Brought
from idonethis.porting.lines import Logged, Said
from idonethis.porting.models.whose import Whose
from idonethis.teams.models import Membership, Team

#: What our own names look like; one of elsewhere that does is kept, where nothing has it yet.
OURS = re.compile(r"[0-9a-f]{12}")
#: Of tables whose rows have many columns, so many rows in one statement.
BATCH = 50


@dataclass
class Storing:
    """``imported`` is the import, ``began`` when: what has changed since then was changed here."""

    whose: Whose
    imported: str
    began: datetime
    #: What of the entries could not come along, since nobody knows whose it is.
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def _team(self) -> Team:
        return self.whose.team

    def store(self, fresh: Sequence[tuple[Brought, User]]) -> list[Entry]:
        free = self._free_names(row.entry.hash_id for row, _ in fresh)
        entries = [self._entry(row.entry, user, free) for row, user in fresh]
        _keep_dated(entries, "created_at", "updated_at")
        made = list(zip(entries, [row for row, _ in fresh], strict=True))
        self._name(made)
        self._talk(made)
        return entries

    def _free_names(self, names: Iterable[str]) -> set[str]:
        ours = {name for name in names if OURS.fullmatch(name)}
        taken = Entry.objects.filter(hash_id__in=ours).values_list("hash_id", flat=True)
        return ours - set(taken)

    def _entry(self, said: Logged, user: User, free: set[str]) -> Entry:
        created = min(said.created_at or self.began, self.began)
        return Entry(
            hash_id=_taken_from(free, said.hash_id),
            team=self._team,
            user=user,
            kind=said.status,
            body=said.body,
            url=text.address(said.url),
            occurred_on=said.occurred_on,
            occurred_at=said.occurred_at or _moment(said, user),
            completed_on=said.completed_on,
            archived_at=said.archived_at,
            edited_at=said.edited_at,
            touched_at=said.touched_at,
            created_by=said.created_by,
            origin_label=said.origin_label,
            counted_body=said.counted_body,
            imported=self.imported,
            created_at=created,
            updated_at=min(said.updated_at or created, self.began),
        )

    def _name(self, made: Sequence[tuple[Entry, Brought]]) -> None:
        """By what they are known again, what they are tagged with and whom they mention."""
        Source.objects.bulk_create(self._sources(made), batch_size=BATCH)
        Tag.objects.bulk_create(
            Tag(entry=entry, name=name)
            for entry, row in made
            for name in dict.fromkeys(
                sorted(text.tags_in(entry.body)) if row.entry.tags is None else row.entry.tags
            )
        )
        through: Any = Entry.mentioned.through
        through.objects.bulk_create(
            through(entry_id=entry.pk, user_id=pk)
            for entry, row in made
            for pk in self._mentioned(row.entry)
        )

    def _sources(self, made: Sequence[tuple[Entry, Brought]]) -> Iterator[Source]:
        """A thing elsewhere for which the team has an entry already stays with that one."""
        details = {detail.key for _, row in made for detail in row.entry.details}
        known = Source.objects.filter(team=self._team, key__in=details)
        seen = {*known.values_list("key", flat=True), *(stored_key(row.key) for _, row in made)}
        for entry, row in made:
            common = {"team": self._team, "entry": entry, "imported": self.imported}
            yield Source(key=stored_key(row.key), **common)
            for detail in row.entry.details:
                if detail.key not in seen:
                    seen.add(detail.key)
                    url = text.address(detail.url)
                    more = {"alike": detail.alike, "batch": detail.batch, "url": url}
                    yield Source(key=detail.key, text=detail.text, **more, **common)

    def _mentioned(self, said: Logged) -> set[int]:
        if said.mentioned is not None:
            return {user.pk for key in said.mentioned if (user := self.whose.of(key))}
        names = text.mentions_in(said.body)
        return {pk for name, pk in self._nicknames if name in names} if names else set()

    @cached_property
    def _nicknames(self) -> list[tuple[str, int]]:
        called = Membership.objects.nicknamed([self._team.pk])
        return [(name.lower(), pk) for _, pk, name in called]

    def _talk(self, made: Sequence[tuple[Entry, Brought]]) -> None:
        said = [(entry, each) for entry, row in made for each in row.entry.comments]
        free = self._free_comments(each for _, each in said)
        comments = [
            Comment(
                hash_id=_taken_from(free, each.hash_id),
                entry=entry,
                user=user,
                body=each.body,
                created_at=each.created_at,
            )
            for entry, each in said
            if (user := self._known(each.person, "comments"))
        ]
        _keep_dated(comments, "created_at")
        liked = {
            (entry.pk, user.pk): Like(entry=entry, user=user, created_at=each.created_at)
            for entry, row in made
            for each in row.entry.likes
            if (user := self._known(each.person, "likes"))
        }
        _keep_dated(list(liked.values()), "created_at")

    def _free_comments(self, said: Iterable[Said]) -> set[str]:
        names = {each.hash_id for each in said if OURS.fullmatch(each.hash_id)}
        taken = Comment.objects.filter(hash_id__in=names).values_list("hash_id", flat=True)
        return names - set(taken)

    def _known(self, key: str, what: str) -> User | None:
        found = self.whose.of(key)
        self.left_out[what] += found is None
        return found


def _taken_from(free: set[str], name: str) -> str:
    """The name that it had elsewhere, or a new one."""
    if name not in free:
        return ids.hash_id()
    free.remove(name)
    return name


def _moment(said: Logged, user: User) -> datetime:
    """Where only the day is known: when it was written down, if that was the day; else noon."""
    if said.created_at and user.day_of(said.created_at) == said.occurred_on:
        return said.created_at
    return datetime.combine(said.occurred_on, time(12), ZoneInfo(user.time_zone))


def _keep_dated(rows: Sequence[models.Model], *names: str) -> None:
    """Django dates by itself what is new to it."""
    dates = [{name: getattr(row, name) for name in names} for row in rows]
    for model in {type(row) for row in rows}:
        model._base_manager.bulk_create(rows, batch_size=BATCH)
        for row, known in zip(rows, dates, strict=True):
            vars(row).update(known)
        model._base_manager.bulk_update(rows, names, batch_size=BATCH)
