"""A process that serves: what it answers, and what it works at meanwhile."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from socket import socket
from types import FrameType
from typing import Any, Protocol

import uvicorn
from django.conf import settings
from uvicorn.server import ServerState

from idonethis import heartbeat, memory
from idonethis.asgi import App
from idonethis.background import ANSWERS, INBOX, JOBS, LETTERS, MAIL, OUTBOX, UPKEEP, Lane
from idonethis.checkpoints import checkpoint
from idonethis.integrations import polling, publishing
from idonethis.integrations.ingest.asgi import Ingest
from idonethis.integrations.ingest.crowd import Crowd
from idonethis.integrations.ingest.door import Door
from idonethis.integrations.ingest.room import Entrance, Room
from idonethis.integrations.ingest.tally import REFUSED
from idonethis.integrations.keeping.keeping import OURS
from idonethis.integrations.models import Job, Notice, days
from idonethis.integrations.models.sweeping import (
    beat,
    deliver,
    look_after,
    read,
    sweep,
)
from idonethis.mailing import planning
from idonethis.mailing.doors import imap
from idonethis.mailing.models import Answer, Letter

log = logging.getLogger(__name__)

#: How long requests under way may take when the server is told to stop, in seconds.
GRACE = 20
#: Partners are slow and independent of each other, so several entries travel at once.
CARRIERS = 4
#: A job that waits for a partner must not hold up one that does not.
JOBBERS = 2


Work = tuple[Lane, Callable[[], int]]

#: What the databases need, whoever works on them. So often, because hooks wait while it runs.
KEEPING: tuple[Work, ...] = ((Lane("checkpoints", every=0.25), checkpoint),)
SWEEPER = Lane("sweeper", every=30.0, patience=300.0)
#: The inbox, the outbox, long work a step at a time, and what has to happen now and then.
WORKING: tuple[Work, ...] = (
    (INBOX, read),
    *[(OUTBOX, deliver)] * CARRIERS,
    *[(JOBS, Job.drain)] * JOBBERS,
    (MAIL, Notice.drain),
    (LETTERS, Letter.drain),
    (ANSWERS, Answer.drain),
    (planning.PLANS, planning.drain),
    (imap.MAILBOXES, imap.drain),
    (UPKEEP, look_after),
    (polling.POLLS, polling.drain),
    (publishing.KEYS, publishing.drain),
    (SWEEPER, sweep),
    (Lane("keeping", every=30.0, patience=300.0), OURS.drain),
)
#: What belongs to taking hooks: that they arrive, what was refused, the keys that are missing, and
#: places for what comes.
TAKING: tuple[Work, ...] = (
    (Lane("heartbeat", every=heartbeat.EVERY), beat),
    (Lane("refusals", every=1.0), REFUSED.write),
    (Lane("wanted keys", every=1.0), publishing.pass_on),
    (Lane("days", every=60.0), days.make_ahead),
)


class Workers:
    """Threads that do this work until they are stopped."""

    def __init__(self, *work: Work) -> None:
        self._stopping = threading.Event()
        self._lanes = [lane for lane, _ in work]
        self._threads = [self._thread(lane, drain) for lane, drain in work]

    def _thread(self, lane: Lane, drain: Callable[[], int]) -> threading.Thread:
        name = f"idonethis-{lane.name}"
        until = {"until": self._stopping}
        return threading.Thread(
            target=lane.work, args=(drain,), kwargs=until, name=name, daemon=True
        )

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Lets each finish the row it has."""
        self._stopping.set()
        for lane in self._lanes:
            lane.wake()
        until = time.monotonic() + GRACE
        for thread in self._threads:
            thread.join(timeout=max(0.0, until - time.monotonic()))


class Beside(Protocol):
    """What goes on beside, in threads of its own, from before the port opens."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


@dataclass(frozen=True)
class Part:
    """What a process does of all that there is to do. ``work`` is asked when the port is open;
    ``beside`` starts in this order, and stops in the other."""

    name: str
    app: App
    work: Callable[[], Iterable[Work]]
    beside: Sequence[Beside] = ()


def begin(part: Part) -> Workers:
    """All that taking hooks need not wait for: loads the integrations, and sets to work. Raises
    Broken, and then nothing works."""
    workers = Workers(*part.work())
    memory.settle()
    workers.start()
    return workers


def protocol(app: App, crowd: Crowd) -> Callable[..., Any]:
    """What uvicorn makes for each connection."""
    if isinstance(app, Ingest):
        return partial(_door, app, crowd)
    return partial(Entrance, crowd=crowd)


def _door(
    app: Ingest, crowd: Crowd, config: uvicorn.Config, server_state: ServerState, **more: Any
) -> Door:
    elsewhere = partial(Room, config, server_state, crowd=crowd, **more)
    return Door(app, elsewhere, state=server_state, crowd=crowd)


def config(app: App, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=protocol(app, Crowd.here()),  # type: ignore[arg-type]
        ws="none",
        lifespan="off",
        access_log=False,
        server_header=False,
        proxy_headers=settings.BEHIND_PROXY,
        log_level="warning",
        timeout_graceful_shutdown=GRACE,
    )


class Web(uvicorn.Server):
    """Calls ``once_open`` when its port is open. Ends when it is told to, and lets the rest of the
    process end in order, too: uvicorn's own way is to raise the signal once more.
    https://github.com/encode/uvicorn/pull/1600"""

    def __init__(self, config: uvicorn.Config, *, once_open: Callable[[], None]) -> None:
        super().__init__(config)
        self._once_open = once_open

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self._once_open()

    def handle_exit(self, number: int, frame: FrameType | None) -> None:
        """Whoever says it twice is in a hurry, and ends all at once: nothing that was acknowledged
        is lost by it."""
        self.should_exit = True
        _let_signals(signal.SIG_DFL)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        _let_signals(self.handle_exit)
        yield
        _let_signals(signal.SIG_DFL)


def _let_signals(do: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, do)


class Server:
    """Serves until SIGINT or SIGTERM. Stops in order: accept nothing, answer what was taken, store
    it, finish the work in hand. ``kill -9`` loses nothing that was acknowledged either."""

    def __init__(self, part: Part, host: str, port: int) -> None:
        self._part = part
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="idonethis-begin")
        self._begun: Future[Workers] | None = None
        self._uvicorn = Web(config(part.app, host, port), once_open=self._begin)

    def run(self) -> None:
        """Raises Broken where an integration cannot be loaded."""
        heartbeat.of(self._part.name)
        for each in self._part.beside:
            each.start()
        try:
            self._uvicorn.run()
        finally:
            self._end()

    def _begin(self) -> None:
        self._begun = self._beside.submit(begin, self._part)
        self._begun.add_done_callback(self._end_if_broken)

    def _end_if_broken(self, begun: Future[Workers]) -> None:
        if begun.exception():
            self._uvicorn.should_exit = True

    def _end(self) -> None:
        try:
            if self._begun:
                self._begun.result().stop()
        finally:
            for each in reversed(self._part.beside):
                each.stop()
            heartbeat.end()

    @property
    def is_serving(self) -> bool:
        return self._uvicorn.started
