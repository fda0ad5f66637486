"""``idonethis preview``: what a hook would become, without a server and without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from idonethis.commands.finding import json_object, the_integration
from idonethis.commands.links import validated
from idonethis.integrations.base import Integration, Reads
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.previewing import Preview
from idonethis.integrations.values import Hook, Secret


@click.command()
@click.argument("integration_type", metavar="TYPE")
@click.argument("body", metavar="BODYFILE", type=click.Path(path_type=Path))
@click.option(
    "-H", "--header", "headers", multiple=True, help="As the partner sends it: Name: value"
)
@click.option("--secret", help="Check the signature with this secret.")
@click.option("--config", default="{}", help="JSON; what is left out gets the form's defaults.")
@click.option("--more", default="{}", help="JSON; what the partner would say when it is asked.")
def preview(
    integration_type: str,
    body: Path,
    headers: tuple[str, ...],
    secret: str | None,
    config: str,
    more: str,
) -> None:
    """Print what the hook in BODYFILE would become, as one JSON object.

    Nothing is stored, nobody is called, no database is needed. Without --secret, the signature is
    not checked and “verified” is null."""
    integration = the_integration(integration_type)
    if not isinstance(integration, Reads):
        raise click.UsageError(f"{integration.name} receives no hooks.")
    hook = Hook(_read(body), _headers(headers), more=json_object(more, option="--more"))
    link = PlainLink(config=_config(integration, config))
    key = None if secret is None else Secret(_bytes(secret).decode(errors="replace"))
    facts = Preview(integration, hook, link, key).facts()
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    click.echo(text.encode(errors="replace"))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise click.UsageError(f"{path} cannot be read: {problem.strerror}.") from problem


def _headers(lines: tuple[str, ...]) -> dict[str, str]:
    """As a server reads them: the bytes that were typed, one character each."""
    found = {"content-type": "application/json"}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise click.UsageError(f"-H “{line}” is not of the form Name: value.")
        found[name.strip().lower()] = _bytes(value.strip()).decode("latin-1")
    return found


def _bytes(typed: str) -> bytes:
    return typed.encode(errors="surrogateescape")


def _config(integration: Integration, text: str) -> dict[str, Any]:
    given = json_object(text, option="--config")
    fields = integration.form.base_fields
    known = {name: value for name, value in given.items() if name in fields}
    return given | validated(integration, known)
