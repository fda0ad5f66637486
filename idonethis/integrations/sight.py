"""What somebody may look into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import QuerySet

from idonethis.accounts.models import User
from idonethis.integrations import registry
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.teams.models import Team


@dataclass(frozen=True)
class Sight:
    """``links`` are seen, also those that were removed; of those in ``open_ids``, by their primary
    keys, the requests themselves may be read, unless they are a secret of somebody else than the
    ``reader``; who runs the server is none."""

    teams: tuple[Team, ...]
    links: tuple[IntegrationLink, ...]
    open_ids: frozenset[int]
    reader: User | None = None

    @classmethod
    def of(cls, user: User, *, team: Team | None = None) -> Sight:
        """A person's: of all their teams, or of this one of them."""
        teams = Team.objects.for_user(user)
        found = cls._in(teams.filter(pk=team.pk) if team else teams)
        managed = IntegrationLink.objects.in_charge_of(user).values_list("pk", flat=True)
        return replace(found, open_ids=found.open_ids & set(managed), reader=user)

    @classmethod
    def operators(cls, *, team: Team | None = None) -> Sight:
        """Of who runs the server."""
        return cls._in(Team.objects.filter(pk=team.pk) if team else Team.objects.all())

    @classmethod
    def _in(cls, teams: QuerySet[Team]) -> Sight:
        found = tuple(teams)
        links = IntegrationLink.objects.filter(
            team__in=found, integration_type__in=registry.types()
        )
        seen = tuple(links.select_related("team", "user", "integration_user").order_by("pk"))
        return cls(found, seen, frozenset(link.pk for link in seen))

    def only(self, links: Iterable[IntegrationLink]) -> Sight:
        return replace(self, links=tuple(links))

    @cached_property
    def opened(self) -> tuple[IntegrationLink, ...]:
        return tuple(link for link in self.links if link.pk in self.open_ids)

    @cached_property
    def by_id(self) -> dict[int, IntegrationLink]:
        return {link.pk: link for link in self.links}

    def link_of(self, receipt: Receipt) -> IntegrationLink | None:
        return self.by_id.get(receipt.its_link)
