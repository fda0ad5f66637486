"""A log on its way: what goes in, and what stands there then."""

from __future__ import annotations

from django.db import transaction

from idonethis.accounts.models import User
from idonethis.entries.models import Entry
from idonethis.integrations.tests.coming import work_off
from idonethis.porting import reading
from idonethis.porting.models import Import, Plan, Upload
from idonethis.porting.reading.archive import Archive
from idonethis.porting.settling import Settling
from idonethis.porting.writing import archive, csv_file
from idonethis.teams.models import Team

HEADER = "user_email_address,status,body,occurred_on,completed_on,created_at,archived_at"
ADAS = "ada@example.org,done,Wrote the first program,2015-03-02,,2015-03-02 17:00:05 UTC"
GOAL = "ada@example.org,goal,Publish the notes #notes,2015-03-02,2015-03-04,2015-03-02 09:00:00 UTC"
MOTH = 'grace@example.org,blocked,"A moth, in relay 70\nof the Mark II",2015-03-03,,2015-03-03'
STRANGER = "charles@example.org,done,Drew a cog,2015-03-02,,2015-03-02 10:00:00 UTC"


def table(*rows: str) -> bytes:
    """A CSV as the service exports it: the rows lack the last value."""
    return "\n".join((HEADER, *rows, "")).encode()


def upload(team, content: bytes, name="log.csv") -> Upload:
    return Upload.objects.keep(reading.read(content), team=team, name=name, user=None)


def planned(team, content: bytes) -> Plan:
    return Plan.of(upload(team, content))


def bring(team, content: bytes):
    """Returns the job."""
    return work_off(Import.begin(upload(team, content), user=None))


def undo(job):
    return work_off(job.undo(by=None))


def settled(content: bytes) -> Settling:
    """As who has the server brings in an archive of it."""
    settling = Settling(Archive.of(content))
    with transaction.atomic():
        settling.settle()
    for team, read in settling.reads():
        work_off(
            Import.begin(Upload.objects.keep(read, team=team, name="archive", user=None), user=None)
        )
    return settling


def nobody_left() -> None:
    """The server is as fresh as on its first day."""
    Team.objects.all().delete()
    User.objects.all().delete()


def of_server() -> bytes:
    return b"".join(archive.of_server())


def of_team(team) -> bytes:
    return b"".join(archive.of_team(team))


def as_csv(team) -> bytes:
    return b"".join(csv_file.of_team(team))


def said(team):
    """By whom, and what."""
    found = Entry.objects.for_team(team).alive().order_by("created_at", "pk")
    return [(entry.user.nickname, entry.kind, entry.body) for entry in found]
