"""Links to partners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
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
from idonethis.integrations.base import Integration, Receives, ReceivesForAll, Secret, SignsForAll
from idonethis.integrations.forms import TheirSecretForm
from idonethis.integrations.http import Failed
from idonethis.integrations.models import IntegrationLink
from idonethis.integrations.models.making import make_link
from idonethis.teams.models import Team


@click.group()
def link() -> None:
    """What flows between partners and teams."""


@link.command("add")
@click.argument("integration_type", metavar="TYPE")
@click.option("--team", "team", required=True)
@click.option("--config", default="{}", help="JSON; what is left out gets the form's defaults.")
@click.option("--user", "user", help="Whose link it is (default: the team's first admin).")
@click.option("--secret", help="The one that the partner signs with, where it makes it itself.")
@as_json
@needs_database
def add_link(
    integration_type: str,
    team: str,
    config: str,
    user: str | None,
    secret: str | None,
    as_json: bool,
) -> None:
    """Link TYPE to a team, and print where and how signed the partner must send."""
    integration = the_integration(integration_type)
    given = json_object(config, option="--config")
    where = the_team(team)
    theirs = _theirs(integration, secret)
    made = _made(integration, where, user=_owner(where, user), config=validated(integration, given))
    if theirs:
        made.take_secret(theirs)
    facts = _facts(made)
    tell(facts, _sentence(made, facts), in_json=as_json)


def _theirs(integration: Integration, secret: str | None) -> Secret | None:
    if secret is None:
        return None
    given = TheirSecretForm(integration, {"secret": secret})
    if not given.is_valid():
        raise click.UsageError(f"--secret: {given.problem}")
    return Secret(given.cleaned_data["secret"])


def _facts(made: IntegrationLink) -> dict[str, str]:
    """The address is the one to send to, with whatever of the secret has to be in it."""
    integration, url, secret = made.integration, made.hook_url, made.signing_secret
    if isinstance(integration, ReceivesForAll | SignsForAll):
        kept = f"the setting {made.integration_type.upper()}_SIGNING_SECRET"
        return {"id": made.hash_id, "hook_url": url, "secret": kept}
    if isinstance(integration, Receives):
        url = integration.signature.address(url, secret)
    return {"id": made.hash_id, "hook_url": url, "secret": str(secret)}


def _sentence(made: IntegrationLink, facts: Mapping[str, str]) -> str:
    lines = [f"Linked {made.integration.name} to {made.team}.", f"Hook URL: {facts['hook_url']}"]
    if made.awaits_secret and isinstance(made.integration, Receives):
        lines.append(f"Nothing is taken yet. {made.integration.their_secret}")
    else:
        lines.append(f"Secret: {facts['secret']}")
    return "\n".join(lines)


def _made(
    integration: Integration, team: Team, *, user: User | None, config: dict[str, Any]
) -> IntegrationLink:
    try:
        return make_link(integration, team, user=user, integration_user=None, config=config)
    except Failed as problem:
        raise click.ClickException(f"{problem} Nothing was linked.") from problem


def validated(integration: Integration, given: dict[str, Any]) -> dict[str, Any]:
    """The config as the integration's form cleans it, with its defaults for what is left out."""
    strange = set(given) - set(integration.defaults)
    if strange:
        raise click.UsageError(
            f"--config has no {', '.join(sorted(strange))} for this integration."
        )
    form = integration.form(data={**integration.defaults, **given})
    form.without_account()
    if not form.is_valid():
        raise click.UsageError(f"--config does not fit: {_problems(form)}")
    return dict(form.cleaned_data)


def _problems(form: BaseForm) -> str:
    errors = form.errors.get_json_data()
    said = ((name, " ".join(each["message"] for each in found)) for name, found in errors.items())
    return "; ".join(f"{name}: {sentence}" for name, sentence in said)


def _owner(team: Team, name: str | None) -> User | None:
    """Whose entries those are that name nobody; a team that is still empty has no one yet."""
    if name is None:
        return _first_admin(team)
    owner = the_user(name)
    if not team.has_writer(owner):
        raise click.ClickException(f"{owner} does not write in {team}. Nothing was linked.")
    return owner


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
