from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from idonethis.entries.drafts import Actor
from idonethis.integrations.base import Found
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.reading import addressed
from idonethis.integrations.values import Address

#: Marks what was signed for claiming an account, and for nothing else.
CLAIM = "idonethis.claim"


@dataclass(frozen=True)
class Rows:
    """The directory that replies look things up in: our rows, read-only."""

    integration_type: str

    def find(self, actor: Actor, address: Address) -> Found | None:
        link = addressed(address, self.integration_type)
        if link is None:
            return None
        user = IntegrationUser.objects.who(
            actor, integration_type=self.integration_type, team=link.team
        )
        if user is None or not link.team.has_writer(user):
            return None
        log_url = settings.BASE_URL + link.team.get_absolute_url()
        return Found(str(user), str(link.team), user.today(), log_url)

    def is_linked(self, address: Address) -> bool:
        return addressed(address, self.integration_type) is not None

    def claim_url(self, actor: Actor) -> str:
        signed = signing.dumps(
            {
                "type": self.integration_type,
                "uid": actor.uid,
                "login": actor.login,
                "name": actor.name,
            },
            salt=CLAIM,
            compress=True,
        )
        return settings.BASE_URL + reverse("claim_account", args=[signed])
