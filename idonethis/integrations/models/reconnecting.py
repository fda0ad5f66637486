from __future__ import annotations

import logging

from django.utils import timezone

from idonethis.background import OUTBOX, UPKEEP
from idonethis.integrations.http import Failed
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.link_states import By, State
from idonethis.integrations.models.registered_hook import RegisteredHook

log = logging.getLogger(__name__)


def reconnect(integration_user: IntegrationUser) -> int:
    """A fresh grant: links that waited for it go on, what was held goes out, oldest first, webhooks
    that could not be removed are tried again, and links that have lost their account may take this
    one. Returns how many links go on."""
    accounts = [each for each in (integration_user, integration_user.workspace) if each]
    count = sum(account.works_again(by=By.PERSON) for account in accounts)
    leaving = RegisteredHook.objects.filter(integration_user__in=accounts, state="due")
    leaving.filter(attempts__gt=0).update(due_at=timezone.now())
    _tell_secrets(integration_user)
    _offer(integration_user)
    OUTBOX.wake_on_commit()
    return count


def _offer(integration_user: IntegrationUser) -> None:
    links = IntegrationLink.objects.waiting().in_charge_of(integration_user.user)
    lost = links.orphaned().filter(integration_type=integration_user.integration_type)
    IntegrationLink.objects.filter(pk__in=lost).update(hand_over_at=timezone.now())
    UPKEEP.wake_on_commit()


def _tell_secrets(account: IntegrationUser) -> None:
    """Of webhooks that stand there with a secret which was lost here."""
    same = RegisteredHook.objects.standing().filter(integration_user=account)
    for hook in same.exclude(trouble=""):
        try:
            hook.create_at_partner(account)
        except Failed as problem:
            log.warning("The webhook of %s has no new secret yet: %s", hook.subject, problem)


def take_over(link: IntegrationLink, integration_user: IntegrationUser) -> None:
    """Somebody connects an account of theirs for a link whose own account is lost, or may not do
    what it should."""
    account = integration_user.workspace or integration_user
    if link.state == State.NEEDS_PERMISSION and link.integration_user == account:
        link.resume()
    elif link.state in (State.NEEDS_RECONNECT, State.NEEDS_PERMISSION):
        link.take_account(account, by=By.PERSON)
