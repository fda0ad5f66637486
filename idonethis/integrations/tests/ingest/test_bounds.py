"""Who asks for too much, or takes too long, hears so, and leaves nothing behind."""

from __future__ import annotations

import re
import time

import pytest

from idonethis.integrations.ingest import bounds, door, room
from idonethis.integrations.models import Receipt
from idonethis.integrations.tests.ingest.wire import statuses

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = b"GET /healthz HTTP/1.1\r\nHost: testserver\r\n"
FORM = b"POST /login HTTP/1.1\r\nHost: testserver\r\nContent-Length: %d\r\n\r\n"
CHUNKS = b"POST /login HTTP/1.1\r\nHost: testserver\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


@pytest.fixture
def impatient(monkeypatch):
    """Whatever may take seconds takes a fraction of one."""
    for place in (door, room):
        monkeypatch.setattr(place, "LOOK", 0.02)
    patience = {"HEAD_PATIENCE": 0.2, "BODY_PATIENCE": 0.4, "IDLE": 0.3, "UNREAD": 0.3}
    for name, seconds in patience.items():
        monkeypatch.setattr(bounds, name, seconds)


def only(said):
    [answer] = said
    return answer.status, answer.headers.get("connection"), answer.body.decode()


@pytest.fixture(params=["page", "hook"])
def head(request, hook):
    """The beginning of a head, without its end."""
    return PAGE if request.param == "page" else hook().partition(b"\r\n\r\n")[0] + b"\r\n"


def test_an_address_that_is_too_long_is_named(line, head):
    long = head.replace(b" HTTP", b"?" + b"x" * bounds.MOST_TARGET + b" HTTP")
    assert only(line().say(long + b"\r\n").hears_all()) == (
        414,
        "close",
        "The address is longer than 8,192 bytes. Nothing was read.",
    )


LARGE = (431, "close", "More than 100 headers, or 32,768 bytes of them. Nothing was stored.")


def test_too_many_headers_are_named(line, head):
    many = b"".join(b"X-%d: x\r\n" % number for number in range(bounds.MOST_HEADERS + 1))
    assert only(line().say(head + many + b"\r\n").hears_all()) == LARGE


def test_headers_that_are_too_large_are_named(line, head):
    large = b"".join(b"X-%d: %s\r\n" % (number, b"x" * 8000) for number in range(6))
    assert only(line().say(head + large + b"\r\n").hears_all()) == LARGE


@pytest.mark.parametrize("endless", [b"X-More: x\r\n" * 400, b"x" * 4096], ids=["many", "one"])
def test_a_head_without_end_is_not_read_to_its_end(line, head, endless):
    one, sent = line().say(head + b"X-Endless: "), 0
    while sent < 1000 and one.is_quiet:
        one.say(endless)
        time.sleep(0.001)
        sent += 1
    assert sent < 1000
    assert only(one.hears_all()) == LARGE


def test_a_head_without_end_after_a_page_is_not_read_to_its_end(line):
    one = line().say(PAGE + b"\r\n")
    one.hears(1)
    for _ in range(100):
        one.say(b"X-More: x\r\n" * 100 if _ else PAGE, pause=0)
    assert statuses(one.hears_all()) == [200, 431]


def test_heads_that_are_just_small_enough_are_read(line, hook):
    filler = {f"x-{number}": "x" * 300 for number in range(90)}
    sent = hook("1", **filler) + hook("2", **filler) + PAGE + b"\r\n"
    assert statuses(line().say(sent).hears(3)) == [200, 200, 200]


SLOW = "The request did not arrive in time. Nothing was stored."


@pytest.mark.usefixtures("impatient")
def test_a_head_that_does_not_come_to_its_end_is_given_up(line, head):
    assert only(line().say(head).hears_all()) == (408, "close", SLOW)


@pytest.mark.usefixtures("impatient")
def test_who_sends_a_byte_now_and_then_is_given_up_all_the_same(line, hook):
    one, began = line(), time.monotonic()
    one.say(*[bytes([byte]) for byte in hook()], pause=0.05)
    assert statuses(one.hears_all()) == [408]
    assert time.monotonic() - began < 30


@pytest.mark.usefixtures("impatient")
def test_a_head_that_does_not_come_to_its_end_after_a_page_is_given_up(line):
    one = line().say(PAGE + b"\r\n")
    one.hears(1)
    assert statuses(one.say(PAGE).hears_all()) == [200, 408]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("how", [{}, {"expect": "100-continue"}, {"chunks": b""}], ids=str)
def test_a_body_that_does_not_come_to_its_end_is_given_up(line, hook, how, served):
    said = line().say(hook("x", **how)[:-4]).hears_all()
    assert only([answer for answer in said if answer.status != 100]) == (408, "close", SLOW)
    assert not Receipt.objects.exists() and not served.remains()


@pytest.mark.usefixtures("impatient")
def test_hooks_before_one_that_does_not_come_to_its_end_are_answered_first(line, hook):
    assert statuses(line().say(hook("1") + hook("2")[:-4]).hears_all()) == [200, 408]


@pytest.mark.usefixtures("impatient")
def test_a_form_that_does_not_come_to_its_end_is_given_up(line):
    assert only(line().say(FORM % 10 + b"a=b").hears_all()) == (
        408,
        "close",
        "The request did not arrive in time. Nothing was changed.",
    )


TOO_LARGE = b"Nothing was stored"


def test_what_is_announced_too_large_is_refused_before_it_comes(line, hook, served):
    head = hook("x", content_length=str(100 * 2**20)).partition(b"\r\n\r\n")[0]
    [answer] = line().say(head + b"\r\n\r\n").hears(1)
    assert answer.status == 413 and TOO_LARGE in answer.body


