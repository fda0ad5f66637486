from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.integrations.models.lease import LeasedQuerySet
from idonethis.integrations.models.mailed import Mailed
from idonethis.mailing.models.choice import Kind, MailChoice
from idonethis.mailing.models.digest import Digest
from idonethis.mailing.models.reminder import Reminder
from idonethis.mailing.models.writing import Writing

#: What comes later than this tells nobody anything new.
LATE = timedelta(hours=12)


WRITINGS: dict[Kind, type[Writing]] = {Kind.REMINDER: Reminder, Kind.DIGEST: Digest}


def writing(choice: MailChoice, day: date) -> Writing:
    return WRITINGS[Kind(choice.kind)](choice, day)


class Letter(Mailed):
    """A reminder or a digest for one person about one day: there is never a second one, however
    often and by however many it is planned."""

    choice = models.ForeignKey(MailChoice, models.CASCADE, related_name="letters")
    day = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[LeasedQuerySet[Letter]] = LeasedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["choice", "day"], name="one_letter")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="due"), name="letters_due")
        ]

    @property
    def user(self) -> User:
        return self.choice.user

    @property
    def recipient(self) -> str:
        return str(self.user.email)

    @property
    def writing(self) -> Writing:
        return writing(self.choice, self.day)

    @property
    def is_moot(self) -> bool:
        late = timezone.now() - self.created_at > LATE
        unwanted = not (self.choice.is_on and self.user.is_active)
        return late or unwanted or not self.writing.is_worth_it

    def message(self) -> EmailMultiAlternatives:
        return self.writing.message()

    def sent(self) -> None:
        super().sent()
        self.choice.note_sent()

    @classmethod
    def forget(cls, before: date) -> int:
        """What was sent, and need not be known any more."""
        return cls._base_manager.filter(day__lt=before).exclude(state="due").delete()[0]
