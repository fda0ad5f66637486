from __future__ import annotations

import logging
from datetime import timedelta
from typing import ClassVar

from django.db import models, transaction

from idonethis.background import OUTBOX
from idonethis.integrations.http import Failed, Never
from idonethis.integrations.models.incident import Incident
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.lease import Leased, LeasedQuerySet
from idonethis.integrations.models.partner_app import PartnerApp
from idonethis.integrations.models.registered_hook import RegisteredHook

log = logging.getLogger(__name__)

#: After so many tries, over some days, it is given up: the access is forgotten here in any case.
MOST_ATTEMPTS = 8


class RevocationQuerySet(LeasedQuerySet["Revocation"]):
    def begin(self, account: IntegrationUser) -> None:
        """Whoever it was is forgotten at once; what it may still do is ended at the partner, and
        then the row goes, too."""
        account.forget_who()
        account.needs_reconnect("Whoever connected it has left. Connect another account.")
        self.create(integration_user=account)
        OUTBOX.wake_on_commit()


class Revocation(Leased):
    """A grant that must end at the partner, as far as that can be had."""

    integration_user = models.OneToOneField(IntegrationUser, models.CASCADE, related_name="+")

    objects: ClassVar[RevocationQuerySet] = RevocationQuerySet.as_manager()  # type: ignore[assignment]

    @classmethod
    def drain(cls) -> int:
        """Returns how many were tried."""
        due = cls.objects.due().claim(5, lease=timedelta(minutes=2))
        for revocation in due:
            revocation.revoke()
        return len(due)

    def revoke(self) -> None:
        """Webhooks go first: with the grant goes the right to remove them."""
        is_last = self.attempts >= MOST_ATTEMPTS
        if self._has_webhooks_to_remove() and not is_last:
            self.again()
            return
        try:
            self._revoke_at_partner()
        except Never as problem:
            log.info("A grant could not be revoked: %s", problem)
        except Failed:
            if not is_last:
                self.again()
                return
        self._forget_account()

    @transaction.atomic
    def _forget_account(self) -> None:
        Incident.objects.outlive(self.integration_user)
        self.integration_user.delete()

    def _has_webhooks_to_remove(self) -> bool:
        account = self.integration_user
        return RegisteredHook.objects.filter(integration_user=account, state="due").exists()

    def _revoke_at_partner(self) -> None:
        account = self.integration_user
        if not account.sealed:
            return
        PartnerApp.conversation(account.integration).revoke(account.fresh())
