from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries.drafts import Draft
from idonethis.entries.models.worded import Worded, counted
from idonethis.entries.text import address

#: How long a deleted entry can be brought back.
KEPT = timedelta(days=30)


class Lasting(Worded):
    """What becomes of an entry in the course of time. Nothing that is done to it here is for ever,
    and done twice it is done once."""

    occurred_at = models.DateTimeField()
    occurred_on = models.DateField()
    completed_on = models.DateField(null=True)
    completes = models.OneToOneField(
        "self", models.SET_NULL, null=True, related_name="completed_by"
    )
    archived_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    #: Nobody, where the source itself took the entry back.
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    deleted_by_id: int | None

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        over = self.completed_on or self.archived_at or self.deleted_at
        return self.kind in {kind.value for kind in self.OPEN} and not over

    @property
    def can_come_back(self) -> bool:
        return self.deleted_at is not None and self.deleted_at > timezone.now() - KEPT

    def its_done(self) -> Self:
        """The one done that completing this makes."""
        raise NotImplementedError

    @transaction.atomic
    def move_to(self, day: date) -> None:
        self.wait_for_others()
        if day != self.occurred_on:
            self.occurred_on, self.touched_at = day, timezone.now()
            self.changed()

    @transaction.atomic
    def complete(self, *, on: date) -> Self:
        """The goal is reached, the blocker is out of the way: a done of that day, tied to it.
        However often it is completed and opened again, that is one done."""
        self.wait_for_others()
        done = self.its_done()
        if not self.completed_on:
            self.completed_on, self.touched_at = on, timezone.now()
            self.changed()
            done._stand(on)
        return done

    def _stand(self, day: date) -> None:
        if self.deleted_at or self.occurred_on != day:
            self.occurred_on = day
            self.deleted_at = self.deleted_by = None
            self.changed()

    @transaction.atomic
    def reopen(self, *, by: User) -> None:
        """Undoes ``complete``: the goal is open again and the done it made is gone."""
        if self.completed_on:
            self.its_done().delete_softly(by=by)
        self._open()

    def _open(self) -> None:
        self.wait_for_others()
        if self.completed_on:
            self.completed_on = None
            self.changed()

    @transaction.atomic
    def archive(self) -> None:
        """Puts a goal or blocker away that nobody will complete."""
        self.wait_for_others()
        if not self.archived_at:
            self.archived_at = self.touched_at = timezone.now()
            self.changed()

    @transaction.atomic
    def unarchive(self) -> None:
        self.wait_for_others()
        if self.archived_at:
            self.archived_at = None
            self.changed()

    @transaction.atomic
    def delete_softly(self, *, by: User | None) -> None:
        """Without a name, its source took it back. A goal that it completed is open again."""
        self.wait_for_others()
        if self.deleted_at and (self.deleted_by_id or by is None):
            return
        self.deleted_at, self.deleted_by = self.deleted_at or timezone.now(), by
        self.changed()
        if self.completes:
            self.completes._open()

    @transaction.atomic
    def restore(self) -> None:
        self.wait_for_others()
        if self.deleted_at:
            self.deleted_at = self.deleted_by = None
            self.changed()
        if self.completes:
            self.completes.complete(on=self.occurred_on)

    @transaction.atomic
    def disown(self) -> None:
        """It was not what it seemed: it goes, and what it stood for may be told anew. What it had
        taken over from other entries waits for whatever stands for it next."""
        self.delete_softly(by=None)
        things: models.Manager[Any] = self.sources  # type: ignore[attr-defined]
        (things.all() if self.counted_body else things.filter(text="")).delete()
        things.update(entry=None)

    @transaction.atomic
    def grow(self, latest: Draft) -> None:
        """More has come of what it sums up. It shows the last that happened, whatever came last."""
        self.wait_for_others()
        self.deleted_at = None
        at = latest.occurred_at or self.occurred_at
        if at >= self.occurred_at:
            self.occurred_at, self.url = at, address(latest.url)
            self.counted_body = latest.body[: self.LONGEST_COUNTED]
        self._tell_count()

    @transaction.atomic
    def regain(self) -> None:
        """Some of what it sums up is back. It is, too, unless a person has removed it."""
        self.wait_for_others()
        if not self.deleted_by_id:
            self.deleted_at = None
        self._tell_count()

    @transaction.atomic
    def recount(self) -> None:
        """Some of what it sums up has gone elsewhere. With the last it goes, too, unless a person
        has put it into words of their own."""
        self.wait_for_others()
        if self.counted_body and (self.edited_at or self.details.exists()):
            self._tell_count()
        elif self.counted_body:
            self.delete_softly(by=None)

    def _tell_count(self) -> None:
        if not self.edited_at:
            self.say(counted(self.counted_body, self.details.count()))
        self.changed()
