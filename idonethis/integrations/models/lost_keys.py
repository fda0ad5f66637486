"""What becomes of secrets that nobody can read any more, since their key is gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from django.db import transaction

from idonethis.accounts.two_factor import forget_unreadable
from idonethis.audit.models import record
from idonethis.integrations import secrets
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.link_states import By, State
from idonethis.integrations.models.partner_app import PartnerApp
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.integrations.models.signed import Signed
from idonethis.ui.words import numbered

AnySigned = TypeVar("AnySigned", bound=Signed)

OF_ACCOUNT = "The key that its access was encrypted with is gone. Connect the account again."
OF_LINK = (
    "The key that its secret was encrypted with is gone, so there is a new one. "
    "Bring it to the sender, then say that it is put right."
)
OF_WEBHOOK = "The partner does not know the new secret yet."


class Lost(NamedTuple):
    """How many of each have to be put right by people."""

    accounts: int = 0
    secrets: int = 0
    applications: int = 0
    #: Of how many people.
    second_factors: int = 0

    @property
    def sentences(self) -> list[str]:
        """What the person at the terminal has to know."""
        return [
            f"{numbered(count, *words)}." for count, words in zip(self, SAID, strict=True) if count
        ]


SAID = (
    ("account has to be connected again", "accounts have to be connected again"),
    ("sender needs a new secret", "senders need new secrets"),
    ("partner has to be set up again", "partners have to be set up again"),
    (
        "person has to set up two-factor sign-in again",
        "people have to set up two-factor sign-in again",
    ),
)


@transaction.atomic
def give_up_lost() -> Lost:
    """The operator says that the key will not come back."""
    lost = replace_lost()
    record("keys.given_up", **lost._asdict())
    return lost


def replace_lost() -> Lost:
    """Accounts ask for a reconnect, senders get new secrets, applications are registered anew, and
    second factors are off."""
    return Lost(_accounts(), _links(), _applications(), forget_unreadable())


def _accounts() -> int:
    lost = [each for each in IntegrationUser.objects.all() if secrets.is_lost(each.sealed)]
    for account in lost:
        account.sealed = ""
        account.save(update_fields=["sealed"])
        account.needs_reconnect(OF_ACCOUNT)
    return len(lost)


def _links() -> int:
    """Webhooks that we made get theirs when somebody has connected the account again."""
    for hook in _replaced(RegisteredHook.objects.all()):
        hook.trouble = OF_WEBHOOK
        hook.save(update_fields=["trouble"])
    standing = set(IntegrationLink.objects.standing().values_list("pk", flat=True))
    lost = [link for link in _replaced(IntegrationLink.objects.all()) if link.pk in standing]
    by_hand = [link for link in lost if link.has_own_secret]
    for link in by_hand:
        link.move(State.NEEDS_SECRET, by=By.SERVER, trouble=OF_LINK)
    return len(by_hand)


def _replaced(rows: Iterable[AnySigned]) -> list[AnySigned]:
    """Those of these that have a new secret now. Of a removed link, too: else its senders would be
    told for ever to come back."""
    lost = [row for row in rows if row.is_unreadable]
    for row in lost:
        row.replace_unreadable()
    return lost


def _applications() -> int:
    lost = [app for app in PartnerApp.objects.all() if secrets.is_lost(app.sealed)]
    PartnerApp.objects.filter(pk__in=[app.pk for app in lost]).update(sealed="")
    return len(lost)
