"""A webhook that holds for a while only, and the one that it took over from."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from idonethis.integrations.base import Renews
from idonethis.integrations.http import Again, Never
from idonethis.integrations.models.at_partner import AtPartner
from idonethis.integrations.models.checked import Checked, in_about_a_day
from idonethis.integrations.models.integration_user import IntegrationUser

#: How much of its time has passed when a webhook is renewed: early enough for many tries, and not
#: all at once.
EARLIEST, LATEST = 0.5, 0.7
#: Whatever a partner says, none is renewed sooner: else one that says the past were asked for ever.
SHORTEST = timedelta(minutes=5)
TERM = ("holds_until", "renew_at", "former_id", "check_at")


class Expiring(AtPartner, Checked):
    """``holds_until`` is when it ends by itself at the partner, and ``renew_at`` when it is to be
    renewed; None for one that holds for good. ``former_id`` is the partner's name of the one
    before, until that is gone. Both have the same address and the same secret, so what either sends
    is taken."""

    holds_until = models.DateTimeField(null=True)
    renew_at = models.DateTimeField(null=True)
    former_id = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def is_to_renew(self) -> bool:
        return self.renew_at is not None and self.renew_at <= timezone.now()

    @property
    def has_run_out(self) -> bool:
        return self.holds_until is not None and self.holds_until <= timezone.now()

    def begin_term(self, until: datetime | None) -> None:
        now, self.holds_until = timezone.now(), until
        part = random.uniform(EARLIEST, LATEST)  # noqa: S311
        self.renew_at = now + max((until - now) * part, SHORTEST) if until else None
        self.check_at = self.next_check()

    def next_check(self) -> datetime:
        """At the latest when it is to be renewed."""
        usual = in_about_a_day()
        return min(usual, self.renew_at) if self.renew_at else usual

    def supersede(self, before: str) -> None:
        """Another one stands now, so the one before may go."""
        if isinstance(self.integration, Renews) and before not in ("", self.remote_id):
            self.former_id = before

    def dismiss_former(self, account: IntegrationUser) -> None:
        """Where the partner does not answer, at the next look. One that it does not let us remove
        runs out by itself."""
        try:
            self.destroy_former(account)
        except Again:
            return
        except Never:
            self._forget_former()

    def destroy_former(self, account: IntegrationUser) -> None:
        """Raises Failed."""
        if self.former_id:
            self.integration.destroy_hook(
                account.client(), self.subject, url=self.sends_to, remote_id=self.former_id
            )
            self._forget_former()

    def _forget_former(self) -> None:
        self.former_id = ""
        self.save(update_fields=["former_id"])
