"""What watches over the server is told the truth, and no more than it may know."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from idonethis import heartbeat, metrics, probes, readiness, schema
from idonethis.background import Lane
from idonethis.integrations.models import OutgoingHold, Receipt
from idonethis.probes import Probes

on_sqlite = pytest.mark.skipif(settings.INBOX != "inbox", reason="This database is not SQLite.")

HERE = {"host": "127.0.0.1:8000"}


async def elsewhere(scope, receive, send):
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def ask(path, *, method="GET", client="127.0.0.1", headers=HERE):
    """Status and body of one request."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "client": (client, 4711),
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
    }
    asyncio.run(Probes(elsewhere)(scope, None, send))
    return sent[0]["status"], sent[1]["body"].decode()


@pytest.fixture
def working(monkeypatch):
    """A lane that is at work and turns."""
    lane = Lane("inbox", patience=60)
    monkeypatch.setattr(Lane, "at_work", {lane})
    monkeypatch.setattr(readiness, "_fits", True)
    return lane


def test_health_needs_no_database():
    assert ask("/healthz") == (200, "ok")
    assert ask("/healthz", method="HEAD") == (200, "")
    assert ask("/healthz", method="POST")[0] == 405
    assert ask("/settings")[0] == 299


@pytest.mark.django_db(transaction=True)
def test_a_server_that_can_work_is_ready(working):
    status, body = ask("/readyz")
    assert (status, json.loads(body)) == (200, {"ready": True, "reasons": []})


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_stuck_is_named(working):
    working._turned -= 75
    status, body = ask("/readyz")
    assert status == 503
    assert "The inbox lane has been at the same turn for 75 seconds." in body


@pytest.mark.django_db(transaction=True)
def test_without_workers_nothing_is_ready(working, monkeypatch):
    monkeypatch.setattr(Lane, "at_work", set())
    assert "the workers do not run" in ask("/readyz")[1]


@pytest.mark.django_db(transaction=True)
def test_tables_of_another_version_are_not_ready(working, monkeypatch):
    monkeypatch.setattr(readiness, "_fits", False)
    monkeypatch.setattr(schema, "pending", lambda: ["entries.0099_new"])
    status, body = ask("/readyz")
    assert status == 503 and "not those of this version" in body


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_file_that_somebody_else_keeps_locked_is_not_ready(working, monkeypatch):
    with sqlite3.connect(settings.DATABASES["inbox"]["NAME"], isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        status, body = ask("/readyz")
        other.execute("ROLLBACK")
    assert status == 503 and "“inbox” cannot be written: database is locked" in body


def test_many_who_ask_at_once_ask_the_database_once():
    asked = []
    remembered = probes.Remembered(lambda: asked.append(1) or probes.Said(200, b""))

    async def crowd():
        await asyncio.gather(*(remembered.said() for _ in range(20)))

    asyncio.run(crowd())
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", HERE, 200),
        ("::1", {"host": "[::1]:8000"}, 200),
        ("127.0.0.1", {"host": "localhost:8000"}, 200),
        ("192.0.2.7", HERE, 403),
        # A proxy on this machine, and a page elsewhere whose name leads here.
        ("127.0.0.1", {**HERE, "x-forwarded-for": "192.0.2.7"}, 403),
        ("127.0.0.1", {"host": "log.example.org"}, 403),
        ("127.0.0.1", {"host": "rebound.example.net:8000"}, 403),
        ("192.0.2.7", {**HERE, "authorization": "Bearer the-token"}, 200),
        ("192.0.2.7", {**HERE, "authorization": "Bearer another"}, 403),
        ("192.0.2.7", {**HERE, "authorization": "the-token"}, 403),
    ],
)
def test_metrics_are_for_this_machine_and_for_who_brings_the_token(
    settings, db, client, headers, status
):
    settings.METRICS_TOKEN = "the-token"
    assert ask("/metrics", client=client, headers=headers)[0] == status


@pytest.mark.parametrize("brought", ["Bearer ", "Bearer", ""])
def test_without_a_token_in_the_settings_none_opens(settings, brought):
    settings.METRICS_TOKEN = ""
    headers = {**HERE, "authorization": brought}
    assert ask("/metrics", client="192.0.2.7", headers=headers)[0] == 403


def value(name):
    lines = [line for line in metrics.exposition().decode().splitlines() if line[:1] != "#"]
    return {n: float(v) for n, _, v in (line.rpartition(" ") for line in lines)}.get(name)


def test_what_waits_is_measured(db):
    Probes(elsewhere)
    assert (value("idonethis_inbox_due"), value("idonethis_inbox_oldest_seconds")) == (0, 0)
    Receipt.objects.create(
        integration_type="acme",
        delivery_key="1",
        request=b"",
        received_at=timezone.now() - timedelta(minutes=5),
    )
    OutgoingHold.objects.create(backup_made_at=timezone.now())
    assert value("idonethis_inbox_due") == 1
    assert 299 < value("idonethis_inbox_oldest_seconds") < 400
    assert value("idonethis_outgoing_held") == 1


def test_a_database_that_is_away_leaves_what_was_counted(db):
    def away():
        raise DatabaseError("gone")

    metrics.measure(metrics.Gauge("idonethis_away", "Away.", away))
    try:
        metrics.HOOKS.labels("acme", "stored").inc()
        assert value("idonethis_away") is None
        assert value('idonethis_hooks_total{result="stored",type="acme"}') >= 1
    finally:
        del metrics.ASKED.gauges["idonethis_away"]


def test_the_sign_of_life_tells_who_is_stuck(working):
    stuck = Lane("outbox", patience=1)
    stuck._turned -= 60
    Lane.at_work.add(stuck)
    heartbeat.beat()
    last = heartbeat.Heartbeat.last()
    assert last.is_recent and last.stuck == ["outbox"]
    assert set(last.lanes) == {"inbox", "outbox"}
    heartbeat.end()
    assert heartbeat.Heartbeat.last() is None


@pytest.mark.django_db
def test_a_lane_is_at_work_while_it_works():
    lane, until, seen = Lane("inbox", every=0.01), threading.Event(), []

    def drain():
        seen.append(lane in Lane.at_work)
        until.set()
        return 0

    lane._turned -= 1000
    lane.work(drain, until=until)
    assert seen == [True] and lane not in Lane.at_work
    assert not lane.is_stuck
