"""``idonethis backfill``: what happened before a link was made."""

from __future__ import annotations

import json

import click

from idonethis.commands.finding import as_json, needs_database, the_link
from idonethis.commands.working import told, work_through
from idonethis.integrations.http import Failed
from idonethis.integrations.models import Backfill
from idonethis.integrations.models.backfill_plan import BackfillPlan
from idonethis.integrations.models.backfilling import Past
from idonethis.integrations.models.results import WORDS

#: No log is older.
MOST_DAYS = 3660


@click.command()
@click.argument("link")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=30, show_default=True)
@click.option("--plan", is_flag=True, help="Say what it would bring, and store nothing.")
@as_json
@needs_database
def backfill(link: str, days: int, plan: bool, as_json: bool) -> None:
    """Bring in what happened at the partner of LINK in the last days, each thing on its day.

    Nobody is told of it, and it can be undone on its page."""
    past = Past.of_days(the_link(link), days)
    try:
        past.check()
        planned = BackfillPlan.of(past) if plan else None
    except Failed as problem:
        raise click.ClickException(f"{problem} Nothing was imported.") from problem
    if planned:
        _tell(planned, in_json=as_json)
    else:
        work_through(Backfill.begin(past, days=days, user=None), in_json=as_json)


def _tell(plan: BackfillPlan, *, in_json: bool) -> None:
    if in_json:
        click.echo(json.dumps(plan.facts(), ensure_ascii=False, indent=1))
        return
    many = "It is not known how many" if plan.total is None else plan.total
    click.echo(f"{many} things would be looked at. Of the first {plan.seen}:")
    click.echo(told(plan.results, WORDS))
    for each in plan.sample:
        facts = each.facts()
        said = facts["body"] or facts["why"]
        click.echo(f"{facts['day'] or '':<12} {facts['result']:<10} {said}")
