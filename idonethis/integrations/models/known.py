from __future__ import annotations

from collections.abc import Container
from datetime import timedelta

from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries.drafts import Actor
from idonethis.entries.models import Source
from idonethis.integrations.base import ReceivesForAll
from idonethis.integrations.models.addressee import addressed
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser, actor_key
from idonethis.integrations.models.storm import Storm
from idonethis.integrations.models.suggestion import Suggestion
from idonethis.integrations.models.unclaimed_person import UnclaimedPerson
from idonethis.integrations.values import Address, Hook
from idonethis.prepared import Prepared
from idonethis.teams.models import Membership, Team

MOMENT = timedelta(seconds=1)
LINK = Prepared(
    lambda pk: IntegrationLink.objects.select_related("team", "user", "integration_user").filter(
        pk=pk
    )
)
WRITERS = Prepared(
    lambda team: Membership.objects.writing().filter(team=team).values_list("user_id", flat=True)
)
SUGGESTED = Prepared(lambda team: Suggestion.objects.filter(team=team).values_list("pk")[:1])


class Known:
    """What one batch of receipts has looked up already: links, people, who may write where; and
    ``births``, what it has told of.
    ``stormy``: the links whose events are held; ``folding``: the storm that is logged as one;
    ``trying``: a link with settings that are not saved."""

    def __init__(
        self,
        stormy: Container[int] = (),
        *,
        folding: Storm | None = None,
        trying: IntegrationLink | None = None,
    ) -> None:
        self.stormy = stormy
        self.folding = folding
        self._trying = trying
        self._heard: set[int] = set()
        self.begin()

    def begin(self) -> None:
        """Nothing is known yet: what was noted meanwhile may have been taken back."""
        trying = self._trying
        self._links: dict[int, IntegrationLink | None] = {trying.pk: trying} if trying else {}
        self._people: dict[tuple[str, int, Actor], User | None] = {}
        self._writers: dict[int, set[int]] = {}
        self._suggested: dict[int, bool] = {}
        self._addressed: dict[tuple[str, Address], IntegrationLink | None] = {}
        self._unclaimed: dict[tuple[str, int, str], tuple[Actor, UnclaimedPerson]] = {}
        self.births = Source.objects.births()

    def link(self, pk: int) -> IntegrationLink | None:
        if pk not in self._links:
            self._links[pk] = LINK.first(pk)
        return self._links[pk]

    def addressed(self, integration: ReceivesForAll, hook: Hook) -> IntegrationLink | None:
        """Which link a hook of a whole application belongs to."""
        address = integration.addressee(hook)
        key = (integration.integration_type, address)
        if key not in self._addressed:
            self._addressed[key] = addressed(address, integration.integration_type)
        return self._addressed[key]

    def hear(self, link: IntegrationLink) -> None:
        """Not again within a moment: people do not look closer, and it is a row to write."""
        last = link.last_received_at
        if last is None or abs(timezone.now() - last) > MOMENT:
            self._heard.add(link.pk)

    def who(self, actor: Actor, link: IntegrationLink) -> User | None:
        key = (link.integration_type, link.team_id, actor)
        if key not in self._people:
            self._people[key] = IntegrationUser.objects.who(
                actor, integration_type=link.integration_type, team=link.team
            )
        return self._people[key]

    def unclaimed(self, actor: Actor, link: IntegrationLink) -> UnclaimedPerson:
        """Whom nobody knows is noted, once for each time that they are called something else."""
        key = (link.integration_type, link.team_id, actor_key(actor))
        noted = self._unclaimed.get(key)
        if noted is None or noted[0] != actor:
            noted = self._unclaimed[key] = (actor, UnclaimedPerson.objects.note(actor, link))
        return noted[1]

    def writes(self, user: User, team: Team) -> bool:
        if team.pk not in self._writers:
            self._writers[team.pk] = set(WRITERS(team.pk))
        return user.pk in self._writers[team.pk]

    def has_suggestions(self, team: Team) -> bool:
        """Whether anything was ever suggested to anybody in this team."""
        if team.pk not in self._suggested:
            self._suggested[team.pk] = bool(SUGGESTED(team.pk))
        return self._suggested[team.pk]

    def note_received(self) -> None:
        """The links of this batch have just been heard from."""
        if self._heard:
            seen = IntegrationLink.objects.filter(pk__in=self._heard)
            seen.update(last_received_at=timezone.now())
