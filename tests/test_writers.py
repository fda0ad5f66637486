"""Who writes to SQLite's file, or waits until they may."""

from __future__ import annotations

from threading import Thread
from time import monotonic, sleep

import pytest
from django.db import OperationalError, connection
from django.db.backends.sqlite3.base import DatabaseWrapper

from idonethis.background.writers import Writers
from idonethis.databases import sqlite

pytestmark = pytest.mark.django_db


@pytest.fixture
def writers():
    watching = Writers()
    watching.watch()
    yield watching
    watching.forget()


@pytest.fixture
def opened(tmp_path):
    """A connection of its own to a file of SQLite's, in whichever thread it is called."""

    def made():
        ours = sqlite(tmp_path / "log.sqlite3")
        return DatabaseWrapper({**connection.settings_dict, **ours}, "default")

    return made


def say(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def soon(is_so):
    until = monotonic() + 10
    while not is_so() and monotonic() < until:
        sleep(0.001)
    return is_so()


def test_who_waits_for_the_file_is_there_until_they_have_written(writers, opened):
    mine = opened()
    say(mine, "CREATE TABLE gears (teeth int)")
    mine.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    assert not writers.are_there

    def write():
        theirs = opened()
        say(theirs, "INSERT INTO gears VALUES (12)")
        theirs.close()

    thread = Thread(target=write)
    thread.start()
    assert soon(lambda: writers.are_there)
    mine.rollback()
    thread.join()
    assert not writers.are_there
    assert say(mine, "SELECT teeth FROM gears") == [(12,)]
    mine.close()


def test_who_has_failed_is_gone(writers, opened):
    mine = opened()
    with pytest.raises(OperationalError):
        say(mine, "INSERT INTO nowhere VALUES (1)")
    assert not writers.are_there
    mine.close()


def test_who_reads_is_not_waited_for(writers, opened):
    mine, seen = opened(), []
    mine.ensure_connection()
    mine.connection.create_function("look", 0, lambda: seen.append(writers.are_there))
    say(mine, "SELECT look()")
    say(mine, "VALUES (look())")
    assert seen == [False, True]
    mine.close()


def test_a_connection_that_is_opened_again_is_watched_once(writers, opened):
    mine = opened()
    for _ in range(3):
        mine.ensure_connection()
        mine.close()
    assert len(mine.execute_wrappers) == 1


def test_a_thread_keeps_its_connection_from_one_turn_to_the_next(opened):
    mine = opened()
    mine.ensure_connection()
    before = mine.connection
    mine.close_if_unusable_or_obsolete()
    assert mine.connection is before
    mine.close()
