"""How work is woken in other processes: in the side, and whatever becomes of the ways there."""

from __future__ import annotations

import threading
import time

import pytest

from idonethis.background import Lane
from idonethis.background.alarm import Alarm, Unheard

pytestmark = pytest.mark.django_db


class Told:
    """A way that keeps what was told on it; ``blocked`` until it is set."""

    def __init__(self, problem=None):
        self.lanes = []
        self.blocked = threading.Event()
        self.blocked.set()
        self.problem = problem

    def tell(self, lanes):
        self.blocked.wait(10)
        if self.problem:
            raise self.problem
        self.lanes.append(list(lanes))


@pytest.fixture
def alarm():
    made = []

    def begin(*ways):
        made.append(Alarm(*ways))
        made[-1].start()
        return made[-1]

    yield begin
    for each in made:
        if each._thread.is_alive():
            each.stop()


def test_what_is_woken_here_is_woken_elsewhere(alarm):
    way, lane = Told(), Lane("mill")
    rung = alarm(way)
    lane.wake()
    rung.stop()
    assert way.lanes == [["mill"]]
    lane.wake()
    assert len(way.lanes) == 1


def test_what_is_stirred_here_is_nobody_elses_business(alarm):
    way = Told()
    rung = alarm(way)
    Lane("mill").stir()
    rung.stop()
    assert way.lanes == []


def test_nobody_waits_for_a_way_that_hangs_and_what_piles_up_is_told_once(alarm):
    way, lane = Told(), Lane("mill")
    way.blocked.clear()
    rung, began = alarm(way), time.monotonic()
    lane.wake()
    time.sleep(0.1)
    for _ in range(1000):
        lane.wake()
    Lane("forge").wake()
    assert time.monotonic() - began < 1
    way.blocked.set()
    rung.stop()
    assert way.lanes == [["mill"], ["forge", "mill"]]


@pytest.mark.parametrize("problem", [Unheard("away"), ZeroDivisionError()])
def test_where_the_first_way_is_blocked_the_next_is_taken(alarm, problem, caplog):
    way = Told()
    rung = alarm(Told(problem), way)
    Lane("mill").wake()
    rung.stop()
    assert way.lanes == [["mill"]] and caplog.text.count("Told wakes nobody just now") == 1


def test_what_nobody_hears_is_dropped_and_the_next_is_told(alarm, caplog):
    way = Told(Unheard("away"))
    rung = alarm(way)
    Lane("mill").wake()
    time.sleep(0.2)
    way.problem = None
    Lane("forge").wake()
    rung.stop()
    assert way.lanes == [["forge"]]


@pytest.fixture
def working():
    """Begins to work in a lane with so many; returns the lane."""
    ending, threads = threading.Event(), []

    def work(drain, *, hands=1, every=60):
        lane = Lane("mill", every=every)
        for _ in range(hands):
            told = {"until": ending}
            threads.append(threading.Thread(target=lane.work, args=(drain,), kwargs=told))
            threads[-1].start()
        work.lane = lane
        return lane

    yield work
    ending.set()
    work.lane.stir()
    for thread in threads:
        work.lane.stir()
        thread.join(10)


def until(holds, within=5):
    ends = time.monotonic() + within
    while not holds() and time.monotonic() < ends:
        time.sleep(0.01)
    return holds()


def test_who_is_told_of_work_does_all_of_it(working):
    rows, done = [3], []

    def drain():
        if rows[0]:
            rows[0] -= 1
            done.append(threading.current_thread())
            return 1
        return 0

    lane = working(drain)
    assert until(lambda: rows[0] == 0)
    rows[0] = 2
    lane.catch_up()
    assert rows[0] == 0


def test_no_more_are_at_it_than_work_in_the_lane_and_one_of_them_looks_once_more(working):
    looks, at_it, let_go = [], [], threading.Event()

    def drain():
        at_it.append(1)
        looks.append(len(at_it))
        let_go.wait(5)
        at_it.pop()
        return 0

    lane = working(drain)
    assert until(lambda: len(looks) == 1)
    lane.catch_up()
    assert len(looks) == 1
    let_go.set()
    assert until(lambda: len(looks) == 2)
    assert max(looks) == 1
