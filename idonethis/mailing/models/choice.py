from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.audit.models import record
from idonethis.entries.models import Entry
from idonethis.mailing.clock import EVERY_DAY, WEEKDAYS, next_time
from idonethis.teams.models import Membership, Team

#: So many reminders in a row that nobody answers come as often as was said; the next few once a
#: week; then there is peace until the person writes again.
EAGER, PATIENT = 5, 9
A_WEEK = timedelta(days=7)


class Kind(models.TextChoices):
    REMINDER = "reminder", "Reminder"
    DIGEST = "digest", "Digest"


#: What nobody has decided: when, and on which days of the week.
USUAL = {Kind.REMINDER: (time(17), WEEKDAYS), Kind.DIGEST: (time(8, 30), EVERY_DAY)}


class MailChoiceQuerySet(models.QuerySet["MailChoice"]):
    def of(self, membership: Membership) -> dict[Kind, MailChoice]:
        """Of both kinds, as they were made or as they would be."""
        made = {Kind(each.kind): each for each in self.filter(membership=membership)}
        return {kind: made.get(kind) or MailChoice.usual(membership, kind) for kind in Kind}

    def complete(self, most: int) -> int:
        """What nobody has decided yet is as usual."""
        undecided = Membership.objects.filter(mail_choices=None).select_related("user", "team")
        new = [MailChoice.usual(each, kind) for each in undecided[:most] for kind in Kind]
        return len(self.bulk_create(new, ignore_conflicts=True))

    def due(self, most: int) -> Self:
        """Those whose time has come, those that have waited longest first."""
        due = self.filter(next_at__lte=timezone.now()).order_by("next_at")[:most]
        return due.select_related("membership__user", "membership__team")

    def reschedule(self, user: User) -> None:
        """This person's clock shows another time."""
        for choice in self.filter(membership__user=user).select_related("membership__team"):
            choice.membership.user = user
            choice.schedule()


class MailChoice(models.Model):
    """Whether a member wants mails of one kind about the team, and when. ``days`` are those of the
    week, as digits; Monday is 0. ``next_at``: none, where none is wanted."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="mail_choices")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    is_on = models.BooleanField("send it", default=True)
    at = models.TimeField("at")
    days = models.CharField(max_length=7)
    next_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    unanswered = models.PositiveSmallIntegerField(default=0)

    objects = MailChoiceQuerySet.as_manager()
    letters: Any

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "kind"], name="one_mail_choice")
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(next_at__isnull=False), name="mails_next"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.team}"

    @classmethod
    def usual(cls, membership: Membership, kind: Kind) -> MailChoice:
        """Nobody is mailed about their own private log unless they say so."""
        at, days = USUAL[kind]
        is_on = not membership.team.is_personal
        choice = cls(membership=membership, kind=kind, at=at, days=_digits(days), is_on=is_on)
        choice.next_at = choice._next(timezone.now())
        return choice

    @property
    def user(self) -> User:
        user: User = self.membership.user
        return user

    @property
    def team(self) -> Team:
        team: Team = self.membership.team
        return team

    @property
    def weekdays(self) -> tuple[int, ...]:
        return tuple(int(digit) for digit in self.days)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.user.time_zone)

    @transaction.atomic
    def decide(self, *, is_on: bool, at: time, days: Iterable[int]) -> None:
        self.is_on, self.at, self.days, self.unanswered = is_on, at, _digits(days), 0
        self.next_at = self._next(timezone.now())
        self.save()
        record("mails.chosen", self.user, team=self.team, kind=self.kind)

    @transaction.atomic
    def stop(self) -> None:
        """One click, and there are no more of this kind."""
        self.is_on, self.next_at = False, None
        self.save(update_fields=["is_on", "next_at"])
        record("mails.stopped", self.user, team=self.team, kind=self.kind)

    def schedule(self) -> None:
        self.next_at = self._next(timezone.now())
        self.save(update_fields=["next_at"])

    def move_on(self, *, after: datetime) -> bool:
        """To the next time; of two workers that see this one, one does."""
        mine = MailChoice.objects.filter(pk=self.pk, next_at=self.next_at)
        return bool(mine.update(next_at=self._next(after), unanswered=self.unanswered))

    def _next(self, after: datetime) -> datetime | None:
        if not self.is_on:
            return None
        return next_time(self.at, self.zone, self.weekdays, after=after)

    def hear(self) -> None:
        """Who has written since the last reminder, whatever they wrote, does answer."""
        theirs = Entry.objects.for_team(self.team).for_user(self.user)
        if self.last_sent_at and theirs.filter(created_at__gt=self.last_sent_at).exists():
            self.unanswered = 0

    def rests(self, now: datetime) -> bool:
        """Nobody is reminded for ever."""
        if self.kind != Kind.REMINDER or self.unanswered < EAGER or not self.last_sent_at:
            return False
        return self.unanswered >= PATIENT or now - self.last_sent_at < A_WEEK - timedelta(hours=1)

    @property
    def is_last(self) -> bool:
        """After this reminder there is peace."""
        return self.kind == Kind.REMINDER and self.unanswered + 1 == PATIENT

    def note_sent(self) -> None:
        counted = models.F("unanswered") + (1 if self.kind == Kind.REMINDER else 0)
        rows = MailChoice.objects.filter(pk=self.pk)
        rows.update(last_sent_at=timezone.now(), unanswered=counted)

    def day_of(self, instant: datetime) -> date:
        """The day that a mail of then is about: a digest tells of the day before."""
        day = self.user.day_of(instant)
        return day - timedelta(days=1) if self.kind == Kind.DIGEST else day


def _digits(days: Iterable[int]) -> str:
    return "".join(str(day) for day in sorted(set(days)))
