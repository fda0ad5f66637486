"""Waking by Celery on a RabbitMQ of our own, which hangs and dies."""

from __future__ import annotations

import signal
import threading
import time

import pytest

pytest.importorskip("celery")

from idonethis.background import Lane
from idonethis.background.alarm import Unheard
from idonethis.background.broker import QUEUE, Broker, Hands, celery
from tests.test_alarm import until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    # Celery announces what its next version will do when a broker is lost.
    pytest.mark.filterwarnings("ignore::celery.exceptions.CPendingDeprecationWarning"),
]


@pytest.fixture
def mill(monkeypatch):
    """A lane in which somebody works and that nobody looks after by himself; ``rows`` are due."""
    lane, ending = Lane("mill", every=600), threading.Event()
    lane.rows, lane.by = 0, []
    monkeypatch.setattr(Lane, "at_work", set())

    def drain():
        done, lane.rows = lane.rows, 0
        if done:
            lane.by.append(threading.current_thread().name)
        return done

    worker = threading.Thread(target=lane.work, args=(drain,), kwargs={"until": ending})
    worker.start()
    yield lane
    ending.set()
    lane.stir()
    worker.join()


@pytest.fixture
def hands(rabbitmq):
    made = Hands(rabbitmq.url, count=2)
    made.start()
    yield made
    made.stop()
    assert not made._thread.is_alive()


@pytest.fixture
def broker(rabbitmq):
    made = Broker(rabbitmq.url)
    yield made
    made._let_go()


@pytest.fixture
def quiet(rabbitmq):
    """Nobody listens, and nothing waits."""
    with celery(rabbitmq.url).connection_for_write() as connection:
        queue = celery(rabbitmq.url).amqp.queues[QUEUE].bind(connection.default_channel)
        queue.declare()
        queue.purge()
        yield queue


def test_a_message_says_which_lane_and_nothing_else(broker, quiet):
    broker.tell(["mill"])
    message = quiet.get()
    assert message.payload[:2] == [["mill"], {}]
    assert message.headers["task"] == "idonethis.drain"
    message.ack()


def test_the_queue_stands_on_most_nodes_and_does_not_grow_for_ever(rabbitmq, quiet):
    said = rabbitmq.control("list_queues", "name", "type", "durable", "arguments")
    [ours] = [line for line in said.splitlines() if line.startswith(QUEUE)]
    assert "quorum" in ours and "x-max-length" in ours
    assert "celery_delayed" not in said


def test_who_publishes_waits_until_the_broker_has_it(rabbitmq, broker, quiet):
    """A queue that takes nothing more says so."""
    rabbitmq.control(
        "set_policy", "full", "idonethis", '{"overflow":"reject-publish","max-length":0}'
    )
    try:
        assert until(lambda: not _told(broker), within=20)
    finally:
        rabbitmq.control("clear_policy", "full")


def test_what_is_told_is_done_by_the_worker(broker, hands, mill):
    time.sleep(0.2)
    mill.rows = 1
    assert until(lambda: (broker.tell(["forge", "mill"]), not mill.rows)[1], within=20)
    assert all("ThreadPool" in name for name in mill.by)


@pytest.mark.parametrize("blow", ["hangs", "dies"])
def test_a_broker_that_is_away_is_noticed_soon_and_heard_again(rabbitmq, broker, hands, mill, blow):
    broker.tell(["mill"])
    rabbitmq.signal(signal.SIGSTOP) if blow == "hangs" else rabbitmq.kill()
    time.sleep(0.5)
    try:
        began = time.monotonic()
        with pytest.raises(Unheard):
            broker.tell(["mill"])
        assert time.monotonic() - began < 5
        began = time.monotonic()
        with pytest.raises(Unheard):
            broker.tell(["mill"])
        assert time.monotonic() - began < 0.1
    finally:
        rabbitmq.signal(signal.SIGCONT) if blow == "hangs" else rabbitmq.start()
    mill.rows = 1
    assert until(lambda: _told(broker) and not mill.rows, within=90)


def _told(broker):
    time.sleep(0.5)
    try:
        broker.tell(["mill"])
    except Unheard:
        return False
    return True
