"""What SQLite writes is carried over by the server alone, while nobody writes."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time

import pytest
from django.conf import settings
from django.db import connections

from idonethis import checkpoints
from idonethis.checkpoints import careful, is_faulty
from tests.site import Site

ROWS = 2000
on_sqlite = pytest.mark.skipif(settings.INBOX != "inbox", reason="This database is not SQLite.")


@pytest.fixture
def log(tmp_path):
    """A file to which nothing has been carried over yet; its connection stays open."""
    path = tmp_path / "log.sqlite3"
    writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    writer.executescript(f"PRAGMA journal_mode=WAL; {checkpoints.NEVER} CREATE TABLE done (body);")
    writer.executemany("INSERT INTO done VALUES (?)", [["Turned the crank"]] * ROWS)
    yield path, writer
    writer.close()


def carried_over(path) -> int:
    """How many rows the file holds without its log."""
    alone = shutil.copy(path, path.with_name("alone"))
    with sqlite3.connect(alone) as copy:
        known = copy.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        return copy.execute("SELECT count(*) FROM done").fetchone()[0] if known else 0


def test_a_checkpoint_carries_everything_over(log):
    path, _ = log
    assert carried_over(path) == 0
    checkpoints._checkpoint(path)
    assert carried_over(path) == ROWS


def test_a_checkpoint_waits_for_who_writes(log):
    path, writer = log
    writer.execute("BEGIN IMMEDIATE")
    checkpoint = threading.Thread(target=checkpoints._checkpoint, args=[path])
    checkpoint.start()
    time.sleep(0.3)
    assert carried_over(path) == 0
    writer.execute("INSERT INTO done VALUES ('The last one')")
    writer.execute("COMMIT")
    checkpoint.join()
    assert carried_over(path) == ROWS + 1


def test_after_a_checkpoint_the_log_is_written_from_its_beginning(log):
    path, writer = log
    checkpoints._checkpoint(path)
    size = path.with_name("log.sqlite3-wal").stat().st_size
    writer.executemany("INSERT INTO done VALUES (?)", [["Again"]] * (ROWS // 2))
    assert path.with_name("log.sqlite3-wal").stat().st_size == size


@on_sqlite
@pytest.mark.django_db
def test_no_connection_of_ours_checkpoints_by_itself():
    for connection in connections.all():
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 46, 1), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 1), False),
        ((4, 0, 0), False),
    ],
)
def test_which_versions_have_the_fault(version, faulty):
    assert is_faulty(version) == faulty


@on_sqlite
@pytest.mark.django_db
def test_only_settings_that_let_connections_checkpoint_are_warned_of(monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    assert careful(databases=["default"]) == []
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint=1000")
        try:
            [warning] = careful(databases=["default"])
            assert "older than 3.51.3" in warning.msg
            monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
            assert careful(databases=["default"]) == []
        finally:
            cursor.execute("PRAGMA wal_autocheckpoint=0")


@pytest.mark.slow
def test_the_server_carries_over_what_a_command_writes(tmp_path):
    site = Site(tmp_path / "data").start()
    try:
        site.run("team", "add", "Night Shift")
        until = time.monotonic() + 10
        while not in_the_file_alone(site.data, "Night Shift"):
            assert time.monotonic() < until
            time.sleep(0.2)
        assert "Take care" not in site.log.read_text()
    finally:
        assert site.stop() == 0


def in_the_file_alone(data, team) -> bool:
    alone = shutil.copy(data / "log.sqlite3", data / "alone.sqlite3")
    try:
        with sqlite3.connect(alone) as copy:
            known = copy.execute("SELECT count(*) FROM teams_team WHERE name = ?", [team])
            return bool(known.fetchone()[0])
    except sqlite3.DatabaseError:
        # Copied while something was being carried over.
        return False
