"""The keys with which secrets are encrypted."""

from __future__ import annotations

import click

from idonethis.commands.finding import as_json, needs_database, tell
from idonethis.integrations.models.lost_keys import Lost, give_up_lost
from idonethis.integrations.models.resealing import REMEDY, Resealed, reseal
from idonethis.ui.words import numbered


@click.command("rotate-keys")
@click.option("--give-up", is_flag=True, help="What no key opens is lost for good: replace it.")
@as_json
@needs_database
def rotate_keys(give_up: bool, as_json: bool) -> None:
    """Encrypt every stored secret with the key of now, while the server runs.

    First give the server a new ENCRYPTION_KEY, put the one before into OLD_ENCRYPTION_KEYS, and
    start it again. When this is through, OLD_ENCRYPTION_KEYS can go."""
    given_up = give_up_lost() if give_up else Lost()
    try:
        done = reseal()
    except TimeoutError as problem:
        raise click.ClickException(f"{problem} The rest is done. Run it again.") from problem
    facts = {"anew": done.anew, "already": done.already, "lost": dict(done.lost)}
    facts |= {"given_up": sum(given_up)}
    tell(facts, "\n".join([*given_up.sentences, _sentence(done)]), in_json=as_json)
    if done.lost:
        raise click.ClickException(f"{done.trouble} {REMEDY}")


def _sentence(done: Resealed) -> str:
    anew = numbered(done.anew, "secret is", "secrets are")
    said = f"{anew} encrypted anew, {done.already} had the key of now already."
    return said if done.lost else f"{said} OLD_ENCRYPTION_KEYS can go."
