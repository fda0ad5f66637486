"""What a restore refuses, and PostgreSQL's way there and back. The whole journey on SQLite, under
load, is in tests/faults/test_backup.py."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from idonethis import schema
from idonethis.alone import AlreadyRunning, replacing, serving
from idonethis.backups import archive, backup
from idonethis.backups.aftermath import Aftermath
from idonethis.backups.manifest import BadBackup, Manifest
from idonethis.backups.restore import Restore
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations import secrets
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import Delivery, IntegrationLink, OutgoingHold, Receipt, days
from idonethis.integrations.reads import EMPTIED
from idonethis.integrations.values import Hook

on_sqlite = pytest.mark.skipif(settings.INBOX != "inbox", reason="This database is not SQLite.")
on_postgres = pytest.mark.skipif(settings.INBOX == "inbox", reason="This database is SQLite.")


def written(tmp_path, **about):
    facts = {
        "database": connection.vendor,
        "made_at": "2026-11-24T12:00:00+00:00",
        "migrations": [],
        "counts": {},
        "files": {},
        "encryption_keys": secrets.key_ids(),
    }
    with archive.workshop(tmp_path) as parts:
        archive.write(tmp_path / "b.tar", Manifest(**facts | about), parts)
    return tmp_path / "b.tar"


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"database": "oracle"}, "It was made on oracle"),
        ({"migrations": ["entries.0999_from_the_future"]}, "newer than this one"),
        ({"encryption_keys": ["0123abcd"]}, "encrypted with a key that this server does not have"),
        ({"format": 99}, "newer than this one"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(tmp_path, about, said):
    with pytest.raises(BadBackup, match=said):
        Restore(written(tmp_path, **about), over=True).run()


def test_one_that_a_server_of_today_has_just_made_is_not_from_the_future(tmp_path, db):
    applied = sorted(schema.applied(connection))
    assert "entries.0001_initial" in applied
    made = Manifest.parse(archive.verify(written(tmp_path, migrations=applied)).text)
    assert made.unknown_migrations == []


def test_data_that_is_there_is_not_replaced_unasked(tmp_path, ada):
    with pytest.raises(BadBackup, match="There is data here already"):
        Restore(written(tmp_path))._refuse_data()
    Restore(written(tmp_path), over=True)._refuse_data()


def test_a_backup_whose_manifest_is_nonsense_is_refused(tmp_path):
    with pytest.raises(BadBackup, match="manifest cannot be read"):
        Manifest.parse(json.dumps({"made": "up"}).encode())


def test_what_somebody_had_in_hand_while_it_was_made_waits_for_nobody(tmp_path, team, ada):
    made = Manifest.parse(archive.verify(written(tmp_path)).text)
    link = IntegrationLink.objects.create(integration_type="webhook", team=team, user=ada)
    entry = Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    until = timezone.now() + timedelta(minutes=3)
    link.carried_until = until
    link.save()
    Delivery.objects.create(link=link, entry=entry, attempts=1, due_at=until)
    Aftermath.settle(made)
    assert Delivery.objects.get().due_at <= timezone.now()
    assert IntegrationLink.objects.get().carried_until is None


@on_sqlite
def test_nothing_is_replaced_while_a_server_runs_and_no_server_starts_meanwhile():
    with serving(), pytest.raises(AlreadyRunning, match="already runs"), replacing():
        pass
    with replacing(), pytest.raises(AlreadyRunning), serving():
        pass
    with serving():
        pass


@on_sqlite
def test_no_server_starts_on_what_an_interrupted_restore_left():
    folder = settings.DATA / "restoring"
    folder.mkdir()
    try:
        with pytest.raises(AlreadyRunning, match="interrupted: run it again"), serving():
            pass
    finally:
        folder.rmdir()


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_everything_comes_back_as_it_was(tmp_path, team, ada):
    entry = Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    made = backup.back_up(tmp_path / "b.tar", with_keys=False, tell=lambda *step: None)
    assert made.counts["entries_entry"] == 1 and made.database == "postgresql"
    Entry.objects.log(Draft(body="After the backup"), team=team, user=ada)
    entry.edit(kind="done", body="Changed after the backup")
    Restore(tmp_path / "b.tar", over=True).run()
    assert list(Entry.objects.values_list("body", flat=True)) == ["Oiled the mill"]
    assert OutgoingHold.standing()


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_requests_come_back_whichever_days_were_made_or_dropped_since(tmp_path):
    today, came = timezone.now(), [timezone.now() - ago * timedelta(days=1) for ago in (0, 1, 2)]
    store([_row(at) for at in came[:2]])
    days.make_ahead()
    store([_row(came[2])])
    made = backup.back_up(tmp_path / "b.tar", with_keys=False, tell=lambda *step: None)
    assert made.counts["integrations_request"] >= 3
    Receipt.objects.update(state=EMPTIED)
    assert days.make_ahead() == 1 and days.let_go(today.date())
    store([_row(today - timedelta(days=5))])
    assert days.make_ahead() == 1
    Restore(tmp_path / "b.tar", over=True).run()
    assert [each.hook.body for each in Receipt.objects.order_by("pk")] == [
        f"{at}".encode() for at in came
    ]
    assert days.make_ahead() == 1


def _row(at: datetime) -> Row:
    return Row("acme", 1, f"{at}", "done", Hook(f"{at}".encode(), received_at=at), {})


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_nothing_is_replaced_while_somebody_is_connected():
    other = connections["default"].copy()
    try:
        with other.cursor(), pytest.raises(AlreadyRunning, match="connected"), replacing():
            pass
    finally:
        other.close()


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_no_server_starts_during_a_restore():
    with replacing(), pytest.raises(AlreadyRunning, match="being restored"), serving():
        pass
    with serving():
        pass
