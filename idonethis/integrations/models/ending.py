"""When a grant has ended, and when that is not to be believed yet. A grant is never thrown away for
what a partner answers: it is marked, its owner is asked, and a fresh one takes its place."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

from idonethis.integrations import registry
from idonethis.integrations.base import Integration
from idonethis.integrations.http import Again, Failed, NeedsReconnect
from idonethis.integrations.models.partner_app import PartnerApp

#: No more grants of one partner than this part end within an hour without an operator's word: many
#: refusals at once are more likely a partner out of order, or our misreading. A few always may.
PART = 0.2
FEW = 3
HOUR = timedelta(hours=1)
#: How long a grant that is in doubt is left alone before it is tried again.
DOUBT = timedelta(minutes=10)
UNCERTAIN = "Many accounts were refused at once, so it is tried again later; nothing was changed."


class Ending(models.Model):
    class State(models.TextChoices):
        ACTIVE = "active", "Connected"
        UNSURE = "unsure", "In doubt"
        NEEDS_RECONNECT = "needs_reconnect", "Reconnect"

    integration_type = models.CharField(max_length=40)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    trouble = models.CharField(max_length=300, blank=True)
    #: When the partner ended it, as we understood it.
    ended_at = models.DateTimeField(null=True)
    doubted_until = models.DateTimeField(null=True)
    sealed = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def integration(self) -> Integration:
        return registry.integrations()[self.integration_type]

    def wait_out_doubt(self) -> None:
        """Raises Again while it is left alone."""
        now = timezone.now()
        if self.state == self.State.UNSURE and self.doubted_until and self.doubted_until > now:
            after = (self.doubted_until - now).total_seconds()
            raise Again(f"{self.integration.name} refused us just now. {UNCERTAIN}", after=after)

    def refuse(self, problem: NeedsReconnect) -> Failed:
        """The partner does not take this grant any more. Returns what the caller is to be told:
        that it has ended, or, where that is not to be believed yet, to try again later."""
        used = self.sealed
        self.refresh_from_db(fields=["sealed", "state"])
        if self.sealed != used:
            return Again("The account was connected anew in this very moment.")
        if self.state != self.State.NEEDS_RECONNECT and not self._may_end:
            return self._doubt(problem)
        if self.state != self.State.NEEDS_RECONNECT:
            self.ended_at = timezone.now()
        self.needs_reconnect(str(problem))
        return problem

    @property
    def _may_end(self) -> bool:
        now = timezone.now()
        same = type(self)._base_manager.filter(integration_type=self.integration_type)
        ended = same.filter(ended_at__gt=now - HOUR).count()
        living = same.exclude(sealed="").exclude(state=self.State.NEEDS_RECONNECT).count()
        few = max(FEW, int((living + ended) * PART))
        return ended < few or PartnerApp.is_believed(self.integration)

    def _doubt(self, problem: NeedsReconnect) -> Again:
        self.state, self.trouble = self.State.UNSURE, str(problem)[:300]
        self.doubted_until = timezone.now() + DOUBT
        self.save(update_fields=["state", "trouble", "doubted_until"])
        return Again(f"{problem} {UNCERTAIN}", after=DOUBT.total_seconds())

    def needs_reconnect(self, why: str) -> None:
        """It has ended, and a person must connect again."""
        self.state, self.trouble = self.State.NEEDS_RECONNECT, why[:300]
        self.save(update_fields=["state", "trouble", "ended_at"])

    def accept(self) -> None:
        """The partner takes it, whatever was thought of it before."""
        if self.state != self.State.ACTIVE:
            self.state, self.trouble, self.ended_at = self.State.ACTIVE, "", None
            self.save(update_fields=["state", "trouble", "ended_at"])
