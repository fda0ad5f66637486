"""How a link is made: here, and with what has to be done at the partner; whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from idonethis.accounts.models import User
from idonethis.integrations.base import Integration, Registers
from idonethis.integrations.http import Never
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.teams.models import Team


class Duplicate(Never):
    """The team has this link already."""


def make_link(
    integration: Integration,
    team: Team,
    *,
    user: User,
    integration_user: IntegrationUser | None,
    config: Mapping[str, Any],
) -> IntegrationLink:
    """Raises Failed with a sentence for the person; then nothing was made on either side."""
    subject = integration.subject(config)[:300]
    link = IntegrationLink(
        integration_type=integration.integration_type,
        team=team,
        user=user,
        integration_user=integration_user,
        config=dict(config),
        subject=subject,
    )
    _refuse_duplicate(link)
    if integration_user:
        integration.check(config, integration_user.client())
    hook = None
    if isinstance(integration, Registers) and integration_user and subject:
        hook = RegisteredHook.objects.register(subject, integration_user=integration_user)
    return _kept(link, hook)


def _refuse_duplicate(link: IntegrationLink) -> None:
    same = IntegrationLink.objects.standing().filter(
        integration_type=link.integration_type, team=link.team, subject=link.subject
    )
    if link.subject and same.exists():
        raise Duplicate(f"{link.team} is linked to {link.short_name} already. Nothing was changed.")


@transaction.atomic
def _kept(link: IntegrationLink, hook: RegisteredHook | None) -> IntegrationLink:
    link.registered_hook = hook
    if hook:
        hook.stands()
    link.save()
    return link
