"""What has to happen now and then, whether or not anybody wakes it."""

from __future__ import annotations

from idonethis.integrations.models.claiming import recognize, replay_recent
from idonethis.integrations.models.delivery import Delivery
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.integrations.models.releasing import let_go, release_some


def read() -> int:
    """What has come in, and what is let out of storms."""
    return Receipt.drain() + release_some()


def deliver() -> int:
    """Everything that travels to partners: entries, and webhooks that have to go."""
    return Delivery.drain() + RegisteredHook.drain()


def sweep() -> int:
    """Finds deliveries whose entry changed in the instant in which they were finished, and what
    waits for people who have become known. (Expired leases need no sweep: a row whose lease has
    run out is due.)"""
    Delivery.objects.behind().start_over()
    replay_recent()
    recognize()
    let_go()
    return 0
