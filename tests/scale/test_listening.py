"""Waking by PostgreSQL, and who is connected to it."""

from __future__ import annotations

import threading
import time

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections

from idonethis import heartbeat, processes, schema
from idonethis.background import Lane
from idonethis.background.alarm import Unheard
from idonethis.background.notify import Listener, Notify
from idonethis.doctor import server
from idonethis.processes import sign

pytestmark = [
    pytest.mark.skipif(settings.INBOX == "inbox", reason="This database is SQLite."),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def lane(monkeypatch):
    lane = Lane("mill")
    monkeypatch.setattr(Lane, "at_work", {lane, Lane("forge")})
    return lane


@pytest.fixture
def listener(lane):
    made = Listener()
    made.start()
    assert lane._due.wait(5)  # nobody heard what was said before
    lane._due.clear()
    yield made
    made.stop()


def test_who_listens_hears_what_is_said_and_only_that(lane, listener):
    Notify().tell(["cards", "mill"])
    assert lane._due.wait(2)
    lane._due.clear()
    Notify().tell(["cards"])
    assert not lane._due.wait(0.3)


def test_who_is_cut_off_listens_again_and_looks_what_was_missed(lane, listener):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE query LIKE 'LISTEN%' OR query = 'SELECT 1'"
        )
    assert lane._due.wait(5)
    time.sleep(0.2)
    lane._due.clear()
    Notify().tell(["mill"])
    assert lane._due.wait(2)


def test_a_database_that_is_away_is_not_heard_of_in_any_other_way(monkeypatch):
    monkeypatch.setitem(connections["default"].settings_dict, "PORT", 1)
    connection.close()
    with pytest.raises(Unheard):
        Notify().tell(["mill"])


@pytest.fixture
def process():
    """Another process, which plays this part and has these stuck."""
    others, ending = [], threading.Event()

    def live(part, *stuck, signed=None):
        def sit():
            sign(part, stuck)
            signed.set()
            ending.wait(20)
            connection.close()

        signed = threading.Event()
        others.append(threading.Thread(target=sit))
        others[-1].start()
        assert signed.wait(5)

    yield live
    ending.set()
    for thread in others:
        thread.join()


def says():
    return {(each.verdict, each.name): each.says for each in server.alive()}


def test_nobody_is_there(db):
    assert "No server is connected" in says()["bad", "Server"]


def test_all_parts_are_there(process):
    for part in ("web", "ingest", "ingest", "work", "beat"):
        process(part)
    assert says() == {
        ("ok", "Server"): "1 beat, 2 ingest, 1 web, 1 work, and all their workers work."
    }


def test_one_that_does_everything_is_enough(process):
    process("up")
    assert says()["ok", "Server"].startswith("1 up,")


def test_a_part_is_missing_and_a_worker_is_stuck(process, monkeypatch):
    for part in ("web", "ingest", "beat"):
        process(part)
    assert list(says()) == [("bad", "Server, work")]
    process("work", "outbox", "jobs")
    assert "are stuck: outbox, jobs." in says()["bad", "Server, work"]
    monkeypatch.setattr("idonethis.doctor.processes.SILENCE", -1)
    assert "No server is connected" in says()["bad", "Server"]


def test_the_sign_of_life_is_the_name_of_a_session(monkeypatch):
    monkeypatch.setattr(Lane, "at_work", set())
    heartbeat.of("ingest")
    try:
        heartbeat.beat()
        [found] = processes.listed()
    finally:
        heartbeat.of("up")
        connection.close()
    assert found.part == "ingest" and found.age < 5 and not found.stuck


def test_what_one_process_counts_all_count(db):
    cache.set("tries", 3)
    told = []
    other = threading.Thread(target=lambda: told.append((cache.get("tries"), connection.close())))
    other.start()
    other.join()
    assert told[0][0] == 3 and "db." in settings.CACHES["default"]["BACKEND"]


def test_of_two_that_start_at_once_one_brings_the_tables_up_to_date(monkeypatch):
    at_it, most = [], []

    def pending(alias):
        at_it.append(alias)
        most.append(len(at_it))
        time.sleep(0.3)
        at_it.pop()
        return []

    def start():
        schema.bring_up_to_date()
        connection.close()

    monkeypatch.setattr(schema, "_pending", pending)
    starting = [threading.Thread(target=start) for _ in range(3)]
    for thread in starting:
        thread.start()
    for thread in starting:
        thread.join()
    assert most == [1, 1, 1]
