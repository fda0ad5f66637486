"""``idonethis migrate-to-postgres``: a log on SQLite goes on on PostgreSQL."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from urllib.request import Request, urlopen

import psycopg
import pytest

from faults.databases import Postgres
from idonethis.audit import triggers
from idonethis.integrations.ingest.inserting import insert
from tests.installed import engines, install
from tests.site import Site

pytestmark = pytest.mark.slow

NAMES = (f"log{number}" for number in count(1))
FILES = ("log", "inbox")
ENTRY = """
    INSERT INTO entries_entry (hash_id, body, kind, occurred_on, occurred_at, created_at,
        updated_at, team_id, user_id, revision, url, created_by, origin, origin_label, imported,
        counted_body)
    VALUES (?, ?, 'done', '2026-11-24', ?, ?, ?, 1, ?, 1, '', 'app', '', '', '', '')
"""
NOON = "2026-11-24 12:00:00"
EVERY_BYTE = bytes(range(256))


@pytest.fixture(scope="module")
def postgres():
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        pytest.skip("PostgreSQL is not installed.")
    server = Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def database(postgres):
    """An empty one, by its name."""
    name = next(NAMES)
    postgres.create(name)
    return name


@pytest.fixture
def url(postgres, database):
    return postgres.settings(database)["DATABASE_URL"]


@pytest.fixture
def site(tmp_path):
    """On SQLite, with the team Engines."""
    return install(Site(tmp_path / "data", DATABASE_URL=""), like=engines())


@pytest.fixture
def demo(tmp_path):
    """As ``--demo`` fills it by real hooks, and stopped."""
    site = Site(tmp_path / "data", DATABASE_URL="").start("--demo")
    try:
        eventually(lambda: "Wrote a compiler" in site.run("entries", "analytical-engines"))
        site.settle()
        eventually(lambda: not ask(site, "log", NOT_OUT)[0][0])
    finally:
        assert site.stop() == 0
    return site


NOT_OUT = "SELECT count(*) FROM integrations_delivery WHERE state <> 'done'"
OUT = "SELECT count(*) FROM integrations_delivery WHERE state = 'done'"
#: Its account at the pretend Slack is kept encrypted: without the key, nothing would go there.
MOVED_OUT = """
    SELECT state FROM integrations_delivery
    WHERE entry_id IN (SELECT id FROM entries_entry WHERE body = 'Moved to another house')
