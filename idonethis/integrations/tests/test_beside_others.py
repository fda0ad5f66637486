"""Of two workers that want the same at once, neither waits for long, and nothing is made twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager, suppress
from datetime import timedelta

import psycopg.errors
import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connections
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.models import Receipt
from idonethis.integrations.models.turns import Lent
from idonethis.integrations.tests.conftest import work

pytestmark = pytest.mark.django_db

DONE = {"type": "done", "body": "Turned the crank", "uid": "1815", "key": "crank"}


@pytest.fixture
def meets(acme):
    """The next time that a hook is read, the database says this."""

    def meet(problem):
        read = acme.hook

        def meeting(hook, link):
            acme.hook = read
            raise problem

        acme.hook = meeting

    return meet


def test_what_another_has_made_in_the_same_moment_is_found_at_once(link, happens, meets):
    meets(IntegrityError("once_a_team"))
    assert happens(link, DONE).state == "done"
    assert Entry.objects.count() == 1


def test_who_has_to_let_another_go_first_tries_again_soon(link, arrives, meets):
    arrives(link, DONE)
    meets(OperationalError("deadlock detected"))
    with pytest.raises(OperationalError):
        Receipt.drain()
    waiting = Receipt.objects.get()
    assert waiting.due_at < timezone.now() + timedelta(seconds=2)
    Receipt.objects.update(due_at=timezone.now())
    work()
    assert Receipt.objects.get().state == "done" and Entry.objects.count() == 1


def test_what_somebody_else_has_meanwhile_is_theirs(link, arrives, meets):
    arrives(link, DONE)
    receipts = Receipt.objects.filter(state="due").claim(1, lease=timedelta(seconds=30))
    theirs = timezone.now() + timedelta(minutes=5)
    Receipt.objects.update(due_at=theirs)
    Receipt.objects.give_back(Lent.of(receipts), at=timezone.now(), most=1)
    assert Receipt.objects.get().due_at == theirs


def full():
    """What SQLite says when there is no room."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA max_page_count = 1")
        return said(database, "CREATE TABLE entries (body)")


def locked(folder):
    """What SQLite says when somebody else has it."""
    first, second = (sqlite3.connect(folder / "log", timeout=0) for _ in range(2))
    with closing(first), closing(second):
        first.execute("BEGIN EXCLUSIVE")
        return said(second, "BEGIN IMMEDIATE")


def said(database, statement):
    with pytest.raises(sqlite3.OperationalError) as problem:
        database.execute(statement)
    return problem.value


@pytest.fixture(params=["full", "locked", "full on PostgreSQL", "deadlock", "starting"])
def trouble(request, tmp_path):
    """Of the database, whatever it is told."""
    troubles = {
        "full": full,
        "locked": lambda: locked(tmp_path),
        "full on PostgreSQL": psycopg.errors.DiskFull,
        "deadlock": psycopg.errors.DeadlockDetected,
        "starting": psycopg.errors.CannotConnectNow,
    }
    problem = OperationalError(request.param)
    problem.__cause__ = troubles[request.param]()
    return problem


@contextmanager
def takes_nothing(database, problem, *, of):
    """This database says so to whatever begins so."""

    def say(execute, sql, *more):
        if sql.startswith(of):
            raise problem
        return execute(sql, *more)

    with connections[database].execute_wrapper(say):
        yield


def drain():
    """However often it is due."""
    Receipt.objects.filter(state="due").update(due_at=timezone.now())
    with suppress(OperationalError):
        Receipt.drain()


def test_what_waits_for_the_database_is_never_given_up(link, arrives, trouble):
    arrives(link, DONE)
    with takes_nothing("default", trouble, of="INSERT"):
        for _ in range(20):
            drain()
        assert (Receipt.objects.get().state, Entry.objects.count()) == ("due", 0)
    drain()
    assert (Receipt.objects.get().outcome, Entry.objects.count()) == ("created", 1)


def test_nor_what_could_be_logged_and_not_marked(link, arrives, trouble):
    arrives(link, DONE)
    mark = ("UPDATE integrations_receipt SET state", 'UPDATE "integrations_receipt" SET "state"')
    with takes_nothing(settings.INBOX, trouble, of=mark):
        for _ in range(20):
            drain()
        assert (Receipt.objects.get().state, Entry.objects.count()) == ("due", 1)
    drain()
    assert (Receipt.objects.get().outcome, Entry.objects.count()) == ("created", 1)


@pytest.mark.django_db(transaction=True)
def test_nor_what_cannot_even_be_put_back_at_once(link, arrives, trouble):
    arrives(link, DONE)
    for _ in range(20):
        lost = takes_nothing(settings.INBOX, trouble, of='UPDATE "integrations_receipt"')
        with takes_nothing("default", trouble, of="INSERT"), lost, suppress(OperationalError):
            Receipt.drain()
        with suppress(OperationalError), takes_nothing("default", trouble, of="INSERT"):
            Receipt.drain()
        Receipt.objects.filter(state="due").update(due_at=timezone.now())
    drain()
    assert (Receipt.objects.get().outcome, Entry.objects.count()) == ("created", 1)
