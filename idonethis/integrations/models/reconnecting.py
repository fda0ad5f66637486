from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone

from idonethis.background import OUTBOX
from idonethis.integrations.http import Failed
from idonethis.integrations.models.delivery import Delivery
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.registered_hook import RegisteredHook

log = logging.getLogger(__name__)


def reconnect(integration_user: IntegrationUser) -> int:
    """A fresh grant: links that waited for it go on, what was held goes out, oldest first, and
    webhooks that could not be removed are tried again. Returns how many links go on."""
    accounts = [each for each in (integration_user, integration_user.workspace) if each]
    waiting = IntegrationLink.objects.standing().filter(
        integration_user__in=accounts, state=IntegrationLink.State.NEEDS_RECONNECT
    )
    links = list(waiting)
    waiting.update(state=IntegrationLink.State.ACTIVE, trouble="")
    Delivery.objects.filter(link__in=links).release()
    leaving = RegisteredHook.objects.filter(integration_user__in=accounts, state="due")
    leaving.filter(attempts__gt=0).update(due_at=timezone.now())
    _tell_secrets(integration_user)
    OUTBOX.wake_on_commit()
    return len(links)


def _tell_secrets(account: IntegrationUser) -> None:
    """Of webhooks that stand there with a secret which was lost here."""
    same = RegisteredHook.objects.standing().filter(integration_user=account)
    for hook in same.exclude(trouble=""):
        try:
            hook.create_at_partner(account)
        except Failed as problem:
            log.warning("The webhook of %s has no new secret yet: %s", hook.subject, problem)


def take_over(link: IntegrationLink, integration_user: IntegrationUser) -> None:
    """Somebody else's account carries a link whose own account is lost: same address, same secret,
    nothing missed."""
    if link.state != link.State.NEEDS_RECONNECT:
        return
    link.integration_user = integration_user.workspace or integration_user
    with transaction.atomic():
        link.save(update_fields=["integration_user", "updated_at"])
        link.record("link.taken_over")
    link.resume()
