"""Over real sockets, as senders do it."""

from __future__ import annotations

import asyncio
import re
from types import SimpleNamespace

import pytest
from django.conf import settings

from idonethis.integrations.ingest import bounds, door
from idonethis.integrations.ingest.asgi import Ingest
from idonethis.integrations.ingest.crowd import Crowd
from idonethis.integrations.ingest.door import Door
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.integrations.models import Receipt

pytestmark = pytest.mark.django_db(transaction=True)

DONE = {"type": "done", "body": "Turned the crank", "uid": "1815", "key": "crank"}
OTHER = b"GET /integrations HTTP/1.1\r\nHost: testserver\r\n\r\n"


class Elsewhere(asyncio.Protocol):
    """Whoever answers what the door does not take: says back what it was given."""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(b"elsewhere: " + data)
        self.transport.close()


@pytest.fixture
def hook(link, signed):
    """A genuine hook as it goes over the wire, with these further headers."""

    def made(content=DONE, *, path=None, version="1.1", **more):
        body, headers = signed(link, content)
        lines = [f"POST {path or f'/integrations/acme/hook/{link.hook_token}'} HTTP/{version}"]
        sent = {"host": "testserver", "content-length": str(len(body)), **headers, **more}
        lines += [f"{name}: {value}" for name, value in sent.items() if value is not None]
        return "\r\n".join([*lines, "", ""]).encode() + body

    return made


@pytest.fixture
def say():
    """Sends these pieces on one connection, and returns all that comes back until it is closed."""

    def said(*pieces, pause=0.0, end=True):
        return asyncio.run(_said(pieces, pause=pause, end=end))

    return said


async def _said(pieces, *, pause, end):
    writer = GroupCommit()
    writer.start()
    state = SimpleNamespace(connections=set(), default_headers=[(b"date", b"today")])
    loop, ingest = asyncio.get_running_loop(), Ingest(None, writer)
    server = await loop.create_server(
        lambda: Door(ingest, Elsewhere, state=state, crowd=Crowd(9, each=9)), "127.0.0.1", 0
    )
    reading, writing = await asyncio.open_connection(*server.sockets[0].getsockname())
    for piece in pieces:
        writing.write(piece)
        await writing.drain()
        await asyncio.sleep(pause)
    if end:
        asyncio.get_running_loop().call_later(
            1.0, lambda: [d.shutdown() for d in state.connections]
        )
    answer = await asyncio.wait_for(reading.read(), 20)
    writing.close()
    server.close()
    await loop.run_in_executor(None, writer.stop)
    return answer


def statuses(answer):
    return re.findall(rb"HTTP/1.1 (\d+) ", answer)


def test_a_hook_is_stored_and_answered_on_its_connection(say, hook, link):
    answer = say(hook())
    assert answer.startswith(b"HTTP/1.1 200 OK\r\ndate: today\r\n")
    assert (Receipt.objects.get().link_id, Receipt.objects.get().hook.json) == (link.pk, DONE)


def test_a_hook_that_arrives_byte_by_byte_is_one_hook(say, hook):
    raw = hook()
    assert statuses(say(*[raw[n : n + 1] for n in range(len(raw))])) == [b"200"]
    assert Receipt.objects.get().hook.json == DONE


def test_what_is_asked_in_the_address_is_kept(say, hook, link):
    say(hook(path=f"/integrations/acme/hook/{link.hook_token}?a=b"))
    assert Receipt.objects.get().hook.query == "a=b"


def test_hooks_that_do_not_wait_for_answers_are_answered_in_their_order(say, hook):
    forged = hook({**DONE, "key": "2"}, **{"x-acme-signature": "sha256=0"})
    three = hook({**DONE, "key": "1"}) + forged + hook({**DONE, "key": "3"})
    assert statuses(say(three)) == [b"200", b"401", b"200"]
    assert Receipt.objects.count() == 2


def test_the_connection_ends_with_the_answer_where_the_sender_wants_it_so(say, hook):
    answer = say(hook(connection="close"), end=False)
    assert (statuses(answer), b"connection: close" in answer) == ([b"200"], True)


@pytest.mark.parametrize(
    "unusual",
    [
        {"transfer-encoding": "chunked", "content-length": None},
        {"content-length": None},
        {"content-encoding": "gzip"},
        {"expect": "100-continue"},
        {"content-length": str(settings.HOOK_BODY_LIMIT + 1)},
        {"version": "1.0"},
        {"path": "/integrations/other/hook/t"},
        {"path": "/t/engines"},
    ],
    ids=str,
)
def test_whatever_is_unusual_goes_elsewhere_as_it_came(say, hook, unusual):
    raw = hook(**unusual)
    assert say(raw, end=False) == b"elsewhere: " + raw
    assert not Receipt.objects.exists()


def test_what_goes_elsewhere_goes_whole_however_it_arrives(say):
    assert say(OTHER[:10], OTHER[10:], pause=0.05, end=False) == b"elsewhere: " + OTHER


def test_rubbish_goes_elsewhere(say):
    assert say(b"\x16\x03\x01 hello\r\n\r\n", end=False).startswith(b"elsewhere: \x16")


def test_a_page_on_the_connection_of_a_hook_goes_elsewhere(say, hook):
    answer = say(hook(), OTHER, pause=1.0, end=False)
    assert (statuses(answer)[0], answer.endswith(b"elsewhere: " + OTHER)) == (b"200", True)


@pytest.mark.parametrize(("signature", "status"), [(None, b"200"), ("sha256=0", b"401")])
def test_a_page_in_the_same_breath_is_answered_after_the_hooks_before_it(
    say, hook, signature, status
):
    changed = {"x-acme-signature": signature} if signature else {}
    answer = say(hook() + hook({**DONE, "key": "2"}, **changed) + OTHER, end=False)
    assert statuses(answer) == [b"200", status]
    assert answer.endswith(b"elsewhere: " + OTHER)


def test_a_page_that_is_asked_for_before_the_answer_is_answered_after_it(say, hook):
    raw = hook()
    answer = say(raw[:-1], raw[-1:] + OTHER[:9], OTHER[9:], pause=0.001, end=False)
    assert answer.startswith(b"HTTP/1.1 200 OK") and b"elsewhere: " + OTHER[:9] in answer


def test_two_lengths_are_never_taken(say, hook):
    smuggled = hook(**{"transfer-encoding": "chunked"})
    assert say(smuggled, end=False) == b"elsewhere: " + smuggled


def test_who_does_not_finish_is_let_go_and_told(say, hook, monkeypatch):
    monkeypatch.setattr(door, "LOOK", 0.05)
    monkeypatch.setattr(bounds, "BODY_PATIENCE", 0.2)
    assert statuses(say(hook()[:-5], end=False)) == [b"408"]
    assert not Receipt.objects.exists()


def test_who_says_nothing_is_let_go(say, monkeypatch):
    monkeypatch.setattr(door, "LOOK", 0.05)
    monkeypatch.setattr(bounds, "IDLE", 0.05)
    assert say(end=False) == b""


def test_whoever_is_slow_but_not_idle_is_waited_for(say, hook, monkeypatch):
    monkeypatch.setattr(door, "LOOK", 0.05)
    monkeypatch.setattr(bounds, "IDLE", 0.05)
    raw = hook(connection="close")
    assert statuses(say(raw[:60], raw[60:], pause=0.3, end=False)) == [b"200"]
