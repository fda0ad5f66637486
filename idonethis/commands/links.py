"""Links to partners, and who people are there."""

from __future__ import annotations

from typing import Any

import click
from django.db import transaction
from django.forms import BaseForm

from idonethis.accounts.models import User
from idonethis.commands.finding import (
    as_json,
    json_object,
    needs_database,
    tell,
    the_integration,
    the_team,
    the_user,
)
from idonethis.integrations.base import Integration, ReceivesForAll
from idonethis.integrations.models import IntegrationLink, IntegrationUser, Receipt, UnclaimedPerson
from idonethis.teams.models import Team


@click.group()
def link() -> None:
    """What flows between partners and teams."""


@link.command("add")
@click.argument("integration_type", metavar="TYPE")
@click.option("--team", "team", required=True)
@click.option("--config", default="{}", help="JSON; what is left out gets the form's defaults.")
@click.option("--user", "user", help="Whose link it is (default: the team's first admin).")
@as_json
@needs_database
def add_link(
    integration_type: str, team: str, config: str, user: str | None, as_json: bool
) -> None:
    """Link TYPE to a team, and print where and how signed the partner must send."""
    integration = the_integration(integration_type)
    given = json_object(config, option="--config")
    where = the_team(team)
    cleaned = validated(integration, given)
    made = IntegrationLink.objects.create(
        integration_type=integration_type,
        team=where,
        user=the_user(user) if user else _first_admin(where),
        config=cleaned,
        subject=integration.subject(cleaned)[:300],
    )
    secret = str(made.signing_secret)
    if isinstance(integration, ReceivesForAll):
        secret = f"the setting {integration_type.upper()}_SIGNING_SECRET"
    facts = {"id": made.hash_id, "hook_url": made.hook_url, "secret": secret}
    sentence = f"Linked {integration.name} to {where}.\nHook URL: {made.hook_url}\nSecret: {secret}"
    tell(facts, sentence, in_json=as_json)


def validated(integration: Integration, given: dict[str, Any]) -> dict[str, Any]:
    """The config as the integration's form cleans it, with its defaults for what is left out."""
    blank = integration.link_form()
    defaults = {name: field.initial for name, field in blank.fields.items()}
    strange = set(given) - set(blank.fields)
    if strange:
        raise click.UsageError(
            f"--config has no {', '.join(sorted(strange))} for this integration."
        )
    form = integration.link_form(data={**defaults, **given})
    if not form.is_valid():
        raise click.UsageError(f"--config does not fit: {_problems(form)}")
    return dict(form.cleaned_data)


def _problems(form: BaseForm) -> str:
    errors = form.errors.get_json_data()
    said = ((name, " ".join(each["message"] for each in found)) for name, found in errors.items())
    return "; ".join(f"{name}: {sentence}" for name, sentence in said)


def _first_admin(team: Team) -> User | None:
    admins = team.memberships.filter(role="admin").order_by("pk").select_related("user")
    first = admins.first() or team.memberships.order_by("pk").select_related("user").first()
    return first.user if first else None


@link.command("list")
@as_json
@needs_database
def list_links(as_json: bool) -> None:
    """List the links that stand."""
    for made in IntegrationLink.objects.standing().select_related("team"):
        facts = {
            "id": made.hash_id,
            "type": made.integration_type,
            "team": made.team.slug,
            "name": made.short_name,
            "state": made.state,
            "hook_url": made.hook_url,
        }
        row = "{id}  {type:<12} {team:<24} {name:<24} {state}".format(**facts)
        tell(facts, row, in_json=as_json)


@click.group()
def identity() -> None:
    """Who people are at partners."""


@identity.command("add")
@click.argument("integration_type", metavar="TYPE")
@click.argument("uid")
@click.argument("user")
@click.option("--login", default="", help="Their name there, for people to read.")
@as_json
@needs_database
def add_identity(integration_type: str, uid: str, user: str, login: str, as_json: bool) -> None:
    """Say that the account UID at TYPE is USER; what was waiting for them becomes entries.

    UID is the partner's stable id, or a login written @login."""
    integration = the_integration(integration_type)
    who = the_user(user)
    key = uid.lower() if uid.startswith("@") else uid
    with transaction.atomic():
        IntegrationUser.objects.update_or_create(
            integration_type=integration_type,
            uid=key,
            team=None,
            defaults={"user": who, "login": login or key.lstrip("@"), "evidence": "operator"},
        )
    same_login = UnclaimedPerson.objects.filter(
        integration_type=integration_type, login__iexact=key.removeprefix("@")
    )
    keys = {key, *(same_login.values_list("key", flat=True) if key.startswith("@") else ())}
    waiting = Receipt.objects.waiting_for(keys, integration_type=integration_type).replay()
    facts = {"type": integration_type, "uid": key, "user": who.email, "replayed": waiting}
    sentence = f"{key} at {integration.name} is {who}. {waiting} waiting hooks are processed again."
    tell(facts, sentence, in_json=as_json)
