"""Applications of others that may ask people to let them in."""

from __future__ import annotations

from typing import Any

import click

from idonethis.accounts.models import App
from idonethis.accounts.oauth.app import BadAddress
from idonethis.accounts.tokens import Scope
from idonethis.commands.finding import as_json, needs_database, tell


@click.group()
def app() -> None:
    """Applications that people may let in."""


@app.command("add")
@click.argument("name")
@click.option("--redirect", "redirect_uris", multiple=True, help="Where it is answered; repeat.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(Scope.values),
    help="What it may ask for at most; repeat.",
)
@click.option("--secret", is_flag=True, help="It runs on a server and can keep a secret.")
@click.option("--devices", is_flag=True, help="People may type a code that it shows.")
@as_json
@needs_database
def add_app(as_json: bool, scopes: tuple[str, ...], **facts: Any) -> None:
    """Register an application. Its secret, if any, is shown this once."""
    if not scopes:
        raise click.UsageError("Say by --scope what it may ask for.")
    if not facts["redirect_uris"] and not facts["devices"]:
        raise click.UsageError("Say by --redirect where it is answered, or --devices.")
    facts["redirect_uris"] = list(facts["redirect_uris"])
    try:
        made, secret = App.objects.register(**facts, scopes=sorted(scopes))
    except BadAddress as problem:
        raise click.ClickException(str(problem)) from problem
    told = {"client_id": made.hash_id} | ({"client_secret": secret} if secret else {})
    words = ", ".join(f"{name}: {value}" for name, value in told.items())
    tell(told, f"Registered {made}. {words}", in_json=as_json)


@app.command("list")
@as_json
@needs_database
def list_apps(as_json: bool) -> None:
    """List applications, and how many people have let each in."""
    for each in App.objects.all():
        people = each.tokens.values("user").distinct().count()
        facts = {"client_id": each.hash_id, "name": each.name, "scopes": each.scopes}
        facts |= {"redirect_uris": each.redirect_uris, "devices": each.devices, "people": people}
        line = f"{each.hash_id}  {each.name}  {' '.join(each.scopes)}  let in by {people}"
        tell(facts, line, in_json=as_json)


@app.command("remove")
@click.argument("client_id")
@needs_database
def remove_app(client_id: str) -> None:
    """Remove an application; whoever let it in has let it in no more."""
    found = App.objects.filter(hash_id=client_id).first()
    if found is None:
        raise click.ClickException(f"There is no application “{client_id}”. Nothing was changed.")
    found.remove()
    click.echo(f"{found} is let in nowhere any more.")
