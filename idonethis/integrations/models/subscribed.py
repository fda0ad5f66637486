"""Links that a program of a person subscribed by its token. Each has an address of its own that
nothing else uses: an account of the kind ``hook``, named after the token."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from idonethis.accounts.models import ApiToken, User
from idonethis.accounts.signals import token_ends
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.link_states import By
from idonethis.teams.models import Team
from idonethis.teams.signals import member_leaves


def name_of(token: ApiToken, rest: str) -> str:
    return f"{token.hash_id}:{rest}"


def subscribed(user: User) -> QuerySet[IntegrationLink]:
    """Those that stand, of all tokens of this person."""
    links = IntegrationLink.objects.standing().select_related("integration_user", "team", "user")
    return links.filter(integration_user__kind="hook", integration_user__user=user)


def subscribed_by(token: ApiToken) -> QuerySet[IntegrationLink]:
    own = name_of(token, "")
    return subscribed(token.user).filter(integration_user__uid__startswith=own)


def _end_with_token(token: ApiToken, **signal: Any) -> None:
    """Whoever had it may have subscribed an address of theirs."""
    _end(subscribed_by(token))


def _end_with_membership(team: Team, user: User, **signal: Any) -> None:
    """No person of the team stands for the address any more."""
    _end(subscribed(user).filter(team=team))


def _end(links: QuerySet[IntegrationLink]) -> None:
    for link in links:
        link.remove(by=By.SERVER)


token_ends.connect(_end_with_token)
member_leaves.connect(_end_with_membership)
