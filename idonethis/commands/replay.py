"""``idonethis replay``: what came in, read again by today's rules."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import click

from idonethis.commands.finding import as_json, needs_database, the_link, the_team, the_user
from idonethis.commands.working import told, work_through
from idonethis.integrations.models import Replay
from idonethis.integrations.models.replay_plan import ReplayPlan
from idonethis.integrations.models.results import WORDS
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.values import Reason

#: A date, or a date and a time; without a zone, UTC.
INSTANT = click.DateTime(
    ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z"]
)


@click.command()
@click.option("--link", help="Only what came in by this link.")
@click.option("--team", help="Only what came in for this team.")
@click.option("--receipt", type=int, default=0, help="Only this one, by its number.")
@click.option(
    "--outcome", "outcomes", multiple=True, type=click.Choice([each.value for each in Reason])
)
@click.option("--event", default="", help="Only events whose name begins so.")
@click.option("--person", default="", help="A member, or somebody as the partner names them.")
@click.option("--since", type=INSTANT, help="Only what came in since then.")
@click.option("--until", type=INSTANT, help="Only what came in before.")
@click.option("--plan", is_flag=True, help="Say what would become of it, and change nothing.")
@as_json
@needs_database
def replay(
    link: str | None,
    team: str | None,
    person: str,
    since: datetime | None,
    until: datetime | None,
    plan: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    """Read again what came in, by the settings and the people of today.

    What people edited or deleted stays as they left it."""
    if link and team:
        raise click.UsageError("Give --link or --team, not both.")
    selection = Selection(
        link=the_link(link).hash_id if link else "",
        team=the_team(team).hash_id if team else "",
        person=_named(person),
        since=_aware(since),
        until=_aware(until),
        **asked,
    )
    if plan:
        _tell(ReplayPlan.of(selection), in_json=as_json)
    else:
        work_through(Replay.begin(selection, user=None), in_json=as_json)


def _aware(said: datetime | None) -> datetime | None:
    return said.replace(tzinfo=UTC) if said and not said.tzinfo else said


def _named(person: str) -> str:
    """A member is known by their address here; everybody else by what the partner calls them."""
    try:
        return the_user(person).hash_id if person else ""
    except click.ClickException:
        return person


def _tell(plan: ReplayPlan, *, in_json: bool) -> None:
    if in_json:
        click.echo(json.dumps(plan.facts(), ensure_ascii=False, indent=1))
        return
    first = f" The figures are of the first {plan.planned}." if plan.planned < plan.total else ""
    click.echo(f"{plan.total} would be read again.{first} {told(plan.results, WORDS)}")
    for outcome, count in plan.by_outcome.items():
        click.echo(f"{count:>7}  {outcome}")
    for each in plan.sample:
        facts = each.facts()
        said = facts["now"] or facts["why"]
        click.echo("{event:<28} {is:<18} {result:<10} ".format(**facts) + said)
    if plan.kept:
        click.echo(f"{plan.kept} That cannot be read again.")
    if plan.left_out:
        click.echo(f"{plan.left_out} came by links that were removed, and cannot be read again.")
