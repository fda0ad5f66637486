"""A process that dies while a token is being renewed."""

from __future__ import annotations

import asyncio
import re

import pytest

from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import start
from idonethis.simulators.visitor import read
from tests.faults.test_away import LINK, eventually

pytestmark = pytest.mark.slow

TOKEN = "/login/oauth/access_token"


class Hesitant:
    """GitHub, whose tokens are always about to run out. While ``holds``, its token endpoint takes
    its time: before it does anything, or after it has done it."""

    def __init__(self, holds: str = "") -> None:
        self.github = GitHub(token_lifetime=30)
        self.holds, self.held = holds, asyncio.Event()

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["path"] != TOKEN or not self.holds:
            await self.github(scope, receive, send)
            return
        if self.holds == "after":
            await self.github(scope, receive, self._nowhere)
        self.held.set()
        self.holds = ""
        await asyncio.sleep(60)

    async def _nowhere(self, message):
        pass


@pytest.fixture
def hesitant():
    return Hesitant()


@pytest.fixture
def github(hesitant):
    running = start(hesitant)
    yield running.url
    running.stop()


def dies_while_renewing(site, person, page, hesitant, when):
    hesitant.holds = when
    person.post(f"{page}/resume")
    eventually(hesitant.held.is_set)
    site.kill()
    site.start()


def looked(github):
    """How often the webhooks were looked at, with a token that was taken."""
    calls = read(github, "journal?path=*/hooks")["calls"]
    return len([call for call in calls if call["method"] == "GET" and call["status"] == 200])


def test_who_comes_next_renews_it_where_the_partner_had_not_begun(site, people, github, hesitant):
    people["ada"].connect("github", "ada")
    page = people["ada"].link("github", **LINK)
    before = looked(github)
    dies_while_renewing(site, people["ada"], page, hesitant, "before")
    eventually(lambda: looked(github) > before)
    text = people["ada"].page(page)
    assert "Active" in text or "Waiting for the first event" in text
    assert "needs you" not in text
    assert site.stop() == 0


def test_a_token_that_was_lost_on_the_way_is_one_incident(site, people, github, hesitant):
    people["ada"].connect("github", "ada")
    page = people["ada"].link("github", **LINK)
    dies_while_renewing(site, people["ada"], page, hesitant, "after")
    eventually(lambda: "GitHub needs you: connect it again" in people["ada"].page(page))
    eventually(lambda: len(subjects(site)) >= 2)
    assert sorted(subjects(site)) == [
        ("ada@example.org", "GitHub needs you: connect it again"),
        ("grace@example.org", "GitHub needs you: connect it again"),
    ]
    people["ada"].connect("github", "ada", link=page.rpartition("/")[2])
    assert "needs you" not in people["ada"].page(page)
    eventually(lambda: len(subjects(site)) >= 4)
    assert site.stop() == 0
    assert len(subjects(site)) == 4


def subjects(site):
    """The mails of a server without a mail server stand in its terminal."""
    text = site.log.read_text()
    return [
        (to, subject)
        for subject, to in re.findall(r"^Subject: (.+)\nFrom: .+\nTo: (.+)$", text, re.MULTILINE)
    ]
