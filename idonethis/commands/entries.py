"""What a team has logged, and what became of what partners sent."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from idonethis.commands.finding import as_json, needs_database, the_team
from idonethis.entries.models import Entry
from idonethis.entries.search import Asked, Within
from idonethis.integrations.models import IntegrationLink, Receipt

#: So many of those that say something are listed, the newest.
MOST = 1000


@click.command()
@click.argument("team")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Only this day.")
@click.option("--search", "text", default="", help="Only what says this: words, #tags, -without.")
@click.option("--deleted", is_flag=True, help="Also what was deleted.")
@as_json
@needs_database
def entries(team: str, day: datetime | None, text: str, deleted: bool, as_json: bool) -> None:
    """List the entries of TEAM, newest first."""
    of = the_team(team)
    found = Entry.objects.for_team(of).select_related("user")
    if text:
        within = Within((of.pk,), since=day and day.date(), until=day and day.date())
        found = found.filter(pk__in=Entry.objects.search(Asked.of(text), within, most=MOST))
    if not deleted:
        found = found.alive()
    if day:
        found = found.filter(occurred_on=day.date())
    ordered = found.prefetch_related("tags", "sources")
    shown = [facts_of(entry) for entry in ordered.order_by("-occurred_on", "-occurred_at", "-pk")]
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for entry in shown:
        click.echo("{day}  {kind:<8} {user:<28} {body}".format(**entry))


def facts_of(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.hash_id,
        "kind": entry.kind,
        "body": entry.body,
        "user": entry.user.email,
        "name": str(entry.user),
        "day": entry.occurred_on.isoformat(),
        "occurred_at": entry.occurred_at.isoformat(),
        "created_by": entry.created_by,
        "url": entry.url,
        "details": [source.text for source in entry.sources.all() if source.text],
        "tags": [tag.name for tag in entry.tags.all()],
        "completed_on": entry.completed_on.isoformat() if entry.completed_on else None,
        "imported": bool(entry.imported),
        "edited": entry.edited_at is not None,
        "deleted": entry.deleted_at is not None,
    }


@click.command()
@click.option("--team", "team", help="Only what was read for links of this team.")
@as_json
@needs_database
def receipts(team: str | None, as_json: bool) -> None:
    """List what partners sent and what became of it, newest first."""
    found = Receipt.objects.order_by("-pk")
    if team:
        links = IntegrationLink.objects.filter(team=the_team(team))
        found = found.filter(read_for__in=list(links.values_list("pk", flat=True)))
    shown = [_receipt(receipt) for receipt in found.defer("request", "more")]
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for receipt in shown:
        click.echo("{received_at}  {type:<10} {event:<28} {outcome:<18} {why}".format(**receipt))


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "id": receipt.pk,
        "type": receipt.integration_type,
        "event": receipt.event,
        "delivery": receipt.delivery_key,
        "received_at": receipt.received_at.isoformat(),
        "state": receipt.state,
        "outcome": receipt.outcome,
        "why": receipt.why,
        "entry": receipt.entry,
        "attempts": receipt.attempts,
    }
