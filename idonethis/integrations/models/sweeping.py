"""What has to happen now and then, whether or not anybody wakes it."""

from __future__ import annotations

from idonethis.integrations.models import handing_over, reconciling
from idonethis.integrations.models.claiming import replay_recent
from idonethis.integrations.models.delivery import Delivery
from idonethis.integrations.models.incident import Incident
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.registered_hook import RegisteredHook


def deliver() -> int:
    """Everything that travels to partners: entries, and webhooks that have to go."""
    return Delivery.drain() + RegisteredHook.drain()


def look_after() -> int:
    """What is looked after at partners: webhooks that stand, and links that need an account."""
    return handing_over.drain() + reconciling.drain()


def take_over() -> None:
    """At the start of the only process there is: whoever renewed or carried something is dead."""
    IntegrationUser.objects.exclude(renewing_until=None).update(renewing_until=None)
    IntegrationLink.objects.exclude(carried_until=None).update(carried_until=None)
    RegisteredHook.objects.standing().check_soon()


def sweep() -> int:
    """Finds what fell between two steps: deliveries whose entry or link changed in the instant in
    which they were finished, what waits for people who have become known, links of people who are
    gone. (Expired leases need no sweep: a row whose lease has run out is due.)"""
    Delivery.objects.behind().start_over()
    Delivery.objects.overlooked().release()
    replay_recent()
    handing_over.find_orphans()
    Incident.objects.watch()
    return 0
