"""What the answer to a hook looks up: our rows, read-only."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from idonethis.entries.drafts import Actor
from idonethis.integrations.base import Directory, Found, Reads, ReceivesForAll, Suggested
from idonethis.integrations.models.addressee import link_for
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.suggestion import Suggestion
from idonethis.integrations.values import Hook, Reason

#: Marks what was signed for claiming an account, and for nothing else.
CLAIM = "idonethis.claim"
#: How many suggestions a reply may list.
MOST_SUGGESTED = 100


def directory_for(integration: Reads, hook: Hook, link_id: int) -> Directory:
    """``link_id`` as in Receipt: 0 for a hook of a whole application."""
    if isinstance(integration, ReceivesForAll):
        return Proving(integration.integration_type, link_for(integration, hook))
    links = IntegrationLink.objects.select_related("team")
    return Believing(integration.integration_type, links.filter(pk=link_id).first())


@dataclass(frozen=True)
class Rows:
    integration_type: str
    link: IntegrationLink | None = None

    def find(self, actor: Actor) -> Found | Reason:
        if self.link is None:
            return Reason.NO_LINK
        if self.link.is_paused:
            return Reason.LINK_PAUSED
        return self._found(actor, self.link)

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


class Proving(Rows):
    """For what the partner signs with a secret of the whole server: whomever it names, that is who
    typed it."""

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


class Believing(Rows):
    """For what is signed with the secret of one link. Whoever has that may name anybody: its team
    believes it, and nothing that is for one person alone is answered."""

    def suggestions(self, actor: Actor) -> list[Suggested]:
        return []

    def claim_url(self, actor: Actor) -> str:
        """Where the team says who its strangers are."""
        if self.link is None:
            return str(settings.BASE_URL)
        return settings.BASE_URL + reverse("unclaimed", args=[self.link.team.slug])
