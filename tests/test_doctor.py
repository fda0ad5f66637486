"""Each thing that can be wrong with an installation, and what the doctor says to do."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import namedtuple
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from idonethis import heartbeat
from idonethis.background import Lane
from idonethis.doctor import Checkup, data, machine, partners, server
from idonethis.doctor.checkup import _carefully
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.entries.search import index
from idonethis.integrations.models import Delivery, OutgoingHold, PartnerApp, Receipt
from idonethis.integrations.tests.web.conftest import (  # noqa: F401
    account,
    as_ada,
    browsers,
    foundry,
    foundry_server,
    link,
    world,
)
from idonethis.integrations.tests.web.test_oauth1 import mill  # noqa: F401
from idonethis.simulators.visitor import act
from tests.site import Site, free_port

pytestmark = pytest.mark.django_db

Usage = namedtuple("Usage", "total used free")


def found(check):
    return {finding.name: finding for finding in check()}


def test_a_sqlite_without_fts5_is_told_of(monkeypatch):
    assert found(data.search)["Search"].verdict == "ok"
    monkeypatch.setattr(index, "is_slow", lambda: True)
    finding = found(data.search)["Search"]
    assert finding.verdict == "warn" and "FTS5" in finding.says and "PostgreSQL" in finding.fix


@pytest.mark.parametrize(
    ("free", "verdict"), [(50 * 1024**3, "ok"), (500 * 1024**2, "warn"), (10 * 1024**2, "bad")]
)
def test_a_disk_that_fills_up(monkeypatch, free, verdict):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(100 * 1024**3, 0, free))
    assert found(machine.disk)["Disk"].verdict == verdict


def test_a_key_that_others_may_read_is_closed_by_the_command_that_is_given(settings, tmp_path):
    settings.DATA = tmp_path
    tmp_path.chmod(0o700)
    key = tmp_path / "encryption_key"
    key.write_text("secret")
    key.chmod(0o644)
    [finding] = machine.files()
    assert finding.verdict == "bad" and finding.fix == f"chmod 600 {key}"
    subprocess.run(finding.fix.split(), check=True)
    assert found(machine.files)["Files"].verdict == "ok"


def test_a_disk_whose_clock_is_another(monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 60)
    assert found(machine.clock)["Clock"].verdict == "warn"


def test_hooks_that_wait_for_too_long():
    waits = Receipt.objects.create(
        integration_type="acme", delivery_key="1", request=b"", received_at=timezone.now()
    )
    assert found(data.inbox)["Inbox"].verdict == "ok"
    for minutes, verdict in ((10, "warn"), (90, "bad")):
        waits.received_at = timezone.now() - timedelta(minutes=minutes)
        waits.save()
        finding = found(data.inbox)["Inbox"]
        assert finding.verdict == verdict and f"waited for {minutes} minutes" in finding.says


def test_entries_that_wait_for_too_long(link, team, ada):  # noqa: F811
    entry = Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    Delivery.objects.get_or_create(link=link, entry=entry)
    assert found(data.outbox)["Outbox"].verdict == "ok"
    for minutes, verdict in ((10, "warn"), (90, "bad")):
        Entry.objects.update(updated_at=timezone.now() - timedelta(minutes=minutes))
        finding = found(data.outbox)["Outbox"]
        assert finding.verdict == verdict and f"waited for {minutes} minutes" in finding.says


def test_tables_of_an_older_version():
    assert found(data.migrations)["Tables"].verdict == "ok"
    MigrationRecorder(connection).record_unapplied("audit", "0001_initial")
    finding = found(data.migrations)["Tables"]
    assert (
        finding.verdict == "bad" and "1 migration is pending: audit.0001_initial." in finding.says
    )


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_an_sqlite_with_a_fault_whose_own_checkpoints_are_on(monkeypatch, version):
    if settings.INBOX != "inbox":
        pytest.skip("It is not SQLite.")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert found(machine.sqlite)["SQLite"].verdict == "ok"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint = 1000")
    try:
        finding = found(machine.sqlite)["SQLite"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint = 0")
    assert finding.verdict == "warn" and "can corrupt the database" in finding.says


def test_a_restore_that_nobody_has_confirmed():
    OutgoingHold.objects.create(backup_made_at=timezone.now())
    finding = found(data.outbox)["Outbox"]
    assert finding.verdict == "warn" and "idonethis resume-outgoing" in finding.fix


def test_a_link_that_needs_a_person(link):  # noqa: F811
    assert found(data.links) == {}
    link.state, link.trouble = "target_gone", "The forge is gone."
    link.save()
    finding = found(data.links)[f"Link {link.hash_id}"]
    assert finding.says == "The forge is gone." and finding.fix.endswith(link.get_absolute_url())


@pytest.fixture
def sign_of_life(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr(Lane, "at_work", {Lane("inbox")})
    heartbeat.beat()
    return tmp_path / "heartbeat"


def changed(path, **fields):
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))
    return found(server.alive)["Server"]


def test_a_server_that_is_there_or_not(sign_of_life):
    assert found(server.alive)["Server"].verdict == "ok"
    assert "are stuck: outbox" in changed(sign_of_life, stuck=["outbox"]).says
    assert changed(sign_of_life, stuck=[], version="0.0.1").verdict == "warn"
    silent = changed(sign_of_life, at=time.time() - 600)
    assert silent.verdict == "bad" and "10 minutes old" in silent.says
    sign_of_life.unlink()
    assert found(server.alive)["Server"].fix == "Start it: idonethis up"


def test_an_address_that_leads_nowhere(settings):
    settings.BASE_URL = f"http://127.0.0.1:{free_port()}"
    finding = found(server.address)["Address"]
    assert finding.verdict == "bad" and "Set BASE_URL" in finding.fix


def test_an_address_of_this_network_says_what_works_anyway():
    said = server._seen_from_outside()
    assert said.verdict == "ok" and "GitHub" in said.says and "Slack" in said.says


def test_an_address_of_the_internet_without_https(settings):
    settings.SITE, settings.HTTPS = settings.SITE._replace(netloc="198.41.0.4:80"), False
    assert server._seen_from_outside().verdict == "warn"
    settings.HTTPS = True
    assert "reached from the internet" in server._seen_from_outside().says


def test_a_mail_server_that_is_not_there(settings):
    assert found(server.mail)["Mail"].verdict == "ok"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    finding = found(server.mail)["Mail"]
    assert finding.verdict == "bad" and "EMAIL_HOST" in finding.fix


def test_a_partner_that_is_half_set_up(foundry):  # noqa: F811
    assert found(partners.credentials)["Foundry"].verdict == "ok"
    app = PartnerApp.objects.get()
    app.delete()
    assert "not set up" in found(partners.credentials)["Foundry"].says
    PartnerApp(integration_type="foundry").keep({"CLIENT_ID": "the-id"})
    half = found(partners.credentials)["Foundry"]
    assert half.verdict == "warn" and half.fix.endswith("/integrations/foundry/setup")


def test_credentials_whose_key_is_gone(foundry, settings):  # noqa: F811
    settings.ENCRYPTION_KEYS = ["another"]
    assert found(partners.credentials)["Foundry"].verdict == "bad"
    finding = found(partners.keys)["Keys"]
    assert finding.verdict == "bad" and "1 registration" in finding.says
    assert "OLD_ENCRYPTION_KEYS" in finding.fix and "--give-up" in finding.fix


def test_online_a_partner_says_whether_it_knows_us(foundry, world):  # noqa: F811
    assert found(partners.known_there)["Foundry online"].verdict == "ok"
    world.says = (401, {"error": "invalid_client"})
    assert found(partners.known_there)["Foundry online"].verdict == "bad"
    world.says = (503, {})
    assert found(partners.known_there)["Foundry online"].verdict == "warn"


def test_online_a_partner_of_oauth_1_says_whether_it_knows_us(mill):  # noqa: F811
    assert found(partners.known_there)["Foundry online"].verdict == "ok"
    act(mill, "faults", fault="500", path="/request")
    assert found(partners.known_there)["Foundry online"].verdict == "warn"
    PartnerApp.objects.get().keep({"CLIENT_SECRET": "another"})
    assert found(partners.known_there)["Foundry online"].verdict == "bad"


@pytest.mark.parametrize(("ahead", "verdict"), [(0, "ok"), (-90, "warn"), (600, "bad")])
def test_online_the_clock_is_compared_with_the_partner_s(foundry, monkeypatch, ahead, verdict):  # noqa: F811
    now = time.time
    monkeypatch.setattr(partners.time, "time", lambda: now() + ahead)
    assert found(partners.clocks)["Clock by Foundry"].verdict == verdict


def test_a_check_that_fails_does_not_hide_the_others():
    def broken():
        raise OSError("no such device")
        yield

    [finding] = _carefully(broken)
    assert finding.verdict == "bad" and "no such device" in finding.says


def test_one_bad_finding_makes_it_all_bad():
    assert Checkup((server.ok("A", ""), server.bad("B", "", fix="Do it."))).is_bad
    assert not Checkup((server.ok("A", ""), server.warn("B", "", fix="Do it."))).is_bad


@pytest.mark.slow
def test_on_a_fresh_server_everything_is_well_and_without_it_nothing(tmp_path):
    site = Site(tmp_path / "data").start()
    until = time.monotonic() + 60
    while not (site.data / "heartbeat").exists():
        assert time.monotonic() < until
        time.sleep(0.1)
    (site.data / "terminal.txt").chmod(0o600)
    os.chmod(site.data, 0o700)
    findings = site.told("doctor")
    assert {finding["verdict"] for finding in findings} == {"ok"}, findings
    assert site.stop() == 0
    command = [sys.executable, "-m", "idonethis", "doctor"]
    done = subprocess.run(command, env=site.env, capture_output=True, text=True)
    assert done.returncode == 1
    assert "bad   Server" in done.stdout and "Do: Start it: idonethis up" in done.stdout
