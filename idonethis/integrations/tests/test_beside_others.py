"""Of two workers that want the same at once, neither waits for long, and nothing is made twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.models import Receipt
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
    Receipt._put_back(receipts)
    assert Receipt.objects.get().due_at == theirs
