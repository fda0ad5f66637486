"""A new user and their assistant, at a server as people run it: one process, its own data."""

from __future__ import annotations

import re

import pytest

from tests.assisting import started, talk, with_token
from tests.installed import PASSWORDS, engines, install
from tests.person import Person
from tests.site import Site
from tests.typing_in import Terminal

pytestmark = pytest.mark.slow


@pytest.fixture
def site(tmp_path):
    site = install(Site(tmp_path / "data"), like=engines())
    site.env["BASE_URL"] = site.url
    yield site.start()
    site.stop()


@pytest.fixture
def person(site):
    person = Person(site).sign_in("ada@example.org", PASSWORDS["ada"])
    yield person
    person.close()


def token_of(person, *scopes):
    page = person.post("/settings/tokens", name="My assistant", scopes=scopes).text
    return re.search(r"idt_[\w-]{43}", page)[0]


def test_what_it_drafts_is_logged_when_its_person_says_yes(site, person, tmp_path):
    token = token_of(person, "read", "draft")
    terminal = Terminal(tmp_path / "home").log_in(site.url, token)
    said = {"text": "[x] Oiled the #mill", "team": "Engines", "key": "mill"}
    _, (drafted, again) = talk(started(terminal), "auto", ("log", said), ("log", said))
    assert drafted.structured_content["entry"] == again.structured_content["entry"]
    assert site.entries("engines") == []
    page = person.page("/me")
    assert "Suggested for you" in page and "from My assistant" in page
    person.post("/suggestions/accept", name=drafted.structured_content["entry"]["id"])
    (entry,) = site.entries("engines")
    assert entry["body"] == "Oiled the #mill"
    _, (day,) = talk(with_token(site.url, token), "legacy", ("day", {}))
    (told,) = day.structured_content["entries"]
    assert told["untrusted"]["text"] == "Oiled the #mill"
    assert told["untrusted"]["came_from"] == "My assistant"


def test_many_calls_at_once_are_each_answered(site, person):
    token = token_of(person, "read", "write")
    calls = [("log", {"text": f"Turned {number}", "team": "Engines"}) for number in range(20)]
    _, answers = talk(with_token(site.url, token), "auto", *calls, at_once=True)
    told = [each.structured_content["entry"]["untrusted"]["text"] for each in answers]
    assert told == [f"Turned {number}" for number in range(20)]
    assert len(site.entries("engines")) == 20
