"""Makes letters of what people want, when their time has come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_save
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.background import LETTERS, Lane
from idonethis.mailing.models import Answer, Letter, MailChoice

PLANS = Lane("mail plans", every=20.0)
#: How many are looked at in one turn.
MANY = 200
#: A time that has passed while no server ran is made up for within this time.
LATEST = timedelta(hours=6)
#: For how long it is known what was sent.
KEPT = timedelta(days=30)
#: And for how long an address of nobody who is known.
SHORTER = timedelta(days=2)


def drain() -> int:
    """Plans what is due; returns how many it did something about. Without a mail server there is
    nothing to plan."""
    if not settings.EMAIL_HOST:
        return 0
    due = list(MailChoice.objects.due(MANY))
    for choice in due:
        _plan(choice)
    if due:
        LETTERS.wake()
        _forget()
    return MailChoice.objects.complete(MANY) + len(due)


def _forget() -> None:
    Letter.forget((timezone.now() - KEPT).date())
    Answer.objects.forget(timezone.now().date() - SHORTER)


@transaction.atomic
def _plan(choice: MailChoice) -> None:
    """The letter and the next time are stored together, so that a death in between neither loses
    one nor makes two."""
    due, now = choice.next_at, timezone.now()
    choice.hear()
    if due is None or not choice.move_on(after=max(due, now - LATEST)):
        return
    if now - due < LATEST and not choice.rests(now):
        letter = Letter(choice=choice, day=choice.day_of(due), created_at=now)
        Letter.objects.bulk_create([letter], ignore_conflicts=True)


def _moved(sender: type[User], instance: User, **signal: Any) -> None:
    """Signing in saves a person, too, and changes nothing about their clock."""
    fields = signal.get("update_fields")
    if not signal.get("created") and (fields is None or "time_zone" in fields):
        MailChoice.objects.reschedule(instance)


post_save.connect(_moved, sender=User)
