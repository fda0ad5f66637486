"""``idonethis import`` and ``idonethis undo-import``: how a log moves in."""

from __future__ import annotations

import json
from pathlib import Path

import click
from django.db import transaction

from idonethis.accounts.models import User
from idonethis.commands.finding import as_json, needs_database, the_team
from idonethis.commands.working import told, work_through
from idonethis.integrations.http import Failed
from idonethis.integrations.models import Job
from idonethis.porting import reading
from idonethis.porting.brought import Refused, Unreadable
from idonethis.porting.models import Collect, Import, Plan, Upload
from idonethis.porting.models.importing import WORDS
from idonethis.porting.reading.archive import Archive, is_archive
from idonethis.porting.remote import Remote
from idonethis.porting.settling import Settling
from idonethis.teams.models import Team
from idonethis.ui.words import numbered

#: So many lines that cannot be read are told in a terminal.
SHOWN = 100
#: Bytes, of which no machine holds as many: who runs the server knows what it holds.
UNBOUNDED = 2**40


@click.command("import")
@click.argument("source")
@click.option(
    "--team", help="Into this team. An archive of a server needs none: it brings its own."
)
@click.option("--dry-run", is_flag=True, help="Say what it would bring, and store nothing.")
@click.option("--add-people", is_flag=True, help="Make a person of each address that nobody has.")
@click.option("--token-file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from-team", default="", help="Which team of the other server, by name or id.")
@as_json
@needs_database
def import_(
    source: str,
    team: str | None,
    dry_run: bool,
    add_people: bool,
    token_file: Path | None,
    from_team: str,
    as_json: bool,
) -> None:
    """Bring in SOURCE: a CSV of I Done This, an archive (.jsonl) of “idonethis export”, or the
    address of a server with the API v2.

    Nobody is told of it; brought in twice, it is there once; and “idonethis undo-import” takes it
    back. Rows of people whom the team does not know wait, and are told."""
    if source.startswith(("http://", "https://")):
        upload = _collect(_needed(team), source, token_file, from_team)
        _bring([upload], dry_run=dry_run, add_people=add_people, in_json=as_json)
        return
    content = _content(Path(source))
    try:
        if team is None and is_archive(content):
            _bring_archive(Archive.of(content), dry_run=dry_run, in_json=as_json)
            return
        upload = Upload.objects.keep(
            reading.read(content), team=_needed(team), name=Path(source).name, user=None
        )
    except Unreadable as problem:
        raise click.ClickException(f"{problem} Nothing was imported.") from problem
    _bring([upload], dry_run=dry_run, add_people=add_people, in_json=as_json)


def _needed(team: str | None) -> Team:
    if team is None:
        raise click.UsageError("Say --team, into which it is brought.")
    return the_team(team)


def _content(file: Path) -> bytes:
    try:
        return reading.unpacked(file.read_bytes(), most=UNBOUNDED)
    except Unreadable as problem:
        raise click.ClickException(f"{problem} Nothing was imported.") from problem
    except OSError as problem:
        said = problem.strerror or "It cannot be read"
        raise click.ClickException(f"{file}: {said}. Nothing was imported.") from problem


def _collect(team: Team, address: str, token_file: Path | None, from_team: str) -> Upload:
    if token_file is None:
        raise click.UsageError("Say --token-file, in which the API token of that server stands.")
    token = token_file.read_text().strip()
    try:
        there = Remote(address, token).team(from_team)
    except Failed as problem:
        raise click.ClickException(f"{problem} Nothing was imported.") from problem
    job = Collect.begin(team, address=address, token=token, there=there, user=None)
    work_through(job, in_json=False)
    return Upload.objects.get(hash_id=job.asked["upload"])


class _Undone(Exception):
    """A dry run ends."""


def _bring_archive(archive: Archive, *, dry_run: bool, in_json: bool) -> None:
    """In a dry run people and teams are made, looked at and unmade."""
    try:
        with transaction.atomic():
            settling = Settling(archive)
            settling.settle()
            uploads = [
                Upload.objects.keep(read, team=team, name=f"Archive of {team}", user=None)
                for team, read in settling.reads()
                if read.rows
            ]
            _tell_lost(settling.lost(), in_json=in_json)
            if dry_run:
                _tell_settled(settling, in_json=in_json)
                _bring(uploads, dry_run=True, add_people=False, in_json=in_json)
                raise _Undone
    except _Undone:
        return
    _tell_settled(settling, in_json=in_json)
    _bring(uploads, dry_run=False, add_people=False, in_json=in_json)


def _tell_settled(settling: Settling, *, in_json: bool) -> None:
    people = numbered(settling.made["people"], "person", "people")
    teams = numbered(settling.made["teams"], "team", "teams")
    click.echo(f"{people} and {teams} not here before.", err=in_json)


def _bring(uploads: list[Upload], *, dry_run: bool, add_people: bool, in_json: bool) -> None:
    for upload in uploads:
        if add_people and not dry_run:
            _add_people(Plan.of(upload))
        if dry_run:
            _tell_plan(Plan.of(upload), in_json=in_json)
            upload.delete()
        else:
            _tell_lost([Refused(*each) for each in upload.refused], in_json=in_json)
            job = Import.begin(upload, user=None)
            work_through(job, in_json=in_json)
            if job.can_undo and not in_json:
                click.echo(f"Taken back by: idonethis undo-import {job.hash_id}")


@transaction.atomic
def _add_people(plan: Plan) -> None:
    """The operator vouches for the addresses, as with “idonethis user add”."""
    for person in plan.unmatched:
        if not User.objects.with_address(person.email).exists():
            name = person.name or person.email.partition("@")[0].title()
            made = User.objects.enrol(person.email, None, verified=True, name=name)
            plan.upload.team.join(made)


def _tell_plan(plan: Plan, *, in_json: bool) -> None:
    if in_json:
        click.echo(json.dumps(plan.facts(), default=str, ensure_ascii=False, indent=1))
        return
    click.echo(f"{plan.upload} into {plan.upload.team}: {plan.upload.rows} rows.")
    click.echo(f"{told(plan.results, WORDS)} Nothing is stored yet.")
    for person in plan.people:
        who = f"{person.user} <{person.user.email}>" if person.user else "nobody here, so they wait"
        click.echo(f"{person.rows:>7}  {person.email} is {who}")
    for note in plan.upload.notes:
        click.echo(note)
    _tell_lost([Refused(*each) for each in plan.upload.refused], in_json=False)


def _tell_lost(lost: list[Refused], *, in_json: bool) -> None:
    for each in lost[:SHOWN]:
        place = f"Line {each.line}: " if each.line else ""
        click.echo(f"{place}{each.why}", err=True)
    if len(lost) > SHOWN:
        click.echo(f"{len(lost) - SHOWN} more lines cannot be read.", err=True)


@click.command("undo-import")
@click.argument("job")
@as_json
@needs_database
def undo_import(job: str, as_json: bool) -> None:
    """Take back what the import JOB brought. What people have changed since stays."""
    found = Job.objects.filter(hash_id=job, kind=Import.kind).first()
    if found is None or not found.can_undo:
        raise click.ClickException("There is no such import to take back. Nothing was changed.")
    work_through(found.undo(by=None), in_json=as_json)