def test_who_sends_it_all_the_same_may_go_on_after_it(line, hook, settings):
    size = settings.HOOK_BODY_LIMIT + 1
    head = hook("x", content_length=str(size)).partition(b"\r\n\r\n")[0]
    one = line().say(head + b"\r\n\r\n" + b"x" * size + hook("2"))
    assert statuses(one.hears(2)) == [413, 200]


def test_chunks_that_grow_too_large_are_refused(line, hook, settings, served):
    head = hook("x", chunks=b"").partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    one = line().say(head + CHUNK * (settings.HOOK_BODY_LIMIT // 0x10000 + 1))
    assert statuses(one.hears(1)) == [413]
    assert statuses(one.say(b"0\r\n\r\n" + hook("2")).hears(2)) == [413, 200]
    assert list(Receipt.objects.values_list("delivery_key", flat=True)) == ["2"]


def test_chunks_without_end_are_not_read_for_ever(line, hook, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_DRAINED", 4 * 2**20)
    head = hook("x", chunks=b"").partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    one = line().say(head, *[CHUNK] * 20)
    assert statuses(one.hears(1)) == [413]
    assert statuses(one.say(*[CHUNK] * 200).hears_all()) == [413]


def test_a_form_that_is_announced_too_large_is_refused(line):
    assert only(line().say(FORM % (bounds.MOST_FORM + 1)).hears_all()) == (
        413,
        "close",
        "That is more than 4,194,304 bytes. Nothing was changed.",
    )


def test_a_form_that_grows_too_large_is_refused(line):
    one = line().say(CHUNKS + CHUNK * (bounds.MOST_FORM // 0x10000 + 1))
    assert statuses(one.hears(1)) == [413]


def test_what_would_have_to_be_unpacked_is_not(line, hook):
    [answer] = line().say(hook("x", content_encoding="gzip")).hears(1)
    assert answer.status == 415


@pytest.mark.usefixtures("impatient")
def test_nobody_holds_a_connection_by_saying_nothing(line, hook, served):
    silent, blank, known, page = (line() for _ in range(4))
    known.say(hook("1"))
    page.say(PAGE + b"\r\n").hears(1)
    blank.say(*[b"\r\n"] * 30, pause=0.05)
    for one in (silent, blank, known, page):
        one.hears_all()
    assert not served.remains()


@pytest.mark.usefixtures("impatient")
def test_nobody_holds_a_connection_after_a_page_by_saying_next_to_nothing(line, served):
    one = line().say(PAGE + b"\r\n")
    one.hears(1)
    one.say(*[b"\r\n"] * 30, pause=0.05)
    one.hears_all()
    assert not served.remains()


def test_who_asks_for_too_many_pages_at_once_is_answered_so_far_and_no_further(line):
    heard = line().say((PAGE + b"\r\n") * 5_000).hears_all()
    assert statuses(heard[:-1]) == [200] * (len(heard) - 1)
    assert 100 <= len(heard) < 5_000
    assert heard[-1].status == 503 and b"Wait for answers first." in heard[-1].body


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("what", ["hook", "page"])
def test_who_never_reads_an_answer_is_cut_off_and_leaves_nothing(line, hook, served, what):
    asked = hook(x_acme_signature="sha256=0") if what == "hook" else PAGE + b"\r\n"
    one = line(ears=2048)
    one.socket.settimeout(1)
    with pytest.raises(OSError):  # It is not read any more, or cut off.
        for _ in range(10_000):
            one.socket.sendall(asked * 100)
    assert not served.remains(within=60)


def test_who_is_one_too_many_hears_when_to_come_back(line, served, monkeypatch):
    monkeypatch.setattr(served.crowd, "_most", 2)
    first, second = line(), line()
    [refused] = line().hears_all()
    assert (refused.status, refused.headers["retry-after"]) == (503, "5")
    assert refused.body == b"Too many connections. Nothing was read. Come again."
    first.close()
    time.sleep(0.1)
    assert statuses(line().say(PAGE + b"\r\n").hears(1)) == [200]
    assert statuses(second.say(PAGE + b"\r\n").hears(1)) == [200]


def test_one_address_does_not_take_the_places_of_all(line, served, monkeypatch):
    monkeypatch.setattr(served.crowd, "_each", 2)
    greedy = [line(of="127.0.0.2") for _ in range(2)]
    assert statuses(line(of="127.0.0.2").hears_all()) == [503]
    other = line(of="127.0.0.3").say(PAGE + b"\r\n")
    assert statuses(other.hears(1)) == [200]
    for one in (*greedy, other):
        one.close()
    assert not served.remains()


def test_bodies_that_arrive_beside_too_many_others_are_put_off(line, hook, served, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_ARRIVING", 10)
    for how in ({}, {"chunks": b"\r\n"}):
        raw = hook("x", **how)
        one = line().say(raw[:-30])
        [answer] = one.hears(1)
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        one.close()
    last = line().say(hook("1"))
    assert statuses(last.hears(1)) == [200]
    last.close()
    assert not served.remains()


def test_hooks_that_wait_beside_too_many_others_are_put_off(line, hook, served, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_HELD", 10)
    said = line().say(hook("1") + hook("2", chunks=b"\r\n")).hears(2)
    assert [(answer.status, answer.headers["retry-after"]) for answer in said] == [(503, "5")] * 2
    assert not Receipt.objects.exists()


def test_no_header_says_what_serves(line, hook):
    for sent in (hook("1"), PAGE + b"\r\n", b"\x16\x03\x01\r\n\r\n"):
        [answer] = line().say(sent).hears(1)
        assert not re.search("uvicorn|python|django", str(answer.headers))
