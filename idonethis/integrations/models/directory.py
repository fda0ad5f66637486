from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from idonethis.entries.drafts import Actor
from idonethis.integrations.base import Found, Suggested
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.reading import addressed
from idonethis.integrations.models.suggestion import Suggestion
from idonethis.integrations.values import Address, Reason

#: Marks what was signed for claiming an account, and for nothing else.
CLAIM = "idonethis.claim"
#: How many suggestions a reply may list.
MOST_SUGGESTED = 100


@dataclass(frozen=True)
class Rows:
    """The directory that replies look things up in: our rows, read-only."""

    integration_type: str

    def find(self, actor: Actor, address: Address) -> Found | Reason:
        link = addressed(address, self.integration_type)
        if link is None:
            return Reason.NO_LINK
        if link.is_paused:
            return Reason.LINK_PAUSED
        return self._found(actor, link)

    def _found(self, actor: Actor, link: IntegrationLink) -> Found | Reason:
        user = IntegrationUser.objects.who(
            actor, integration_type=self.integration_type, team=link.team
        )
        if user is None:
            return Reason.NO_PERSON
        if not link.team.has_writer(user):
            return Reason.NOT_IN_TEAM
        log_url = settings.BASE_URL + link.team.get_absolute_url()
        return Found(str(user), str(link.team), user.today(), log_url)

    def suggestions(self, actor: Actor) -> list[Suggested]:
        user = IntegrationUser.objects.proven(actor, integration_type=self.integration_type)
        if user is None:
            return []
        mine = Suggestion.objects.of(user).pending().select_related("team")
        return [
            Suggested(each.hash_id, each.kind, each.body, each.day, str(each.team))
            for each in mine.order_by("-day", "-pk")[:MOST_SUGGESTED]
        ]

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
