"""A person says: my pull request of the day before yesterday is missing. Who runs the log knows
nothing about it, and finds out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from idonethis.simulators import visitor
from tests.e2e.test_walk import connect, eventually, set_up

pytestmark = pytest.mark.slow

REPOSITORY = "analytical/engine"
TWO_DAYS = 2 * 24 * 3600


class Hand:
    """Presses buttons and links, and counts."""

    def __init__(self, page):
        self.page = page
        self.presses = 0

    def press(self, words):
        self.presses += 1
        self.page.locator("main").get_by_text(words, exact=True).first.click()


@pytest.fixture
def merged(page, site, github):
    """Charles Babbage, whom nobody here knows, merged something two days ago."""
    set_up(page, site)
    connect(page, site, "GitHub", pick=REPOSITORY)
    visitor.act(github, "clock", forward=-TWO_DAYS)
    where = {"repository": REPOSITORY, "actor": "babbage"}
    opened = visitor.act(github, "open_pull_request", title="Mend the roof", **where)
    visitor.act(github, "merge_pull_request", method="squash", **where)
    visitor.act(github, "clock", forward=TWO_DAYS)
    site.settle()
    assert site.entries("analytical-engines") == []
    return f"{github}/{REPOSITORY}/pull/{opened['number']}"


def answer(page):
    return page.get_by_role("region", name="Answer").inner_text()


def test_from_a_missing_entry_to_its_reason_and_its_fix_in_four_clicks(page, site, merged):
    """Ends at the entry, on its original day."""
    day = datetime.now(UTC) - timedelta(days=2)
    hand = Hand(page)
    page.goto(f"{site.url}/t/analytical-engines")
    hand.press("Something missing?")
    page.get_by_label("What are you missing?").fill(merged)
    hand.press("Find it")
    page.wait_for_url("**/why?*")
    for step in ("Received", "signature fine", REPOSITORY, "pull_request.closed"):
        assert step in answer(page)
    assert "Nobody in this team is known as babbage." in answer(page)

    hand.press("Say who babbage is")
    page.wait_for_url("**/t/analytical-engines/unclaimed?*#person-*")
    page.get_by_label("Who babbage is").select_option(label="Ada Lovelace")
    ahead = page.get_by_text("would be read again, each on its day.")
    ahead.wait_for()
    assert "Merged “Mend the roof” (#1)" in page.locator("main").inner_text()
    assert site.entries("analytical-engines") == []
    hand.press("Assign")
    page.wait_for_url("**/why?*")
    assert hand.presses <= 4

    eventually(lambda: "In the log" in answer(page), within=20)
    assert "“Merged “Mend the roof” (#1)” of Ada Lovelace" in answer(page)
    assert f"logged for {day:%a} {day.day} {day:%b} {day.year}" in answer(page)
    (entry,) = site.entries("analytical-engines")
    assert (entry["name"], entry["day"]) == ("Ada Lovelace", day.date().isoformat())


def test_what_never_came_is_asked_for_from_the_same_page(page, site, github):
    """GitHub could not reach us this morning."""
    set_up(page, site)
    connect(page, site, "GitHub", pick=REPOSITORY)
    site.settle()
    (hook,) = visitor.read(github, "hooks")["hooks"]
    about = {"hook": hook["id"]}
    visitor.act(github, "edit_hook", **about, url="http://127.0.0.1:9/hook")
    where = {"repository": REPOSITORY, "actor": "ada"}
    opened = visitor.act(github, "open_pull_request", title="Mend the roof", **where)
    visitor.act(github, "merge_pull_request", method="squash", **where)
    visitor.act(github, "edit_hook", **about, url=hook["config"]["url"])

    hand = Hand(page)
    page.goto(f"{site.url}/t/analytical-engines")
    hand.press("Something missing?")
    page.get_by_label("What are you missing?").fill(
        f"{github}/{REPOSITORY}/pull/{opened['number']}"
    )
    hand.press("Find it")
    page.wait_for_url("**/why?*")
    assert "Nothing came or went that you may see" in answer(page)
    hand.press("Ask GitHub whether it tried")
    page.wait_for_url("**/why?*asked=*")
    eventually(lambda: "In the log" in answer(page), within=20)
    said = page.locator("main").inner_text()
    assert "GitHub tried 3 times" in said and "All of them are here now." in said
    assert hand.presses <= 4


def test_the_same_is_found_without_scripts_and_from_a_terminal(browser, page, site, merged):
    cookies = page.context.cookies()
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(cookies)
    page = plain.new_page()
    page.goto(f"{site.url}/t/analytical-engines/activity?result=attention")
    page.get_by_label("What are you missing?").fill(merged)
    page.get_by_role("button", name="Find it").click()
    said = page.get_by_role("region", name="Answer").inner_text()
    assert "Nobody in this team is known as babbage." in said
    told = site.told("why", merged)
    assert told["findings"][0]["remedy"]["fix"] == "match"
    assert told["findings"][0]["steps"][3:] == [
        "pull_request.closed",
        "Nobody in this team is known as babbage",
    ]
    plain.close()


def test_hooks_with_another_secret_are_seen_on_the_page_of_their_link(page, site):
    """Nothing of them is stored; the counting reaches the page from the running server."""
    set_up(page, site)
    made = site.told("link", "add", "webhook", "--team", "analytical-engines")
    for _ in range(3):
        answer = page.request.post(
            made["hook_url"], data={"text": "Forged"}, headers={"X-Webhook-Token": "guessed"}
        )
        assert answer.status == 401
    page.goto(f"{site.url}/links/{made['id']}")

    def told():
        page.reload()
        return "3 hooks were refused since" in page.inner_text("main")

    eventually(told, within=20)
    assert "Is the secret at Incoming webhook the one that the link shows?" in page.inner_text(
        "main"
    )
    assert site.told("receipts") == []
