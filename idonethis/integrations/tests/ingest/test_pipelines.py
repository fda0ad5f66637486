"""What a sender may write on one connection, in one breath, and what each part of it is answered
with."""

from __future__ import annotations

import re

import pytest

from idonethis.integrations.models import Receipt
from idonethis.integrations.tests.ingest.conftest import chunked
from idonethis.integrations.tests.ingest.wire import statuses

pytestmark = pytest.mark.django_db(transaction=True)

FORGED = {"x_acme_signature": "sha256=0"}
TLS = bytes.fromhex("16030100c8010000c40303") + bytes(range(1, 90))
HTTP2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def stored() -> list[str]:
    return list(Receipt.objects.order_by("pk").values_list("delivery_key", flat=True))


def test_fifty_hooks_in_one_breath_are_answered_in_their_order_each_once(line, hook):
    sent = [hook(str(n), **(FORGED if n % 5 == 3 else {})) for n in range(50)]
    said = line().say(b"".join(sent)).hears(50)
    assert statuses(said) == [401 if n % 5 == 3 else 200 for n in range(50)]
    assert sorted(stored(), key=int) == [str(n) for n in range(50) if n % 5 != 3]


def test_who_does_not_wait_for_answers_on_many_connections_is_answered_on_each(line, hook):
    lines = [line() for _ in range(8)]
    for number, each in enumerate(lines):
        each.say(b"".join(hook(f"{number}-{n}") for n in range(40)))
    assert [statuses(each.hears(40)) for each in lines] == [[200] * 40] * 8
    assert len(stored()) == len(set(stored())) == 320


def put(name, *between, status, goes_on):
    """In the midst of hooks; ``between`` is what is said there, made of a hook maker."""
    return pytest.param(between[0], status, goes_on, id=name)


#: Each stands between two hooks before it and two after it. Where a connection does not go on, what
#: comes after it is not taken: https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2
MIDST = [
    put("nothing", lambda hook: b"", status=[], goes_on=True),
    put("blank lines", lambda hook: b"\r\n\r\n\r\n", status=[], goes_on=True),
    put("a forged hook", lambda hook: hook("x", **FORGED), status=[401], goes_on=True),
    put("an empty body", lambda hook: emptied(hook("x")), status=[401], goes_on=True),
    put("a page", lambda hook: b"GET /healthz HTTP/1.1\r\n\r\n", status=[200], goes_on=True),
    put("HEAD", lambda hook: bare(hook("x", method="HEAD")), status=[200], goes_on=True),
    put("OPTIONS", lambda hook: bare(hook("x", method="OPTIONS")), status=[405], goes_on=True),
    put("PUT", lambda hook: hook("x", method="PUT"), status=[405], goes_on=True),
    put("no method", lambda hook: hook("x", method="BREW"), status=[400], goes_on=False),
    put("the last", lambda hook: hook("x", connection="close"), status=[200], goes_on=False),
    put("HTTP/1.0", lambda hook: hook("x", version="HTTP/1.0"), status=[200], goes_on=False),
    put("HTTP/2.0", lambda hook: hook("x", version="HTTP/2.0"), status=[505], goes_on=False),
    put("HTTP/0.9", lambda hook: b"GET /healthz\r\n\r\n", status=[505], goes_on=False),
    put("HTTP/7.7", lambda hook: hook("x", version="HTTP/7.7"), status=[400], goes_on=False),
    put("HTTP/2", lambda hook: HTTP2, status=[400], goes_on=False),
    put("TLS", lambda hook: TLS, status=[400], goes_on=False),
    put(
        "who asks whether to go on",
        lambda hook: hook("x", expect="100-continue"),
        status=[100, 200],
        goes_on=True,
    ),
    put("chunks", lambda hook: hook("x", chunks=b"\r\n"), status=[200], goes_on=True),
    put(
        "chunks with trailers",
        lambda hook: hook("x", chunks=b"X-Checksum: 1815\r\n\r\n"),
        status=[200],
        goes_on=True,
    ),
    put(
        "chunks with a length in the trailers",
        lambda hook: hook("x", chunks=b"Content-Length: 3\r\n\r\n"),
        status=[400],
        goes_on=False,
    ),
    put("compressed", lambda hook: hook("x", content_encoding="gzip"), status=[415], goes_on=True),
    put(
        "an address with all of it",
        lambda hook: whole_address(hook("x")),
        status=[200],
        goes_on=True,
    ),
    put("an address in code", lambda hook: coded(hook("x")), status=[200], goes_on=True),
    put(
        "an upgrade",
        lambda hook: hook("x", connection="upgrade", upgrade="websocket"),
        status=[401],
        goes_on=False,
    ),
    put(
        "lines without CR",
        lambda hook: hook("x").replace(b"\r\n", b"\n"),
        status=[400],
        goes_on=False,
    ),
    put(
        "a head that ends without CR",
        lambda hook: hook("x").replace(b"\r\n\r\n", b"\r\n\n"),
        status=[400],
        goes_on=False,
    ),
    put(
        "two lengths",
        lambda hook: hook("x").replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n"),
        status=[400],
        goes_on=False,
    ),
    put(
        "a length twice",
        lambda hook: re.sub(rb"(content-length: \d+\r\n)", rb"\1\1", hook("x")),
        status=[400],
        goes_on=False,
    ),
    put(
        "a length in a list",
        lambda hook: re.sub(rb"content-length: (\d+)", rb"content-length: \1, \1", hook("x")),
        status=[400],
        goes_on=False,
    ),
    put(
        "a length with a sign",
        lambda hook: hook("x", content_length="+3"),
        status=[400],
        goes_on=False,
    ),
    put(
        "a length below zero",
        lambda hook: hook("x", content_length="-3"),
        status=[400],
        goes_on=False,
    ),
    put("no length", lambda hook: hook("x", content_length=""), status=[400], goes_on=False),
    put(
        "an endless length",
        lambda hook: hook("x", content_length="9" * 30),
        status=[400],
        goes_on=False,
    ),
    put(
        "a length and chunks",
        lambda hook: hook("x", transfer_encoding="chunked"),
        status=[400],
        goes_on=False,
    ),
    put(
        "chunks by another name",
        lambda hook: hook("x", content_length=None, transfer_encoding="xchunked"),
        status=[400],
        goes_on=False,
    ),
    put(
        "chunks, and something after them",
        lambda hook: hook("x", content_length=None, transfer_encoding="chunked, identity"),
        status=[400],
        goes_on=False,
    ),
    put(
        "a space before the colon",
        lambda hook: hook("x").replace(b"host:", b"host :"),
        status=[400],
        goes_on=False,
    ),
    put(
        "a folded header",
        lambda hook: hook("x").replace(b"host: ", b"host:\r\n "),
        status=[400],
        goes_on=False,
    ),
    put(
        "NUL in the address",
        lambda hook: hook("x").replace(b" HTTP", b"\0 HTTP"),
        status=[400],
        goes_on=False,
    ),
    put(
        "a way through", lambda hook: b"CONNECT a:80 HTTP/1.1\r\n\r\n", status=[400], goes_on=False
    ),
    put("no address", lambda hook: b"OPTIONS * HTTP/1.1\r\n\r\n", status=[404], goes_on=True),
]


