"""A partner that does not send again, and a server that was away: nothing is missed or doubled."""

from __future__ import annotations

import time

import pytest

from idonethis.simulators.visitor import act, read

pytestmark = pytest.mark.slow

ENGINE = "analytical/engine"
LINK = {"team": "engines", "repository": ENGINE, "events": "issues", "private": "title"}


def eventually(check, *, within: float = 60):
    until = time.monotonic() + within
    while not (found := check()):
        assert time.monotonic() < until, "It did not happen in time."
        time.sleep(0.2)
    return found


def closes_an_issue(github: str, title: str, actor: str = "ada") -> None:
    number = act(github, "open_issue", repository=ENGINE, actor=actor, title=title)["number"]
    act(github, "close_issue", repository=ENGINE, actor=actor, number=number)


def bodies(site) -> list[str]:
    return [entry["body"] for entry in site.entries("engines")]


def test_what_was_sent_while_we_were_down_is_logged_once_after_the_start(site, people, github):
    people["ada"].connect("github", "ada")
    page = people["ada"].link("github", **LINK)
    closes_an_issue(github, "Before")
    site.kill()
    for title in ("First", "Second", "Third"):
        closes_an_issue(github, title)
    [hook] = read(github, "hooks")["hooks"]
    assert [each["status"] == "OK" for each in hook["deliveries"][:6]] == [False] * 6

    site.start()
    eventually(lambda: len(bodies(site)) == 4)
    site.settle()
    for title in ("Before", "First", "Second", "Third"):
        assert len([body for body in bodies(site) if title in body]) == 1, bodies(site)
    asked = read(github, "journal?path=*/attempts")["calls"]
    assert len(asked) == 6
    text = people["ada"].page(page)
    assert "GitHub had 6 deliveries that did not reach us between" in text

    site.kill()
    site.start()
    time.sleep(15)
    assert len(bodies(site)) == 4
    assert len(read(github, "journal?path=*/attempts")["calls"]) == 6
    assert site.stop() == 0
