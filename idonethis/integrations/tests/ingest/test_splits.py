"""However a stream of bytes is cut into segments, it says the same; and whatever it says, nothing
of it breaks, hangs or stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idonethis.integrations.ingest import bounds, door, room
from idonethis.integrations.models import Receipt
from idonethis.integrations.tests.ingest.test_pipelines import MIDST, stored
from idonethis.integrations.tests.ingest.wire import Line, answers, statuses
from tests.attacks.effort import tried

pytestmark = pytest.mark.django_db(transaction=True)

MAKERS = {row.id: row.values for row in MIDST}
#: What our own limits and the protocol may be answered with. Everything else from 500 is our fault.
DECLARED = {503, 505}


@pytest.fixture
def heard(served, monkeypatch):
    """All that is said on a connection that ends after these pieces."""
    monkeypatch.setattr(door, "LOOK", 0.05)
    monkeypatch.setattr(room, "LOOK", 0.05)
    for name in ("IDLE", "HEAD_PATIENCE", "BODY_PATIENCE"):
        monkeypatch.setattr(bounds, name, 0.5)

    def hearing(*pieces, pause=0.002):
        line = Line(served.port)
        said = line.say(*pieces, pause=pause).hears_all()
        line.close()
        return said

    return hearing


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted({place % len(stream) for place in places}), len(stream)]
    return [stream[a:b] for a, b in zip(edges, edges[1:], strict=False) if a < b]


@pytest.mark.parametrize("name", MAKERS)
def test_cut_anywhere_it_is_answered_the_same(heard, hook, name):
    between, status, goes_on = MAKERS[name]
    stream = hook("1") + between(hook) + hook("3", connection="close")
    wanted = [200, *status, *([200] if goes_on else [])]

    def same(places):
        Receipt.objects.all().delete()
        assert statuses(heard(*cut(stream, places))) == wanted
        assert ("3" in stored()) == goes_on

    same([])
    tried(3)(given(st.lists(st.integers(0, len(stream)), max_size=8))(same))()


def test_every_cut_of_a_head_is_answered_the_same(heard, hook):
    """The end of a head and the beginning of a body, each byte of it."""
    stream = hook("1") + hook("2") + hook("3", connection="close")
    edge = stream.index(b"\r\n\r\n")
    for place in range(edge - 1, edge + 6):
        assert statuses(heard(*cut(stream, [place]))) == [200] * 3


def spoiled(stream: bytes):
    """This stream with something else somewhere in it."""
    return st.builds(
        lambda at, without, more: stream[:at] + more + stream[at + without :],
        st.integers(0, len(stream)),
        st.integers(0, 40),
        st.one_of(
            st.binary(max_size=40), st.sampled_from([b"\r\n", b"\r\n\r\n", b"\0", b"GET / "])
        ),
    )


def nothing_breaks(heard, served, caplog):
    def tries(stream):
        caplog.clear()
        said = heard(stream, pause=0)
        assert all(status < 500 or status in DECLARED for status in statuses(said)), stream
        assert "Traceback" not in caplog.text, stream
        assert not served.remains(), stream

    return tries


def test_what_is_no_request_at_all_breaks_nothing(heard, served, caplog):
    tried(30)(given(st.binary(min_size=1, max_size=400))(nothing_breaks(heard, served, caplog)))()


def test_a_stream_of_hooks_that_is_spoiled_anywhere_breaks_nothing(heard, served, caplog, hook):
    whole = (
        hook("1")
        + hook("2", chunks=b"X-Sum: 1\r\n\r\n")
        + hook("3")
        + b"GET /healthz HTTP/1.1\r\n\r\n"
    )
    tried(60)(given(spoiled(whole))(nothing_breaks(heard, served, caplog)))()


def test_nothing_is_stored_twice_whatever_is_spoiled(heard, hook):
    whole = b"".join(hook(str(number)) for number in range(4))

    def once(stream):
        Receipt.objects.all().delete()
        said = statuses(heard(stream, pause=0))
        assert len(stored()) == len(set(stored())) == said.count(200)

    tried(20)(given(spoiled(whole))(once))()


def test_answers_are_told_apart():
    first = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
    assert [answer.body for answer in answers(first + first + first[:-1])] == [b"ok", b"ok"]
