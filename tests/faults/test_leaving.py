"""Somebody leaves while events flow through a webhook that their account had made: none is lost."""

from __future__ import annotations

import re
import threading

import pytest

from idonethis.simulators.visitor import read
from tests.faults.test_away import LINK, bodies, closes_an_issue, eventually

pytestmark = pytest.mark.slow


class Work:
    """Grace closes one issue after the other."""

    def __init__(self, github: str) -> None:
        self.github, self.titles, self.stopping = github, [], threading.Event()
        self.thread = threading.Thread(target=self._work)

    def _work(self) -> None:
        while not self.stopping.is_set():
            title = f"Tooth {len(self.titles):04}"
            closes_an_issue(self.github, title, actor="grace")
            self.titles.append(title)

    def since(self, count: int) -> bool:
        return len(self.titles) >= count

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join()


def statuses(github: str) -> set[str]:
    """How the last try of each delivery ended. The ping may be quicker than its link, and is then
    told to come again."""
    [hook] = read(github, "hooks")["hooks"]
    told = [each for each in hook["deliveries"] if each["event"] != "ping"]
    tries = sorted(told, key=lambda each: each["id"])
    return {each["status"] for each in {each["guid"]: each for each in tries}.values()}


def test_nothing_is_lost_while_a_link_is_handed_over(site, people, github):
    people["ada"].connect("github", "ada")
    people["grace"].connect("github", "grace")
    page = people["ada"].link("github", **LINK)
    [before] = read(github, "hooks")["hooks"]
    work = Work(github)
    work.thread.start()
    eventually(lambda: work.since(20))

    text = people["grace"].page("/t/engines/people")
    ada = re.search(r'remove-(\w+)-title">Remove Ada\?', text)[1]
    people["grace"].post(f"/t/engines/people/{ada}/remove")
    assert "404" in people["ada"].page(page) or "not there" in people["ada"].page(page)
    left = len(work.titles)
    eventually(lambda: "Active" in people["grace"].page(page))
    eventually(lambda: work.since(left + 40))
    work.stop()

    site.settle(60)
    logged = bodies(site)
    missing = [title for title in work.titles if not any(title in body for body in logged)]
    assert missing == [] and len(logged) == len(work.titles)
    eventually(lambda: statuses(github) == {"OK"})
    [after] = read(github, "hooks")["hooks"]
    assert (after["id"], after["config"]["url"]) == (before["id"], before["config"]["url"])
    calls = read(github, "journal?path=*/hooks*")["calls"]
    assert calls[-1]["account"] == "grace"
    print(f"{len(work.titles)} issues closed, {left} of them before Ada left; all are logged")
