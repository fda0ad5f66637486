"""How a link is made and changed: here, and with what has to be done at the partner; whole or not
at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from idonethis.accounts.models import User
from idonethis.integrations import registry
from idonethis.integrations.asking import ask
from idonethis.integrations.base import Integration, Polls, Registers, Wakes
from idonethis.integrations.http import Failed, NeedsReconnect, Never
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.teams.models import Team

WIRED = ("config", "subject", "registered_hook", "updated_at")


class Duplicate(Never):
    """The team has this link already."""


def make_link(
    integration: Integration,
    team: Team,
    *,
    user: User | None,
    integration_user: IntegrationUser | None,
    config: Mapping[str, Any],
) -> IntegrationLink:
    """Raises Failed with a sentence for the person; then nothing was made on either side."""
    link = IntegrationLink(
        integration_type=integration.integration_type,
        team=team,
        user=user,
        integration_user=integration_user,
    )
    return _wire(link, config)


def change_link(link: IntegrationLink, config: Mapping[str, Any]) -> IntegrationLink:
    """The same for a link that is there: with another subject, its webhook moves, too, and trouble
    that it had with the one before is over."""
    before = link.subject
    _wire(link, config)
    if link.is_in_trouble and link.subject != before:
        link.resume()
    return link


def _wire(link: IntegrationLink, config: Mapping[str, Any]) -> IntegrationLink:
    integration, before = link.integration, (link.subject, _watched(link))
    link.config, link.subject = dict(config), integration.subject(config)[:300]
    _refuse_duplicate(link)
    _refuse_strangers(link)
    _refuse_deaf(link)
    account = link.integration_user
    if account or isinstance(integration, Polls):
        client = account.client() if account else integration.client()
        ask(integration, lambda: integration.check(config, client))
    if link.pk and (link.subject, _watched(link)) == before:
        return _keep_settings(link)
    return _keep_or_withdraw(link, _hook(link))


@transaction.atomic
def _keep_settings(link: IntegrationLink) -> IntegrationLink:
    link.save(update_fields=["config", "updated_at"])
    link.record("link.changed")
    return link


def _refuse_duplicate(link: IntegrationLink) -> None:
    same = IntegrationLink.objects.standing().filter(
        integration_type=link.integration_type, team=link.team, subject=link.subject
    )
    if link.subject and same.exclude(pk=link.pk).exists():
        raise Duplicate(f"{link.team} is linked to {link.short_name} already.")


def _refuse_strangers(link: IntegrationLink) -> None:
    """A form does not know the team; and scripts name whom they like."""
    named = link.rules.people
    if named and link.team.members.filter(hash_id__in=named).count() < len(named):
        raise Never(f"The rules name somebody who is not in {link.team}. Pick people of the team.")


def _refuse_deaf(link: IntegrationLink) -> None:
    is_new = link.pk is None
    if is_new and link.integration_user is None and registry.needs_account(link.integration):
        name = link.integration.name
        raise Never(f"{name} says what has happened to an account alone. Connect one first.")


def _watched(link: IntegrationLink) -> str:
    """What its webhook is about; nothing, where it takes none of ours."""
    integration, account = link.integration, link.integration_user
    if not (isinstance(integration, Registers) and account):
        return ""
    return integration.hook_subject(link.config, account.uid)[:300]


def _hook(link: IntegrationLink) -> RegisteredHook | None:
    subject, account = _watched(link), link.integration_user
    if not subject or account is None:
        return None
    register = RegisteredHook.objects.register
    try:
        return ask(link.integration, lambda: register(subject, integration_user=account))
    except NeedsReconnect:
        raise
    except Never:
        if isinstance(link.integration, Wakes):
            return None
        raise


def _keep_or_withdraw(link: IntegrationLink, hook: RegisteredHook | None) -> IntegrationLink:
    try:
        return _keep(link, hook)
    except IntegrityError:
        # Somebody else's webhook for the same subject came to stand in this very instant.
        return _keep(link, hook)
    except Failed:
        if hook:
            hook.withdraw()
        raise


@transaction.atomic
def _keep(link: IntegrationLink, hook: RegisteredHook | None) -> IntegrationLink:
    # Two who make the same link at once come here one after the other.
    Team.objects.select_for_update().get(pk=link.team_id)
    _refuse_duplicate(link)
    before, link.registered_hook = link.registered_hook, hook and hook.stand()
    is_new = link.pk is None
    link.save(update_fields=None if is_new else WIRED)
    link.record("link.made" if is_new else "link.changed")
    if before and before != link.registered_hook:
        before.let_go()
    return link
