"""What has to happen now and then, whether or not anybody wakes it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils import timezone

from idonethis.integrations.models.claiming import replay_recent
from idonethis.integrations.models.delivery import Delivery
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.registered_hook import RegisteredHook


def deliver() -> int:
    """Everything that travels to partners: entries, and webhooks that have to go."""
    return Delivery.drain() + RegisteredHook.drain()


def sweep() -> int:
    """Finds deliveries whose entry changed in the instant in which they were finished, webhooks
    that no link depends on (their team was deleted), and what waits for people who have become
    known. (Expired leases need no sweep: a row whose lease has run out is due.)"""
    Delivery.objects.behind().update(state="due", due_at=timezone.now(), attempts=0)
    let_go_of_orphans()
    replay_recent()
    return 0


def let_go_of_orphans() -> int:
    standing = IntegrationLink.objects.exclude(state="removed")
    depending = Exists(standing.filter(registered_hook=OuterRef("pk")))
    orphans = RegisteredHook.objects.standing().filter(~depending)
    return orphans.update(state="due", due_at=timezone.now(), attempts=0)
