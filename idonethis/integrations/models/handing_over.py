"""Links belong to the team: when whose account they use leaves, somebody else's takes over."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from idonethis.integrations.asking import ask
from idonethis.integrations.base import Tells
from idonethis.integrations.http import Again, Never
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.lease import taken
from idonethis.integrations.models.link_states import By, State

#: When to ask again a partner that does not answer; nobody else tries the same meanwhile.
WAIT = timedelta(minutes=5)


def find_orphans() -> None:
    """Those of people who were deactivated, and of whom nobody told us that they left."""
    known = (State.NEEDS_RECONNECT, State.PAUSED)
    for link in IntegrationLink.objects.orphaned().exclude(state__in=known):
        link.lose_account()


def drain() -> int:
    """Looks for accounts that may take over; returns for how many links."""
    now = timezone.now()
    due = list(IntegrationLink.objects.standing().filter(hand_over_at__lte=now)[:5])
    for link in taken(due, "hand_over_at", until=now + WAIT):
        hand_over(link)
    return len(due)


def hand_over(link: IntegrationLink) -> None:
    """To the first account that can do what the link needs. If there is none, a person has to."""
    try:
        found = next((each for each in candidates(link) if can(each, link)), None)
    except Again:
        return
    link.refresh_from_db()
    if link.hand_over_at and found:
        link.take_account(found, by=By.SERVER)
    elif link.hand_over_at:
        link.give_up_hand_over()


def candidates(link: IntegrationLink) -> list[IntegrationUser]:
    """Accounts of those who administer the team. In place of a workspace there is no other: what
    the link is about lies in it. Nor is there in place of an address: who listens at that of
    somebody else is somebody else."""
    account = link.integration_user
    if isinstance(link.integration, Tells):
        return []
    if account is None and not link.registered_hook or account and account.kind == "workspace":
        return []
    able = IntegrationUser.objects.able([link.team], integration_type=link.integration_type)
    admins = link.team.admins().values_list("pk", flat=True)
    return list(able.filter(kind="user", user__in=admins).order_by("pk"))


def can(account: IntegrationUser, link: IntegrationLink) -> bool:
    """Found out by trying. Raises Again where the partner does not answer."""
    try:
        ask(link.integration, lambda: link.integration.check(link.config, account.client()))
        if hook := link.registered_hook:
            ask(link.integration, lambda: hook.create_at_partner(account))
    except Never:
        return False
    return True
