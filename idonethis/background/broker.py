"""Waking by Celery on RabbitMQ: of all who work, one hears each message, and nobody else is
disturbed. A message names a lane and nothing else, for the work itself is in tables: a broker that
is away, or loses what it had, costs a moment, and never the work. Loaded only with BROKER_URL.

https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/rabbitmq.html"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

from celery import Celery
from celery.worker import state
from celery.worker.consumer import Consumer as Usual
from kombu.entity import Queue

from idonethis.background import Lane
from idonethis.background.alarm import Unheard

log = logging.getLogger(__name__)

QUEUE, TASK = "idonethis", "idonethis.drain"
#: How long the broker may take, to be reached and to confirm, in seconds.
PATIENCE = 2.0
#: For how long it is not tried again after that, in seconds.
REST = 5.0
#: Messages that wait. All but the newest are as good as said: whoever hears one of a lane does all
#: that there is in it.
MOST = 1000
#: How long turns under way may take when the process is told to stop, in seconds.
GRACE = 20


def celery(url: str) -> Celery:
    """What differs from what Celery does by itself, and why."""
    made = Celery("idonethis", broker=url, set_as_current=False, fixups=[])
    made.conf.update(
        # Kept on most of the nodes of a cluster, and not lost with one of them.
        # https://www.rabbitmq.com/docs/quorum-queues
        task_queues=[
            Queue(QUEUE, queue_arguments={"x-queue-type": "quorum", "x-max-length": MOST})
        ],
        task_default_queue=QUEUE,
        # Such queues know no limit for all of a connection, so each consumer gets one of its own.
        worker_detect_quorum_queues=True,
        # Whoever dies over a message has not done it: another hears it.
        task_acks_late=True,
        # No more than there are hands for: what waits here would be heard sooner elsewhere.
        worker_prefetch_multiplier=1,
        # Who publishes knows whether it was taken, and hears so soon, or goes another way.
        broker_transport_options={"confirm_publish": True, "max_retries": 1},
        broker_connection_timeout=PATIENCE,
        task_publish_retry=False,
        # Who works waits for a broker that is away for as long as that takes.
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        # And notices soon that one hangs, in seconds.
        broker_heartbeat=10,
        # Nobody asks what became of a message, or commands a worker by way of the broker.
        task_ignore_result=True,
        worker_enable_remote_control=False,
        worker_consumer=f"{__name__}:Consumer",
    )
    made.task(drain, name=TASK)
    return made


def drain(lane: str) -> None:
    """Does all that there is to do in it."""
    for each in list(Lane.at_work):
        if each.name == lane:
            each.catch_up()


class Consumer(Usual):
    """Without the thirty queues by which Celery delays messages: none of ours waits."""

    class Blueprint(Usual.Blueprint):
        default_steps = [s for s in Usual.Blueprint.default_steps if "delayed_delivery" not in s]


class Broker:
    """A way to one of those who work."""

    def __init__(self, url: str) -> None:
        self._celery = celery(url)
        self._producer = self._opened()
        self._rests_until = 0.0

    def _opened(self) -> Any:
        """By a connection of its own, which is made with the first message."""
        return self._celery.amqp.Producer(self._celery.connection_for_write())

    def tell(self, lanes: Sequence[str]) -> None:
        if time.monotonic() < self._rests_until:
            raise Unheard("The broker is left alone for a moment.")
        try:
            for lane in lanes:
                patience = {"timeout": PATIENCE, "confirm_timeout": PATIENCE}
                self._celery.send_task(TASK, [lane], producer=self._producer, **patience)
        except Exception as problem:
            self._let_go()
            name = type(problem).__name__
            raise Unheard(f"The broker cannot be reached: {name} {problem}") from problem

    def _let_go(self) -> None:
        """A connection that hung is not used again, nor closed in order: nobody would answer."""
        self._rests_until = time.monotonic() + REST
        self._producer.connection.collect(socket_timeout=0.1)
        self._producer = self._opened()


class Hands:
    """A Celery worker in this process, with so many threads. It comes back to a broker that was
    away by itself, and is begun anew if it cannot."""

    def __init__(self, url: str, *, count: int) -> None:
        self._celery, self._count = celery(url), count
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="idonethis-celery", daemon=True)

    def start(self) -> None:
        state.should_stop = None
        self._thread.start()

    def stop(self) -> None:
        """What was not finished is heard by another."""
        self._stopping.set()
        state.should_stop = os.EX_OK
        self._thread.join(GRACE)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._worker().start()
            except Exception:
                log.exception("Celery’s worker ended")
            self._stopping.wait(REST)

    def _worker(self) -> Any:
        return self._celery.WorkController(
            hostname=f"{os.getpid()}@{socket.gethostname()}",
            pool_cls="threads",
            concurrency=self._count,
            # Workers need not know of each other.
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
