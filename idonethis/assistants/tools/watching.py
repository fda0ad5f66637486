from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from pydantic import BaseModel, Field

from idonethis.assistants.asking import Asking
from idonethis.assistants.telling import Told
from idonethis.assistants.tool import Answer, Looks
from idonethis.integrations.models import IntegrationLink


class LinkWords(BaseModel):
    name: str
    summary: str
    trouble: str = Field(description="In the partner's words, where there are any")


class LinkTold(BaseModel):
    id: str
    partner: str
    team_id: str
    state: str
    needs_somebody: bool
    what_it_means: str
    last_received_at: datetime | None
    last_sent_at: datetime | None
    page: str
    untrusted: LinkWords


class ConnectionsTold(Told):
    connections: list[LinkTold]


class Connections(Looks):
    """Tells which tools the person's teams are linked to, whether each link works, and what has to
    be done where one does not."""

    name: ClassVar[str] = "connections"
    title: ClassVar[str] = "Connections and their health"
    gives: ClassVar[type[BaseModel]] = ConnectionsTold

    team: str = Field("", max_length=100, description="Its id or name; without it, all of yours")

    def answer(self, asking: Asking) -> Answer:
        mine = IntegrationLink.objects.visible_to(asking.user)
        found = mine.filter(team__in=asking.teams(self.team)).order_by("team__name", "pk")
        related = ("team", "user", "integration_user", "registered_hook")
        told = [_told(link) for link in found.select_related(*related)]
        return Answer(ConnectionsTold(connections=told))


def _told(link: IntegrationLink) -> LinkTold:
    return LinkTold(
        id=link.hash_id,
        partner=link.integration.name,
        team_id=link.team.hash_id,
        state=link.state,
        needs_somebody=not link.is_plain,
        what_it_means=link.what_to_do,
        last_received_at=link.last_received_at,
        last_sent_at=link.last_sent_at,
        page=settings.BASE_URL + link.get_absolute_url(),
        untrusted=LinkWords(name=link.short_name, summary=link.summary, trouble=link.trouble),
    )
