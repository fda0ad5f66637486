"""How the commands name things, and what they say when there is no such thing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connections
from django.db.models import Q

from idonethis.accounts.models import User
from idonethis.integrations import registry
from idonethis.integrations.base import Integration
from idonethis.integrations.models import IntegrationLink
from idonethis.teams.models import Team

P = ParamSpec("P")
R = TypeVar("R")
Row = TypeVar("Row")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def needs_database(command: Callable[P, R]) -> Callable[P, R]:
    """Says in one line that there is no database yet, where there is none."""

    @wraps(command)
    def run(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            connections["default"].ensure_connection()
            return command(*arguments, **options)
        except (OperationalError, ProgrammingError) as problem:
            if "no such table" in str(problem) or "does not exist" in str(problem):
                raise click.ClickException(
                    f"There is no log in {settings.DATA} yet. Run “idonethis up” first."
                ) from problem
            raise click.ClickException(f"The database does not answer: {problem}") from problem

    return run


def the_team(name: str) -> Team:
    """By its slug, its id or its name."""
    found = Team.objects.filter(Q(slug=name) | Q(hash_id=name) | Q(name__iexact=name))
    return _only(list(found[:2]), f"team “{name}”")


def the_link(name: str) -> IntegrationLink:
    """By its id."""
    link = _only(list(IntegrationLink.objects.filter(hash_id=name)), f"link “{name}”")
    if link.is_gone:
        raise click.ClickException(f"The link “{name}” was removed. Nothing was changed.")
    return link


def the_user(name: str) -> User:
    """By a mail address or the nickname."""
    known = Q(email__iexact=name) | Q(emailaddress__email__iexact=name) | Q(nickname__iexact=name)
    return _only(list(User.objects.filter(known).distinct()[:2]), f"person “{name}”")


def _only(found: list[Row], what: str) -> Row:
    if not found:
        raise click.ClickException(f"There is no {what}. Nothing was changed.")
    if len(found) > 1:
        raise click.ClickException(f"There is more than one {what}. Nothing was changed.")
    return found[0]


def the_integration(integration_type: str) -> Integration:
    integration = registry.get(integration_type)
    if integration is None:
        known = ", ".join(sorted(registry.integrations()))
        raise click.UsageError(f"There is no integration “{integration_type}”. Known: {known}.")
    return integration


def json_object(text: str, *, option: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise click.UsageError(f"{option} is not JSON: {problem}") from problem
    if not isinstance(value, dict):
        raise click.UsageError(f"{option} must be a JSON object, such as {{}}.")
    return value


def tell(facts: Mapping[str, Any], sentence: str, *, in_json: bool) -> None:
    click.echo(json.dumps(facts, default=str, ensure_ascii=False) if in_json else sentence)
