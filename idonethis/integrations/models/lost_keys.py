"""What becomes of secrets that nobody can read any more, since their key is gone."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from idonethis.integrations import secrets
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.link_states import By, State
from idonethis.integrations.models.partner_app import PartnerApp
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.integrations.models.signed import Signed

AnySigned = TypeVar("AnySigned", bound=Signed)

OF_ACCOUNT = "The key that its access was encrypted with is gone. Connect the account again."
OF_LINK = (
    "The key that its secret was encrypted with is gone, so there is a new one. "
    "Bring it to the sender, then say that it is put right."
)
OF_WEBHOOK = "The partner does not know the new secret yet."


class Lost(NamedTuple):
    """How many of each have to be put right by people."""

    accounts: int
    secrets: int
    applications: int


def replace_lost() -> Lost:
    """Accounts ask for a reconnect, senders get new secrets, applications are registered anew."""
    return Lost(_accounts(), _links(), _applications())


def _accounts() -> int:
    lost = [each for each in IntegrationUser.objects.all() if secrets.is_lost(each.sealed)]
    for account in lost:
        account.sealed = ""
        account.save(update_fields=["sealed"])
        account.needs_reconnect(OF_ACCOUNT)
    return len(lost)


def _links() -> int:
    """Webhooks that we made get theirs when somebody has connected the account again."""
    for hook in _unreadable(list(RegisteredHook.objects.all())):
        hook.replace_unreadable()
        hook.trouble = OF_WEBHOOK
        hook.save(update_fields=["trouble"])
    lost = _unreadable(list(IntegrationLink.objects.standing()))
    for link in lost:
        link.replace_unreadable()
        if link.has_own_secret:
            link.move(State.NEEDS_SECRET, by=By.SERVER, trouble=OF_LINK)
    return sum(1 for link in lost if link.has_own_secret)


def _unreadable(rows: list[AnySigned]) -> list[AnySigned]:
    return [row for row in rows if row.is_unreadable]


def _applications() -> int:
    lost = [app for app in PartnerApp.objects.all() if secrets.is_lost(app.sealed)]
    PartnerApp.objects.filter(pk__in=[app.pk for app in lost]).update(sealed="")
    return len(lost)
