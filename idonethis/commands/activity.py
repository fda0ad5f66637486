"""``idonethis activity``: all that came in and went out, from a terminal."""

from __future__ import annotations

import json
from typing import Any

import click

from idonethis.commands.finding import as_json, needs_database, the_team
from idonethis.integrations.activity import PAGE, Activity
from idonethis.integrations.filters import DIRECTIONS, RESULTS, Filters, instant
from idonethis.integrations.refused import refused
from idonethis.integrations.sight import Sight


def _since(context: click.Context, option: click.Parameter, value: str) -> str:
    if value and instant(value) is None:
        raise click.BadParameter(f"“{value}” is neither a day, like 2026-11-24, nor an instant.")
    return value


@click.command()
@click.option("--team", "team", help="Only of this team.")
@click.option("--link", default="", help="Only by this link, named by its id.")
@click.option("--result", type=click.Choice(RESULTS), help="Only what ended like this.")
@click.option("--event", default="", help="Only events that begin like this.")
@click.option("--direction", type=click.Choice(DIRECTIONS))
@click.option("--since", default="", callback=_since, help="A day or an instant.")
@click.option("--before", default="", help="Where the next page begins: see the last line.")
@click.option("--limit", default=PAGE, type=click.IntRange(1, 1000), show_default=True)
@as_json
@needs_database
def activity(team: str | None, before: str, limit: int, as_json: bool, **asked: str | None) -> None:
    """List what came in and went out, and what became of it, newest first. Times are UTC."""
    sight = Sight.operators(team=the_team(team) if team else None)
    filters = Filters(**{name: value or "" for name, value in asked.items()})
    page = Activity.of(sight, filters, before=before, size=limit)
    turned_away = [each.facts() for each in refused(filters.links_of(sight))]
    facts = page.facts() | {"refused": turned_away}
    click.echo(json.dumps(facts, ensure_ascii=False, indent=1) if as_json else _text(facts))


def _text(facts: dict[str, Any]) -> str:
    lines = ["{name}: {sentence} {advice}".format(**each) for each in facts["refused"]]
    lines += [_line(each) for each in facts["items"]]
    if facts["older"]:
        lines.append(f"Older: --before {facts['older']}")
    if facts["kept"]:
        lines.append(facts["kept"])
    return "\n".join(lines) or "Nothing has come or gone yet."


def _line(each: dict[str, Any]) -> str:
    shown = {**each, "link": each["link"]["name"], "became": each["entry"] or each["why"]}
    row = "{at:.19}  {direction:<3} {word:<16} {event:<28} {link:<24} {became}"
    return row.format(**shown)
