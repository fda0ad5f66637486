"""``idonethis why``: the fate of a hook, from a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click
from django.conf import settings

from idonethis.commands.finding import as_json, needs_database, the_team
from idonethis.integrations.remedies import Remedy
from idonethis.integrations.sight import Sight
from idonethis.integrations.why import Answer, answer


@click.command()
@click.argument("anything")
@click.option("--team", "team", help="Only in this team.")
@click.option("--before", type=click.IntRange(min=1), help="Look further back: see the last line.")
@as_json
@needs_database
def why(anything: str, team: str | None, before: int | None, as_json: bool) -> None:
    """Say why ANYTHING did, or did not, become an entry, and what to do.

    ANYTHING is a commit, the number or key of an issue, the address of a page, a person, the name
    of a delivery, a Message-ID, the address of an entry, or any words of it. Times are UTC."""
    sight = Sight.operators(team=the_team(team) if team else None)
    found = answer(anything, sight, before=before)
    if as_json:
        click.echo(json.dumps(found.facts(), ensure_ascii=False, indent=1))
        return
    for line in _lines(found):
        click.echo(line)


def _lines(answer: Answer) -> Iterator[str]:
    yield answer.sentence
    if answer.first and answer.first.remedy:
        yield from _remedy(answer.first.remedy)
    if answer.meanings:
        yield "What it can mean that nothing came:"
        yield from (f"- {each.sentence}" for each in answer.meanings)
    for each in answer.findings[1:]:
        yield f"{each.ending.word:<16} {each.sentence}"
    if answer.scan:
        yield answer.scan.sentence
        if answer.first and answer.kept:
            yield answer.kept
        if answer.scan.further:
            yield f"Look further back with --before {answer.scan.further}."


def _remedy(remedy: Remedy) -> Iterator[str]:
    yield remedy.advice
    if remedy.path and not remedy.posts:
        yield settings.BASE_URL + remedy.path