"""


def eventually(check, *, within=60):
    until = time.monotonic() + within
    while not check():
        assert time.monotonic() < until, "It did not happen in time."
        time.sleep(0.2)


def ask(site, file, asked, values=()):
    """Also changes what no page of ours would."""
    with closing(sqlite3.connect(site.data / f"{file}.sqlite3")) as opened, opened:
        return opened.execute(asked, values).fetchall()


def digests(site):
    files = [site.data / f"{name}.sqlite3" for name in FILES]
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]


def shown(site):
    """What commands say of it."""
    entries = site.run("entries", "analytical-engines", "--deleted", "--json")
    return entries, site.run("receipts", "--json"), site.run("why", "moth"), site.run("audit")


def tables_of(postgres, database):
    asked = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return postgres.ask(asked, Path(), database)


def refused(site, url):
    """What is said; nothing has changed."""
    before = digests(site)
    said = site.run("migrate-to-postgres", url, status=1)
    assert digests(site) == before
    return said


def test_a_log_moves_and_goes_on_where_it_was(demo, postgres, database, url):
    link = demo.told("link", "add", "webhook", "--team", "analytical-engines")
    last = ask(demo, "inbox", "SELECT max(id) FROM integrations_receipt")[0][0]
    ask(demo, "inbox", "DELETE FROM integrations_receipt WHERE id = ?", [last])
    before, files = shown(demo), digests(demo)
    rows = ask(demo, "log", "SELECT count(*) FROM entries_entry")[0][0]
    assert rows >= 8 and ask(demo, "log", OUT)[0][0] >= 4

    said = demo.run("migrate-to-postgres", url)
    assert re.search(rf"^entries_entry +{rows}  [0-9a-f]{{16}}$", said, re.MULTILINE)
    assert f"\nDATABASE_URL={url}\n" in said and "are as they were" in said
    assert digests(demo) == files

    moved = Site(demo.data, DATABASE_URL=url)
    moved.port, moved.url = demo.port, demo.url
    assert shown(moved) == before
    moved.start("--demo")
    try:
        send(link, text="Moved to another house", person="ada@example.org")
        eventually(lambda: postgres.ask(MOVED_OUT, Path(), database) == [("done",)])
        assert "Moved to another house" in moved.run("entries", "analytical-engines")
        newest = next(each for each in moved.told("receipts") if each["type"] == "webhook")
        assert newest["outcome"] == "created" and newest["id"] > last
        assert moved.run("user", "add", "new@example.org")
    finally:
        assert moved.stop() == 0
    assert digests(demo) == files


def send(link, **content):
    body = json.dumps({"id": "1", **content}).encode()
    signature = hmac.new(link["secret"].encode(), body, "sha256").hexdigest()
    headers = {"Content-Type": "application/json", "X-Signature-256": f"sha256={signature}"}
    with urlopen(Request(link["hook_url"], body, headers)) as answer:
        assert answer.status == 200


def test_every_kind_of_value_arrives_as_it_was(site, postgres, database, url):
    about = '{"z": 1e23, "a": [0.1, -5, null, true, "\\u00e9\\ud83e\\uddf5", 12345678901234567890]}'
    fields = "(at, who, action, team, thing, address, details)"
    row = [f"{NOON}.000815", "", "tried", "a\tb\\N\n", "", "", about]
    ask(site, "log", f"INSERT INTO audit_auditrecord {fields} VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    row = ["webhook", 7, "d", "", EVERY_BYTE, NOON, "done", NOON]
    ask(site, "inbox", insert("sqlite", 1), row)
    told = json.loads(site.run("migrate-to-postgres", url, "--json"))
    assert {"audit_auditrecord", "integrations_receipt"} <= {
        each["name"] for each in told["tables"] if each["rows"]
    }
    asked = """SELECT (at AT TIME ZONE 'UTC')::text, team, details FROM audit_auditrecord
        WHERE action = 'tried'"""
    assert postgres.ask(asked, Path(), database) == [
        ("2026-11-24 12:00:00.000815", "a\tb\\N\n", json.loads(about) | {"z": 10**23})
    ]
    asked = "SELECT request FROM integrations_receipt"
    assert postgres.ask(asked, Path(), database) == [(EVERY_BYTE,)]


def test_keys_go_on_behind_every_one_that_was_ever_given(site, postgres, database, url):
    ask(site, "log", "UPDATE sqlite_sequence SET seq = 1815 WHERE name = 'teams_team'")
    site.run("migrate-to-postgres", url)
    moved = Site(site.data, DATABASE_URL=url)
    moved.run("team", "add", "Looms")
    asked = "SELECT id FROM teams_team WHERE slug = 'looms'"
    assert postgres.ask(asked, Path(), database) == [(1816,)]


MANY = """
    WITH RECURSIVE numbers(number) AS
        (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 30000)
    INSERT INTO audit_auditrecord (at, who, action, team, thing, address, details)
    SELECT '2026-11-24 12:00:00', '', 'tried', '', number, '', '{}' FROM numbers
