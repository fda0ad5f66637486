from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from idonethis.ids import hash_id, hook_token
from idonethis.integrations import registry
from idonethis.integrations.base import Registers
from idonethis.integrations.http import NeedsPermission, NeedsReconnect, Never
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.teams.models import Team

NOBODY = "No account of this team is connected that may do it. Connect one, or do it there by hand."

Done = TypeVar("Done")


class AtPartner(models.Model):
    """Something of ours at a partner: where it is, and by whose account we may touch it."""

    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    integration_type = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    integration_user = models.ForeignKey(IntegrationUser, models.SET_NULL, null=True)
    hook_token = models.CharField(max_length=43, unique=True, default=hook_token, editable=False)
    remote_id = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def integration(self) -> Registers:
        integration = registry.integrations()[self.integration_type]
        if not isinstance(integration, Registers):
            raise TypeError(f"{self.integration_type} registers no webhooks.")
        return integration

    @property
    def url(self) -> str:
        return settings.BASE_URL + reverse("hook", args=[self.integration_type, self.hook_token])

    @property
    def sends_to(self) -> str:
        """The address that the partner is told."""
        return self.url

    @property
    def page_at_partner(self) -> str:
        return self.integration.hooks_page(self.subject)

    @property
    def hands(self) -> list[IntegrationUser]:
        """With whose accounts we may act: whose made it, those of its links, and those of admins,
        as far as they speak for a team that has or had a link to it."""
        teams = Team.objects.filter(links__registered_hook=self.pk).distinct()
        if not teams:
            return [self.integration_user] if self.integration_user else []
        able = IntegrationUser.objects.able(teams, integration_type=self.integration_type)
        linked = set(able.filter(links__registered_hook=self.pk).values_list("pk", flat=True))
        own = self.integration_user_id
        return sorted(able, key=lambda each: (each.pk != own, each.pk not in linked, each.pk))

    def by_any_hand(self, act: Callable[[IntegrationUser], Done]) -> Done:
        """Does something at the partner with the first account that may. Raises Failed."""
        refusals: list[Never] = []
        for account in self.hands:
            try:
                return act(account)
            except (NeedsReconnect, NeedsPermission) as problem:
                refusals.append(problem)
        raise next(iter(refusals), NeedsReconnect(NOBODY))
