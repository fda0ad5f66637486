"""What an answer may cost: a partner that never ends, drips, packs or talks nonsense holds no
worker, fills no memory, and is no failure of ours."""

from __future__ import annotations

import gzip
import time
import zlib

import brotli
import pytest
import zstandard

from idonethis.integrations import answers, http
from idonethis.integrations.http import Again, Client, Failed, Gone
from tests.attacks.sentinels import closing

pytestmark = pytest.mark.usefixtures("closed")


def test_of_a_body_without_end_five_megabytes_are_read(outside):
    def endless(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(2**30))
        handler.end_headers()
        for _ in range(2**14):
            handler.write(b"x" * 2**16)

    server, url = outside(endless)
    with pytest.raises(Again, match="larger than 5 MB"):
        Client().get(url)
    assert server.sent < 64 * 2**20


@pytest.mark.parametrize("kind", ["gzip", "br", "zstd", "deflate"])
def test_a_packed_bomb_is_not_unpacked(outside, kind):
    bomb = BOMBS[kind](b"0" * (50 * 2**20))

    def packed(handler):
        handler.send_response(200)
        handler.send_header("Content-Encoding", kind)
        handler.send_header("Content-Length", str(len(bomb)))
        handler.end_headers()
        handler.write(bomb)

    _, url = outside(packed)
    with pytest.raises(Again, match="packed"):
        Client().get(url)


BOMBS = {
    "gzip": lambda body: gzip.compress(body, 9),
    "br": lambda body: brotli.compress(body, quality=1),
    "zstd": lambda body: zstandard.compress(body),
    "deflate": lambda body: zlib.compress(body, 9),
}


def test_nobody_is_asked_to_pack_their_answer(outside):
    asked = []

    def noting(handler):
        asked.append(handler.headers["Accept-Encoding"])
        closing(handler, b"{}")

    _, url = outside(noting)
    Client().get(url)
    assert asked == ["identity"]


def drip(handler, *pieces):
    """A byte now and then, each well within what a single read may take."""
    for piece in pieces:
        handler.wfile.write(piece)
        time.sleep(0.02)


SLOW = {
    "body": lambda h: drip(h, b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", *[b"x"] * 600),
    "headers": lambda h: drip(h, b"HTTP/1.1 200 OK\r\nX: ", *[b"x"] * 600),
    "status": lambda h: drip(h, *[b"H"] * 600),
    "provisional": lambda h: drip(h, *[b"HTTP/1.1 100 Continue\r\n\r\n"] * 600),
    "chunks": lambda h: drip(
        h, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 600
    ),
}


@pytest.mark.parametrize("where", SLOW)
def test_a_partner_that_drips_is_left_in_time(outside, monkeypatch, where):
    """Without a limit on the whole, each of these would take twelve seconds, or as long as it
    likes."""
    monkeypatch.setattr(http, "PATIENCE", 0.3)
    _, url = outside(SLOW[where])
    began = time.monotonic()
    with pytest.raises(Again):
        Client().get(url)
    assert time.monotonic() - began < 8


NOISE = {
    "nothing": b"",
    "no http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "a flood of headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000,
    "a header without end": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 500_000,
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "a chunk of no size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "an unknown encoding": b"HTTP/1.1 200 OK\r\nContent-Encoding: x\r\nContent-Length: 1\r\n\r\nx",
    "a status beyond all": b"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n",
    "a switch": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    "an end in the middle": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx",
    "deep json": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"[" * 100_000,
    "no json": b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
    "no unicode": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xff\xfe\xfd",
}


@pytest.mark.parametrize("what", NOISE)
def test_noise_is_a_partner_out_of_order_and_no_failure_of_ours(outside, what):
    def noisy(handler):
        handler.wfile.write(NOISE[what])
        handler.close_connection = True

    _, url = outside(noisy)
    with pytest.raises(Failed):
        assert Client().get(url).json


@pytest.mark.parametrize(
    "headers",
    [
        {"retry-after": value}
        for value in ("", "x", "-1", "1e9", "nan", "9" * 400, "²", "Tue, 99 Foo 2026", "١")
    ]
    + [{"x-ratelimit-reset": value} for value in ("x", "-5", "inf", "nan", "9" * 400, "1.5.2")]
    + [{"retry-after": "Fri, 31 Dec 99999 23:59:59 GMT"}, {"retry-after": "0" * 9000}],
)
def test_no_waiting_time_that_a_partner_names_is_a_failure_of_ours(headers):
    wait = answers.retry_after(headers)
    assert wait is None or 0 <= wait <= answers.LONGEST_WAIT


def test_gone_is_still_gone(outside):
    """The limits stand around the answer and do not change what it says."""

    def gone(handler):
        handler.send_response(410)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    _, url = outside(gone)
    with pytest.raises(Gone):
        Client().get(url)
