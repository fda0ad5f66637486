"""When somebody may write in a team: what they did before is logged after all, each on its day."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from idonethis.background import INBOX
from idonethis.integrations.models.claiming import ids_of_links
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.values import Reason
from idonethis.teams.models import Membership


def _on_save(instance: Membership, **signal: Any) -> None:
    # Not before others see the membership: inbox and log may be two databases.
    if instance.writes:
        transaction.on_commit(partial(welcome, instance))


def welcome(membership: Membership) -> int:
    """Returns how many are processed again."""
    accounts = membership.user.integration_users.filter(kind="user")
    refused = Receipt.objects.filter(
        state="done",
        outcome=Reason.NOT_IN_TEAM,
        integration_type__in=list(accounts.values_list("integration_type", flat=True)),
        read_for__in=ids_of_links(membership.team),
    )
    count = refused.replay()
    INBOX.wake_on_commit()
    return count


post_save.connect(_on_save, sender=Membership)
