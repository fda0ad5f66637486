"""The pages on which somebody plays the people in the rooms of pretend partners."""

from __future__ import annotations

import httpx
import pytest

from idonethis.simulators.catalogue import TALKING
from idonethis.simulators.running import running

HTML = {"accept": "text/html"}


@pytest.fixture(params=TALKING, ids=lambda kind: kind.name)
def kind(request):
    return request.param


@pytest.fixture
def url(kind):
    with running(kind()) as url:
        yield url


def test_the_page_asks_what_to_say_where_the_partner_tells_of_it(kind, url):
    page = httpx.get(url).text
    assert f"Pretend {kind.title}" in page
    assert ('action="/_control/say"' in page) == (kind.talk.voice is not None)


def test_what_was_said_stands_in_the_room_under_its_person(kind, url):
    if kind.talk.voice is None:
        pytest.skip("It tells nobody of what is said.")
    room = next(iter(kind.talk.rooms))
    form = {"person": "grace", "room": room, "text": "done <b>"}
    back = httpx.post(f"{url}/_control/say", data=form, headers=HTML)
    assert back.headers["location"] == "/?said=Nobody+was+told."
    assert "<strong>Grace Hopper</strong> done &lt;b&gt;" in httpx.get(url).text


def test_nobody_speaks_in_a_room_that_is_not_there(kind, url):
    if kind.talk.voice is None:
        pytest.skip("It tells nobody of what is said.")
    for wrong in ({"room": "nowhere"}, {"person": "charles"}, {"message": 4711}):
        answer = httpx.post(f"{url}/_control/say", json={"text": "x", **wrong})
        assert answer.status_code == 400
