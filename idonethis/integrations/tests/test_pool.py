"""Threads that ask partners at the same time do not take connections from each other."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpcore
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from idonethis.integrations.pool import Pool
from idonethis.simulators.running import running

THREADS, EACH = 8, 20


class Slow(httpcore.SyncBackend):
    """While somebody looks whether a connection was closed, another has time to use it, and to
    leave the answer unread for a moment."""

    def connect_tcp(self, *place, **options):
        return SlowStream(super().connect_tcp(*place, **options))


class SlowStream(httpcore.NetworkStream):
    def __init__(self, stream):
        self._stream = stream

    def read(self, *how, **more):
        time.sleep(0.01)
        return self._stream.read(*how, **more)

    def write(self, *what, **more):
        self._stream.write(*what, **more)

    def close(self):
        self._stream.close()

    def get_extra_info(self, info):
        time.sleep(0.005)
        return self._stream.get_extra_info(info)


async def answer(request):
    return PlainTextResponse(request.query_params["n"])


PARTNER = Starlette(routes=[Route("/", answer)])


@pytest.fixture
def pool():
    with Pool(network_backend=Slow(), max_connections=1) as pool:
        yield pool


def test_eight_who_ask_at_once_are_all_answered(pool):
    def ask(who):
        said = [pool.request("GET", f"{partner}/?n={who}-{n}").content for n in range(EACH)]
        return said == [f"{who}-{n}".encode() for n in range(EACH)]

    with running(PARTNER) as partner, ThreadPoolExecutor(THREADS) as people:
        assert all(people.map(ask, range(THREADS)))
    assert len(pool.connections) == 1


def test_a_connection_that_the_partner_closed_is_not_used_again(pool):
    with running(PARTNER) as partner:
        for number in (1, 2):
            pool.request("GET", f"{partner}/?n={number}")
            assert len(pool.connections) == 1
        [before] = pool.connections
    with running(PARTNER, urlsplit(partner).port):
        assert pool.request("GET", f"{partner}/?n=3").content == b"3"
    assert before not in pool.connections and len(pool.connections) == 1
