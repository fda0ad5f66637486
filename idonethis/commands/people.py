"""People and teams, for scripts and for the first minutes of an installation."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable

import click
from django.core.exceptions import ValidationError
from django.db import transaction

from idonethis.accounts.models import User
from idonethis.accounts.setup import setup_url
from idonethis.audit.models import record
from idonethis.commands.finding import as_json, needs_database, tell, the_team, the_user
from idonethis.privacy.deactivation import deactivate, reactivate
from idonethis.privacy.deletion import CannotGo, Deletion
from idonethis.teams.models import LastAdmin, Membership, Team


@click.group()
def user() -> None:
    """People of this server."""


@user.command("add")
@click.argument("email")
@click.option("--name", default="", help="What others see (default: from the address).")
@click.option("--nickname", default="", help="What others type after @.")
@click.option("--password", help="“-” reads it from standard input; without it, one is made up.")
@click.option("--admin", is_flag=True, help="Let them administer this server.")
@click.option("--time-zone", default="UTC", show_default=True)
@click.option("--day-ends-at", type=int, default=0, help="Hour at which their day ends.")
@as_json
@needs_database
@transaction.atomic
def add_user(email: str, as_json: bool, password: str | None, admin: bool, **fields: str) -> None:
    """Add a person. The address counts as verified: the operator vouches for it."""
    given = sys.stdin.readline().rstrip("\n") if password == "-" else password  # noqa: S105
    password = given or secrets.token_urlsafe(12)
    fields["name"] = fields["name"] or email.partition("@")[0].title()
    rights = {"is_staff": admin, "is_superuser": admin}
    _check(email.strip().lower(), **fields)
    person = User.objects.enrol(email, password, verified=True, **rights, **fields)
    Team.objects.personal(person)
    facts = {"id": person.hash_id, "email": person.email, "name": person.name}
    shown = {} if given else {"password": password}
    sentence = f"Added {person.name} <{person.email}>." + (
        f" Password: {password}" if shown else ""
    )
    tell({**facts, **shown}, sentence, in_json=as_json)


@user.command("deactivate")
@click.argument("user")
@needs_database
def deactivate_user(user: str) -> None:
    """Take USER's access away; what they logged stays."""
    who = the_user(user)
    _unless_needed(lambda: deactivate(who))
    click.echo(f"{who} cannot sign in any more.")


@user.command("reactivate")
@click.argument("user")
@needs_database
def reactivate_user(user: str) -> None:
    """Give USER their access back."""
    who = the_user(user)
    reactivate(who)
    click.echo(f"{who} can sign in again.")


@user.command("delete")
@click.argument("user")
@click.option("--yes", is_flag=True, help="Do not ask; nothing of it can be brought back.")
@needs_database
def delete_user(user: str, yes: bool) -> None:
    """Delete USER's account and everything that names them."""
    who = the_user(user)
    if not yes:
        click.confirm(f"Delete {who} <{who.email}> for good?", abort=True)
    name, files = str(who), [each.file for each in Deletion(who).archives]
    _unless_needed(Deletion(who).run)
    click.echo(f"{name} is deleted. The server goes on to remove them from stored hooks.")
    if files:
        click.echo("They may be named in these files of the archive, which nobody but you changes:")
    for file in files:
        click.echo(file)


def _unless_needed(act: Callable[[], None]) -> None:
    try:
        act()
    except CannotGo as problem:
        raise click.ClickException(str(problem)) from problem


def _check(email: str, **fields: str) -> None:
    try:
        User(email=email, **fields).full_clean(exclude=["password"])
        if owner := User.objects.with_address(email).first():
            raise ValidationError(f"{email} is a further address of {owner}.")
    except ValidationError as problem:
        raise click.ClickException(f"Nobody was added: {'; '.join(problem.messages)}") from problem


@click.group()
def team() -> None:
    """Teams."""


@team.command("add")
@click.argument("name")
@as_json
@needs_database
@transaction.atomic
def add_team(name: str, as_json: bool) -> None:
    """Add a team. Give it members with “idonethis member add”."""
    if not name.strip():
        raise click.UsageError("A team needs a name.")
    made = Team.objects.create(name=name.strip()[:80])
    record("team.founded", made, team=made)
    facts = {"id": made.hash_id, "slug": made.slug, "name": made.name}
    tell(facts, f"Added the team {made.name} ({made.slug}).", in_json=as_json)


@click.group()
def member() -> None:
    """Who belongs to which team."""


@member.command("add")
@click.argument("team")
@click.argument("user")
@click.option("--role", type=click.Choice(Membership.Role.values), default="member")
@as_json
@needs_database
def add_member(team: str, user: str, role: str, as_json: bool) -> None:
    """Put USER into TEAM, or change their role there."""
    where, who = the_team(team), the_user(user)
    _give_role(where.join(who, role), role)
    facts = {"team": where.slug, "user": who.email, "role": role}
    tell(facts, f"{who} is {role} of {where}.", in_json=as_json)


def _give_role(membership: Membership, role: str) -> None:
    if membership.role == role:
        return
    try:
        membership.become(role)
    except LastAdmin as problem:
        raise click.ClickException(str(problem)) from problem


@click.command("setup-link")
@needs_database
def setup_link() -> None:
    """Print the link that makes the first account, while there is none."""
    click.echo(setup_url() or "This server is set up already; sign in instead.")
