"""What has to happen now and then, whether or not anybody wakes it."""

from __future__ import annotations

from typing import NamedTuple

from idonethis import heartbeat
from idonethis.accounts.models import Answered
from idonethis.integrations.models import handing_over, reconciling
from idonethis.integrations.models.attempt import Attempt
from idonethis.integrations.models.bucket import Bucket
from idonethis.integrations.models.claiming import recognize, replay_recent
from idonethis.integrations.models.deciding import expire, settle
from idonethis.integrations.models.delivery import Delivery
from idonethis.integrations.models.erasure import Erasure
from idonethis.integrations.models.heartbeat import Heartbeat
from idonethis.integrations.models.incident import Incident
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.job import Job
from idonethis.integrations.models.outgoing_hold import OutgoingHold
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.integrations.models.releasing import let_go, release_some
from idonethis.integrations.models.revocation import Revocation
from idonethis.integrations.models.rounds import Rounds

#: Only what changed in the very instant in which it was delivered is behind.
BEHIND = Rounds(portion=5000)


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


def look_after() -> int:
    """What is looked after at partners: webhooks that stand, and links that need an account."""
    if OutgoingHold.standing():
        return 0
    return handing_over.drain() + reconciling.drain()


def take_over() -> None:
    """At the start of the only process there is: whoever had something in hand is dead."""
    for rows in (Receipt.objects, Delivery.objects, Job.objects):
        rows.take_over()
    IntegrationUser.objects.exclude(renewing_until=None).update(renewing_until=None)
    IntegrationLink.objects.exclude(carried_until=None).update(carried_until=None)
    RegisteredHook.objects.standing().check_soon()


def beat() -> int:
    """We are alive, and hooks arrive: first where it can be read while the database is in
    trouble."""
    heartbeat.beat()
    return Heartbeat.beat()


def sweep() -> int:
    """Finds what fell between two steps: deliveries whose entry or link changed in the instant in
    which they were finished, what waits for people who have become known, links of people who are
    gone, suggestions that were decided, or never were, what was said too long ago to be kept; and
    goes on looking for those who have been deleted. (Expired leases need no sweep: a row whose
    lease has run out is due.)"""
    for some in BEHIND.next_of(Delivery.objects.behind()):
        some.start_over()
    Delivery.objects.overlooked().release()
    replay_recent()
    recognize()
    let_go()
    handing_over.find_orphans()
    Incident.objects.watch()
    expire()
    settle()
    Attempt.objects.forget()
    Bucket.objects.forget()
    Answered.objects.forget()
    return Erasure.drain()
