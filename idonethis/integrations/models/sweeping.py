"""What has to happen now and then, whether or not anybody wakes it."""

from __future__ import annotations

from typing import NamedTuple

from idonethis.integrations.models.claiming import recognize, replay_recent
from idonethis.integrations.models.deciding import expire, settle
from idonethis.integrations.models.delivery import Delivery
from idonethis.integrations.models.erasure import Erasure
from idonethis.integrations.models.outgoing_hold import OutgoingHold
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.integrations.models.releasing import let_go, release_some
from idonethis.integrations.models.revocation import Revocation


class Waiting(NamedTuple):
    entries: int
    webhooks: int


def waiting() -> Waiting:
    """What goes out as soon as it may: entries to deliver, webhooks to remove."""
    due = [rows.filter(state="due").count() for rows in (Delivery.objects, RegisteredHook.objects)]
    return Waiting(*due)


def read() -> int:
    """What has come in, and what is let out of storms."""
    return Receipt.drain() + release_some()


def deliver() -> int:
    """Everything that travels to partners: entries, and webhooks and grants that have to go."""
    if OutgoingHold.standing():
        return 0
    return Delivery.drain() + RegisteredHook.drain() + Revocation.drain()


def sweep() -> int:
    """Finds deliveries whose entry changed in the instant in which they were finished, what waits
    for people who have become known, and suggestions that were decided, or never were; and goes on
    looking for those who have been deleted. (Expired leases need no sweep: a row whose lease has
    run out is due.)"""
    Delivery.objects.behind().start_over()
    replay_recent()
    recognize()
    let_go()
    expire()
    settle()
    return Erasure.drain()