"""


def test_a_terminal_hears_how_far_a_large_table_is(site, url):
    ask(site, "log", MANY)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "idonethis", "migrate-to-postgres", url]
    subprocess.run(command, env=site.env, stdout=subprocess.PIPE, stderr=theirs, check=True)
    said = os.read(ours, 10_000).decode()
    for doing in ("Looking at", "Copying", "Comparing"):
        assert re.search(rf"{doing} audit_auditrecord: 16 % of 30,\d\d\d rows", said)
        assert re.search(rf"{doing} audit_auditrecord: 100 % of 30,\d\d\d rows\r?\n", said)


def test_keys_that_are_words_may_be_sorted_otherwise_there(site, postgres, url):
    for key in ("a", "B", "ä", "_"):
        ask(site, "log", "INSERT INTO django_session VALUES (?, '', ?)", [key, NOON])
    name = next(NAMES)
    with psycopg.connect(url, autocommit=True) as connection:
        sorting = "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 {sorting}")
    site.run("migrate-to-postgres", postgres.settings(name)["DATABASE_URL"])


def test_what_was_written_down_is_only_ever_added_to(site, postgres, database, url):
    site.run("migrate-to-postgres", url)
    with pytest.raises(psycopg.errors.RaiseException, match=triggers.REFUSAL):
        postgres.ask("DELETE FROM audit_auditrecord RETURNING 1", Path(), database)


def test_the_password_is_not_said_again(site, url):
    said = site.run("migrate-to-postgres", url.replace("idonethis@", "idonethis:engine@"))
    assert url.replace("idonethis@", "idonethis:PASSWORD@") in said and ":engine@" not in said


def test_it_is_refused_while_the_server_runs(site, postgres, database, url):
    site.start()
    try:
        said = site.run("migrate-to-postgres", url, status=1)
        assert "already runs" in said and "Stop it first. Nothing was changed." in said
    finally:
        site.stop()
    assert tables_of(postgres, database) == []


def test_nobody_writes_to_the_files_while_they_move(site, url):
    with closing(sqlite3.connect(site.data / "inbox.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "database is locked" in refused(site, url)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("CREATE TABLE looms (id int)", "it has 1 table, such as looms"),
        (
            "CREATE TABLE django_migrations (id int, app text, name text, applied timestamptz);"
            "INSERT INTO django_migrations VALUES (1, 'entries', '0999_later', now())",
            "a log of another version is in it (entries.0999_later)",
        ),
    ],
)
def test_a_database_that_is_not_empty_is_left_alone(site, postgres, database, url, made, said):
    with psycopg.connect(url) as connection:
        connection.execute(made)
    assert said in refused(site, url)
    assert len(tables_of(postgres, database)) == 1


def test_it_does_not_move_twice(site, url):
    site.run("migrate-to-postgres", url)
    assert "a log is in it" in refused(site, url)


def test_a_database_that_holds_only_some_languages_is_refused(site, postgres, url):
    name = next(NAMES)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
        )
    said = refused(site, postgres.settings(name)["DATABASE_URL"])
    assert "encoding LATIN1. Make one with UTF8." in said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgres://nobody:engine@127.0.0.1:1/log", "Connection refused"),
        ("mysql://nobody:engine@127.0.0.1/log", "must look like postgres://"),
        ("postgres://nobody:engine@127.0.0.1:port/log", "must look like postgres://"),
        ("postgres://nobody:engine@127.0.0.1", "must look like postgres://"),
    ],
)
def test_what_cannot_be_reached_is_said_in_a_line_without_the_password(site, url, said):
    told = refused(site, url)
    assert said in told and "engine" not in told and len(told.splitlines()) == 1


def test_files_of_another_version_stay_where_they_are(site, postgres, database, url):
    later = "INSERT INTO django_migrations (app, name, applied) VALUES ('entries', '0999_later', ?)"
    ask(site, "inbox", later, [NOON])
    assert "A newer version has written these files (entries.0999_later)" in refused(site, url)
    ask(site, "inbox", "DELETE FROM django_migrations WHERE name = '0999_later'")
    ask(site, "log", "DELETE FROM django_migrations WHERE name = '0006_attempts_in_full'")
    said = refused(site, url)
    assert "of an older version, without integrations.0006_attempts_in_full" in said
    assert tables_of(postgres, database) == []


def test_without_files_there_is_nothing_to_move(tmp_path, url):
    site = Site(tmp_path / "data", DATABASE_URL="")
    said = site.run("migrate-to-postgres", url, status=1)
    assert f"There is no log in SQLite files in {site.data}" in said


def test_a_log_that_is_on_postgresql_already_is_not_moved(site, url):
    elsewhere = Site(site.data, DATABASE_URL="postgres://nobody@127.0.0.1:1/other")
    assert "in another database already" in elsewhere.run("migrate-to-postgres", url, status=1)


def test_it_asks_for_a_database_where_none_is_named(site):
    assert "Say which database" in site.run("migrate-to-postgres", status=2)


def test_the_setting_alone_says_where_to(site, url):
    assert "Moved" in Site(site.data, DATABASE_URL=url).run("migrate-to-postgres")


def test_what_postgresql_cannot_hold_is_named_before_anything_moves(site, postgres, database, url):
    add_entry(site, "Half a word: \0")
    add_entry(site, "Foreign")
    ask(site, "log", "UPDATE entries_entry SET body = CAST(x'e9' AS TEXT) WHERE id = 2")
    details = '{"said": "\\ud83e"}'
    ask(site, "log", "DROP TRIGGER audit_keeps_update")
    ask(site, "log", "UPDATE audit_auditrecord SET details = ? WHERE id = 1", [details])
    said = refused(site, url)
    assert "entries_entry, id 1: body holds the character NUL (U+0000)" in said
    assert "entries_entry, id 2: body holds half a character" in said
    assert "audit_auditrecord, id 1: details holds half a character" in said
    assert tables_of(postgres, database) == []


def add_entry(site, body, user=1):
    ask(site, "log", ENTRY, [f"hash{body[:8]}", body, NOON, NOON, NOON, user])


def test_a_failure_half_way_leaves_the_database_empty(site, postgres, database, url):
    """Found when every row is there: nobody has the key that this entry names."""
    add_entry(site, "Nobody's", user=1815)
    said = refused(site, url)
    assert "(user_id)=(1815) is not present" in said
    assert tables_of(postgres, database) == []


SPOIL = """
    CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {how}; END $$;
    CREATE FUNCTION plant() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF to_regclass('audit_auditrecord') IS NOT NULL THEN
            CREATE OR REPLACE TRIGGER spoils BEFORE INSERT ON audit_auditrecord
                FOR EACH ROW EXECUTE FUNCTION spoil();
        END IF;
    END $$;
    CREATE EVENT TRIGGER plants ON ddl_command_end WHEN TAG IN ('CREATE TABLE')
        EXECUTE FUNCTION plant();
