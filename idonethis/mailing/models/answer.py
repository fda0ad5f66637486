from __future__ import annotations

from datetime import date, timedelta
from email.message import EmailMessage as Received
from typing import ClassVar

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone

from idonethis.background import ANSWERS
from idonethis.entries.text import one_line
from idonethis.integrations.mails.naming import named
from idonethis.integrations.mails.reading import header, message_id
from idonethis.integrations.models.lease import LeasedQuerySet
from idonethis.integrations.models.mailed import Mailed
from idonethis.mailing.models.writing import OF_A_PROGRAM, SUBJECT

#: What comes later than this helps nobody.
LATE = timedelta(days=1)
LONGEST_ID = 200


class AnswerQuerySet(LeasedQuerySet["Answer"]):
    def give(self, address: str, message: Received) -> None:
        """One a day, however much somebody sends, and whatever their program does with it."""
        subject = one_line(header(message, "subject"))[:SUBJECT]
        answered = message_id(message)[:LONGEST_ID]
        day = timezone.now().date()
        new = Answer(address=address[:254], day=day, subject=subject, answers=answered)
        self.bulk_create([new], ignore_conflicts=True)
        ANSWERS.wake_on_commit()

    def forget(self, before: date) -> int:
        return self.filter(day__lt=before).delete()[0]


class Answer(Mailed):
    """To somebody who wrote from an address that nobody here has."""

    address = models.EmailField()
    day = models.DateField()
    subject = models.CharField(max_length=SUBJECT, blank=True)
    answers = models.CharField(max_length=LONGEST_ID, blank=True)

    objects: ClassVar[AnswerQuerySet] = AnswerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "day"], name="one_answer_a_day")]

    @property
    def recipient(self) -> str:
        return self.address

    @property
    def is_moot(self) -> bool:
        return timezone.now().date() > self.day + LATE

    def message(self) -> EmailMultiAlternatives:
        context = {"address": self.address, "url": settings.BASE_URL}
        text = render_to_string("mailing/stranger.txt", context).strip() + "\n"
        subject = f"Re: {self.subject or 'your mail'}"
        return EmailMultiAlternatives(subject, text, to=[self.address], headers=self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        """https://www.rfc-editor.org/rfc/rfc3834#section-3.1"""
        answered = f"<{self.answers}>" if self.answers else ""
        thread = {"In-Reply-To": answered, "References": answered} if answered else {}
        ours = {"Message-ID": named(f"answer-{self.pk}"), "Auto-Submitted": "auto-replied"}
        return {**OF_A_PROGRAM, **thread, **ours}
