"""The one file: whole, closed to others, and refused where it is not as it was written."""

from __future__ import annotations

import sqlite3
import stat
import threading
from contextlib import closing

import pytest

from idonethis.backups import archive, sqlite
from idonethis.backups.manifest import BadBackup, Manifest, difference, sha256

ROWS = 20_000


@pytest.fixture
def made(tmp_path):
    with archive.workshop(tmp_path) as parts:
        (parts / "log.sqlite3").write_bytes(b"what Ada got done" * 1000)
        files = {"log.sqlite3": sha256(parts / "log.sqlite3")}
        manifest = Manifest("sqlite", "2026-11-24T12:00:00+00:00", [], {}, files, ["0123abcd"])
        archive.write(tmp_path / "backup.tar", manifest, parts)
    return tmp_path / "backup.tar"


def test_it_is_for_its_owner_alone_and_nothing_is_left_beside_it(made):
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert list(made.parent.iterdir()) == [made]


def test_it_says_what_it_holds(made):
    manifest = archive.verify(made)
    assert (manifest.database, manifest.made.year) == ("sqlite", 2026)


def test_a_changed_byte_is_found(made):
    content = made.read_bytes()
    made.write_bytes(content.replace(b"Ada got done", b"Ada got dune", 1))
    with pytest.raises(BadBackup, match="damaged"):
        archive.verify(made)


@pytest.mark.parametrize("size", [0, 100, 3000, 12_000])
def test_a_file_that_was_cut_off_is_no_backup(made, size):
    made.write_bytes(made.read_bytes()[:size])
    with pytest.raises(BadBackup):
        archive.verify(made)


def test_any_other_file_is_no_backup(tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("Buy milk")
    with pytest.raises(BadBackup, match="no backup of ours"):
        archive.verify(other)


def test_a_table_with_fewer_rows_is_named():
    assert difference({"log.entry": 2}, {"log.entry": 2}) == ""
    assert "log.entry has 1 rows instead of 2" in difference({"log.entry": 2}, {"log.entry": 1})
    assert "no rows" in difference({"log.entry": 2}, {})


@pytest.fixture
def busy(tmp_path):
    """A file to which somebody adds rows all the time, two in one transaction."""
    path, stopping = tmp_path / "log.sqlite3", threading.Event()
    with closing(sqlite3.connect(path, isolation_level=None)) as first:
        first.executescript("PRAGMA journal_mode=WAL; CREATE TABLE done (body);")
        first.execute("BEGIN")
        first.executemany("INSERT INTO done VALUES (?)", [["Turned the crank" * 20]] * ROWS)
        first.execute("COMMIT")

    def write():
        with closing(sqlite3.connect(path, isolation_level=None)) as writer:
            while not stopping.is_set():
                writer.executescript(
                    "BEGIN; INSERT INTO done VALUES ('a'); INSERT INTO done VALUES ('b'); COMMIT;"
                )

    writing = threading.Thread(target=write)
    writing.start()
    yield path
    stopping.set()
    writing.join()


def test_a_copy_is_of_one_instant_while_others_write(busy, tmp_path):
    told = []
    counts = sqlite.copy(busy, tmp_path / "copy", tell=lambda *step: told.append(step))
    assert sqlite.examine(tmp_path / "copy") == counts
    assert counts["done"] >= ROWS and counts["done"] % 2 == 0
    # Nobody who writes makes it start over: what remains only ever shrinks.
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1][1] == told[-1][2]


def test_a_damaged_copy_is_not_whole(tmp_path):
    path = tmp_path / "log.sqlite3"
    with closing(sqlite3.connect(path)) as made, made:
        made.executescript("CREATE TABLE done (body); CREATE INDEX by_body ON done (body);")
        made.executemany("INSERT INTO done VALUES (?)", [[str(n) * 50] for n in range(2000)])
    content = bytearray(path.read_bytes())
    content[40_000:44_000] = bytes(4000)
    path.write_bytes(content)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite.examine(path)
