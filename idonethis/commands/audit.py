from __future__ import annotations

import click

from idonethis.administration.changes import Names
from idonethis.audit.models import AuditRecord
from idonethis.commands.finding import as_json, needs_database, tell, the_team, the_user


@click.command()
@click.option("--team", help="Only what was changed in this team.")
@click.option("--user", help="Only what this person did, or what was done to them.")
@click.option("--action", default="", help="Only actions with this word in them, such as secret.")
@click.option("--last", default=50, show_default=True, help="How many.")
@as_json
@needs_database
def audit(team: str | None, user: str | None, action: str, last: int, as_json: bool) -> None:
    """Say who changed what, newest last."""
    records = AuditRecord.objects.filter(action__icontains=action)
    if team:
        records = records.about_team(the_team(team))
    if user:
        records = records.by_or_about(the_user(user))
    found = list(records[:last])[::-1]
    names = Names.of(found)
    for each in found:
        change = names.tell(each)
        facts = {"at": each.at, "who": each.who, "action": each.action, "thing": each.thing}
        facts |= {"team": each.team, "address": each.address, "details": each.details}
        row = f"{each.at:%Y-%m-%d %H:%M:%S}  {change.who:<24} {change.said} {change.thing}"
        more = "  ".join(filter(None, (change.details, change.team, change.address)))
        tell(facts, f"{row}  {more}".rstrip(), in_json=as_json)
