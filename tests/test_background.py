from __future__ import annotations

import time
from threading import Event, Thread

import pytest
from django.db import IntegrityError, OperationalError

from idonethis import background
from idonethis.background import Lane, insist
from idonethis.server import KEEPING, TAKING, WORKING

pytestmark = pytest.mark.django_db


class Database:
    """Away for so many tries."""

    def __init__(self, away):
        self.away = away
        self.tries = 0

    def write(self):
        self.tries += 1
        if self.tries <= self.away:
            raise OperationalError


@pytest.fixture(autouse=True)
def breathless(monkeypatch):
    monkeypatch.setattr(background, "BREATH", 0)


@pytest.mark.parametrize(("soon", "looks"), [(0.05, 2), (20.0, 1)])
def test_a_lane_looks_again_when_there_is_something_to_do_by_then(soon, looks):
    lane, looked, over = Lane("test", every=30.0), [], Event()

    def look():
        looked.append(time.monotonic())
        if len(looked) == 1:
            lane.look_in(soon)
        return 0

    worker = Thread(target=lane.work, args=(look,), kwargs={"until": over})
    worker.start()
    time.sleep(0.6)
    seen = len(looked)
    over.set()
    lane.wake()
    worker.join(5)
    assert seen == looks


def test_what_must_not_be_forgotten_waits_for_the_database():
    database = Database(away=3)
    insist(database.write)
    assert database.tries == 4


def test_a_database_that_stays_away_ends_it(monkeypatch):
    monkeypatch.setattr(background, "INSISTENCE", -1)
    with pytest.raises(OperationalError):
        insist(Database(away=1000).write)


def test_what_cannot_be_written_at_all_is_not_tried_again():
    tries = []

    def write():
        tries.append("once")
        raise IntegrityError

    with pytest.raises(IntegrityError):
        insist(write)
    assert tries == ["once"]


class Waiting:
    """Whoever wants to write, for so many looks."""

    def __init__(self, looks=0):
        self.looks = looks

    @property
    def are_there(self):
        self.looks -= 1
        return self.looks >= 0


class Rests(Event):
    """How long was waited, each time; stops after so many turns."""

    def __init__(self):
        super().__init__()
        self.waited = []

    def wait(self, timeout=None):
        self.waited.append(timeout)
        time.sleep(timeout or 0)
        return self.is_set()


@pytest.fixture
def rests(monkeypatch):
    """What is waited between two turns that take so long, while so many look for the file."""
    monkeypatch.setattr(background, "BRIEF", 0.05)

    def rest(took, looks, *, longest=10.0):
        lane, until, turns = Lane("test"), Rests(), []
        lane.rest, lane.writers = longest, Waiting(looks)

        def drain():
            turns.append("one")
            time.sleep(took if len(turns) == 1 else 0)
            if len(turns) == 2:
                until.set()
            return 1

        lane.work(drain, until=until)
        return until.waited

    return rest


def test_who_has_worked_long_lets_others_have_the_file_until_they_have_had_it(rests):
    assert rests(0.1, looks=3) == [background.LOOK] * 3


def test_who_has_worked_long_goes_on_at_once_where_nobody_waits(rests):
    assert rests(0.1, looks=0) == []


def test_who_was_quick_goes_on_whoever_waits(rests):
    assert rests(0.0, looks=3) == []


def test_nobody_is_waited_for_longer_than_is_said(rests):
    began = time.monotonic()
    assert rests(0.1, looks=100_000, longest=0.1)
    assert time.monotonic() - began < 5


def test_a_lane_has_one_kind_of_work():
    """Whoever is woken in it does what was meant."""
    kinds: dict[str, set[object]] = {}
    for lane, drain in (*KEEPING, *WORKING, *TAKING):
        kinds.setdefault(lane.name, set()).add(drain)
    assert {name for name, drains in kinds.items() if len(drains) > 1} == set()
