"""The parts that a process may play. One plays them all; where there are several, on as many
machines as there need be, each plays one, and they share a PostgreSQL and perhaps a broker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import Any

from django.conf import settings

from idonethis import asgi, heartbeat
from idonethis.background import ANSWERS, INBOX, LETTERS, MAIL, UPKEEP, Lane
from idonethis.background.alarm import Alarm, Way
from idonethis.background.notify import Listener, Notify
from idonethis.background.writers import WRITERS
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.integrations.models.expanding import expansions
from idonethis.integrations.models.sweeping import take_over
from idonethis.integrations.polling import POLLS
from idonethis.integrations.publishing import KEYS
from idonethis.server import KEEPING, SWEEPER, TAKING, WORKING, Beside, Part, Work

#: For people who write while a long inbox is read, in seconds.
REST = 0.1
#: What has to happen now and then, whoever wakes it.
NOW_AND_THEN = (UPKEEP, POLLS, KEYS, SWEEPER, MAIL, LETTERS, ANSWERS)
#: So many times as long as the beat lets them rest, they wait for the beat.
WITHOUT_BEAT = 6
#: That it lives, for a part that takes no hooks.
LIVING: Work = (Lane("heartbeat", every=heartbeat.EVERY), heartbeat.beat)


def whole() -> Part:
    """Everything, in one process."""
    writer = GroupCommit()
    alone = (writer, Alone()) if settings.INBOX == "inbox" else (writer,)
    return Part("up", asgi.application(writer), _all_work, alone)


def _all_work() -> Iterator[Work]:
    yield from (*KEEPING, *WORKING, *TAKING, *expansions())


class Alone:
    """The only process there is."""

    def start(self) -> None:
        take_over()
        INBOX.rest = REST
        WRITERS.watch()

    def stop(self) -> None:
        """Whoever comes next takes over."""
        WRITERS.forget()


def web() -> Part:
    """Pages and API. A hook that a proxy sends there by mistake is taken, too, only not as fast."""
    return Part("web", asgi.pages(), lambda: (LIVING, *TAKING[1:]), (Alarm(*ways()),))


def ingest() -> Part:
    """Takes hooks."""
    writer = GroupCommit()
    return Part("ingest", asgi.hooks(writer), lambda: TAKING, (Alarm(*ways()), writer))


def work() -> Part:
    """Does what is stored. Where there is a broker, it is told by that; by PostgreSQL always."""
    beside: list[Beside] = [Alarm(*ways()), Listener()]
    if settings.BROKER_URL:
        beside.append(_broker().Hands(settings.BROKER_URL, count=len(WORKING)))
    return Part("work", asgi.probes(), _work, beside)


def _work() -> Iterator[Work]:
    for lane in NOW_AND_THEN:
        lane.every *= WITHOUT_BEAT
    yield from (LIVING, *WORKING, *expansions())


def beat() -> Part:
    """Wakes what has to happen now and then. Two do no more than one."""
    return Part("beat", asgi.probes(), _bells, (Alarm(*ways()),))


def _bells() -> Iterator[Work]:
    yield LIVING
    for lane in NOW_AND_THEN:
        yield Lane(f"{lane.name} bell", every=lane.every), partial(_ring, lane)


def _ring(lane: Lane) -> int:
    lane.wake()
    return 0


def ways() -> Iterator[Way]:
    """To whoever works: the broker, and PostgreSQL where there is none, or where it is away."""
    if settings.BROKER_URL:
        yield _broker().Broker(settings.BROKER_URL)
    yield Notify()


def _broker() -> Any:
    """Celery is there only where it was asked for."""
    return import_module("idonethis.background.broker")


PARTS: dict[str, Callable[[], Part]] = {"web": web, "ingest": ingest, "work": work, "beat": beat}
