"""A server that is told to stop: what was taken is answered, and nobody keeps it from ending."""

from __future__ import annotations

import threading
import time

import pytest

from idonethis.integrations.ingest import bounds, door, writer
from idonethis.integrations.models import Receipt
from idonethis.integrations.tests.ingest.serving import Served
from idonethis.integrations.tests.ingest.wire import statuses

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def served(transactional_db):
    """One of its own."""
    served = Served().start()
    yield served
    served.stop()


@pytest.fixture
def slow(monkeypatch):
    store = writer.store

    def slowly(rows):
        time.sleep(0.3)
        store(rows)

    monkeypatch.setattr(writer, "store", slowly)


def stops_within(served, seconds: float) -> bool:
    served._thread.join(seconds)
    return not served._thread.is_alive()


def test_what_was_taken_is_answered_and_the_last_answer_says_so(line, hook, served, slow):
    one = line().say(b"".join(hook(str(n)) for n in range(20)))
    time.sleep(0.1)
    served.begin_to_stop()
    said = one.hears_all()
    assert statuses(said) == [200] * 20
    assert ["connection" in answer.headers for answer in said] == [False] * 19 + [True]
    assert Receipt.objects.count() == 20


def test_also_what_waits_its_turn_behind_too_many_others(line, hook, served, slow):
    one = line().say(b"".join(hook(str(n)) for n in range(120)))
    time.sleep(0.1)
    served.begin_to_stop()
    assert statuses(one.hears_all()) == [200] * 120


def test_also_a_page_behind_hooks(line, hook, served, slow):
    one = line().say(hook("1") + b"GET /healthz HTTP/1.1\r\n\r\n")
    time.sleep(0.1)
    served.begin_to_stop()
    assert statuses(one.hears_all()) == [200, 200]


def test_idle_connections_are_closed_at_once(line, hook, served):
    silent, known, page = (
        line(),
        line().say(hook("1")),
        line().say(b"GET /healthz HTTP/1.1\r\n\r\n"),
    )
    known.hears(1), page.hears(1)
    served.begin_to_stop()
    for one in (silent, known, page):
        one.hears_all()
    assert stops_within(served, 2)


def test_who_is_just_sending_may_finish(line, hook, served):
    raw = hook("1")
    one = line().say(raw[:-10])
    time.sleep(0.1)
    served.begin_to_stop()
    time.sleep(0.3)
    [answer] = one.say(raw[-10:]).hears_all()
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert Receipt.objects.count() == 1


def test_who_does_not_finish_hears_when_to_come_back(line, hook, served, monkeypatch):
    monkeypatch.setattr(bounds, "STOPPING", 0.3)
    monkeypatch.setattr(door, "LOOK", 0.05)
    one = line().say(hook("1")[:-10])
    time.sleep(0.1)
    served.begin_to_stop()
    [answer] = one.hears_all()
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert stops_within(served, 3)


def test_nobody_new_is_let_in(line, served, hook):
    raw = hook("1")
    line().say(raw[:-10])
    served.begin_to_stop()
    time.sleep(0.3)
    with pytest.raises(ConnectionRefusedError):
        line()


def test_who_keeps_sending_while_it_stops_loses_no_answer(line, hook, served, slow):
    one, said = line(), []
    reading = threading.Thread(target=lambda: said.extend(one.hears_all()))
    reading.start()
    for number in range(60):
        one.say(hook(str(number)))
        if number == 20:
            served.begin_to_stop()
        time.sleep(0.01)
    reading.join()
    assert set(statuses(said)) == {200}
    assert len(said) == Receipt.objects.count() >= 20