"""


@pytest.mark.parametrize(
    "how",
    [
        "NEW.action := NEW.action || ' '; RETURN NEW",
        "IF NEW.id > 1 THEN RETURN NULL; END IF; RETURN NEW",
    ],
    ids=["otherwise", "not at all"],
)
def test_a_row_that_does_not_arrive_as_it_was_is_noticed(site, postgres, database, url, how):
    """The database itself changes it, as a trigger of somebody's might."""
    with psycopg.connect(url) as connection:
        connection.execute(SPOIL.format(how=how))
    said = refused(site, url)
    assert "audit_auditrecord, id " in said and "not the same on both sides" in said
    assert tables_of(postgres, database) == []


def test_no_server_starts_on_the_database_while_it_is_filled(site, postgres, database, url):
    moved = Site(site.data, DATABASE_URL=url)
    with held(url):
        assert "Another process fills this database" in site.run(
            "migrate-to-postgres", url, status=1
        )
        command = [sys.executable, "-m", "idonethis", "up", "--port", str(moved.port)]
        up = subprocess.run(command, env=moved.env, capture_output=True, text=True, timeout=60)
    assert up.returncode == 1 and "or a log moved" in up.stderr


@contextmanager
def held(url):
    """As a move holds it."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(18151210)")
        yield