PAGE = b"GET /healthz HTTP/1.1\r\n\r\n"


@pytest.mark.parametrize("broken", [TLS, PAGE.replace(b"\r\n", b"\n"), b"GET /healthz\r\n\r\n"])
def test_pages_before_something_broken_are_answered_first(line, broken):
    said = statuses(line().say(PAGE + PAGE + PAGE + broken).hears_all())
    assert (said[:3], said[3:]) in [([200] * 3, [400]), ([200] * 3, [505])]


def test_a_hook_before_a_broken_one_is_answered_first_in_a_room_too(line, hook):
    """Both in chunks, and the second with a trailer that no one may send."""
    broken = hook("x", chunks=b"Content-Length: 3\r\n\r\n")
    said = line().say(hook("1", chunks=b"\r\n") + broken).hears_all()
    assert (statuses(said), stored()) == ([200, 400], ["1"])


def bare(request: bytes) -> bytes:
    """Without its body, which such a one has not."""
    head = re.sub(rb"content-length: \d+\r\n", b"", request.partition(b"\r\n\r\n")[0] + b"\r\n")
    return head + b"\r\n"


def emptied(request: bytes) -> bytes:
    return re.sub(rb"content-length: \d+", b"content-length: 0", request.partition(b"{")[0])


def whole_address(request: bytes) -> bytes:
    return request.replace(b"POST /", b"POST http://testserver/", 1)


def coded(request: bytes) -> bytes:
    """The last letter of the address as a percent code."""
    path, _, rest = request.partition(b" HTTP")
    return path[:-1] + b"%%%02X" % path[-1] + b" HTTP" + rest


@pytest.mark.parametrize(("between", "status", "goes_on"), MIDST)
def test_in_the_midst_of_hooks(line, hook, between, status, goes_on):
    before, after = hook("1") + hook("2"), hook("3") + hook("4")
    one = line().say(before + between(hook) + after)
    wanted = [200, 200, *status, *([200, 200] if goes_on else [])]
    assert statuses(one.hears(len(wanted)) if goes_on else one.hears_all()) == wanted
    keys = set(stored())
    assert {"1", "2"} <= keys and ({"3", "4"} <= keys) == goes_on
    assert ("x" in keys) == (
        status[-1:] == [200] and b"delivery: x" in between(hook)
    ) or "x" not in keys


def test_who_is_let_go_is_told_why(line):
    [answer] = line().say(TLS + b"\r\n\r\n").hears_all()
    assert answer.body == b"That is no HTTP/1.1 that this server can read. Nothing was stored."
    assert answer.headers["connection"] == "close"


def test_what_follows_a_body_is_no_header_of_it(line, hook, link, signed):
    """Whoever checks headers on the way does not look there."""
    genuine = re.search(rb"x-acme-signature: (\S+)", hook("x"))[0]
    forged = hook("x", chunks=genuine + b"\r\n\r\n", **FORGED)
    assert statuses(line().say(forged).hears(1)) == [401]
    assert not stored()


def test_who_asks_first_whether_to_go_on_is_told_before_it_does(line, hook):
    head, _, body = hook("x", expect="100-continue").partition(b"\r\n\r\n")
    one = line().say(head + b"\r\n\r\n")
    assert statuses(one.hears(1)) == [100]
    assert statuses(one.say(body).hears(2)) == [100, 200]


def test_who_asks_first_and_is_refused_does_not_go_on(line, hook):
    head, _, _ = hook("x", expect="100-continue", content_length=str(10**9)).partition(b"\r\n\r\n")
    [answer] = line().say(head + b"\r\n\r\n").hears_all()
    assert (answer.status, answer.headers["connection"]) == (413, "close")


def test_who_has_said_all_may_still_listen(line, hook):
    one = line().say(hook("1") + hook("2"))
    one.socket.shutdown(1)
    assert statuses(one.hears_all()) == [200, 200]


def test_chunks_are_what_they_say():
    assert chunked(b"abcd") == b"2\r\nab\r\n2\r\ncd\r\n0\r\n"
