"""Whom a hook of a whole application is for."""

from __future__ import annotations

from django.db import models

from idonethis.integrations.base import ReceivesForAll
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.values import Address, Hook
from idonethis.teams.models import Team


def link_for(integration: ReceivesForAll, hook: Hook) -> IntegrationLink | None:
    """Which link a hook of a whole application belongs to."""
    return addressed(integration.addressee(hook), integration.integration_type)


def addressed(address: Address, integration_type: str) -> IntegrationLink | None:
    """The workspace's link for this place; else one of a team of this person; else the oldest. A
    link that an operator made without a workspace hears known members of its team alone: others
    may be from anywhere."""
    known = IntegrationUser.objects.filter(
        integration_type=integration_type, uid=address.person, team=None
    )
    theirs = Team.objects.filter(memberships__user__in=known.values("user"))
    of_workspace = models.Q(integration_user__uid=address.workspace)
    of_person = models.Q(integration_user=None, team__in=theirs)
    links = IntegrationLink.objects.listening().filter(
        of_workspace | of_person, integration_type=integration_type
    )
    ranked = links.annotate(
        rank=models.Case(
            models.When(subject=address.place, then=0),
            models.When(team__in=theirs, then=1),
            default=2,
        )
    )
    found = ranked.select_related("team", "user", "integration_user")
    return found.order_by("rank", "pk").first() if address.workspace else None
