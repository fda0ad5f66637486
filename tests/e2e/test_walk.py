"""The main job as a newcomer meets it, from the set-up link to the webhook that is gone again."""

from __future__ import annotations

import time

import pytest

from idonethis.simulators import visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def trouble(page):
    """What the browser complained about: scripts, policies, missing files, other origins."""
    found = []
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def channel(slack):
    return [m["text"] for m in visitor.act(slack, "messages", channel="done")["messages"]]


def eventually(check, *, within=5.0):
    until = time.monotonic() + within
    while not (found := check()):
        assert time.monotonic() < until, "It did not happen in time."
        time.sleep(0.05)
    return found


def set_up(page, site):
    page.goto(site.setup_link)
    page.fill("[name=name]", "Ada Lovelace")
    page.fill("[name=email]", "ada@example.org")
    page.fill("[name=password]", "difference-engine")
    page.fill("[name=team]", "Analytical Engines")
    page.click("text=Create account and team")
    page.wait_for_url("**/t/analytical-engines")


def connect(page, site, name, *, pick):
    page.goto(f"{site.url}/integrations")
    page.click(f"h3 >> text={name}")
    page.click("text=Add to I Done This")
    page.click(f"text=Continue to {name}")
    page.click("button:has-text('Authorize'), button:has-text('Allow')")
    page.wait_for_url(f"{site.url}/integrations/*/link*")
    page.select_option("[name=team]", label="Analytical Engines")
    page.check(f"label:has-text('{pick}') input[type=radio]")
    page.click("text=Create link")
    page.wait_for_url("**/t/analytical-engines/integrations*")


def test_from_set_up_to_a_log_that_fills_itself_and_speaks_back(page, site, github, slack, trouble):
    set_up(page, site)
    connect(page, site, "Slack", pick="#done")
    connect(page, site, "GitHub", pick="analytical/engine")
    row = page.locator("li", has_text="analytical/engine").first
    assert "merged pull requests" in row.inner_text()
    assert len(hooks_at(github)) == 1

    where = {"repository": "analytical/engine", "actor": "ada"}
    visitor.act(github, "open_pull_request", title="Fix the roof", **where)
    page.goto(f"{site.url}/t/analytical-engines")
    merged = time.monotonic()
    visitor.act(github, "merge_pull_request", method="squash", **where)
    said = "Merged “Fix the roof”"
    eventually(lambda: said in read_log(page, site), within=2 - passed(merged))
    page.reload()
    row = page.locator("article", has_text="Fix the roof")
    assert "Ada Lovelace" in row.inner_text()
    eventually(lambda: any("Fix the roof" in text for text in channel(slack)))
    assert len([text for text in channel(slack) if "roof" in text]) == 1

    row.locator("[data-open]").click()
    page.click("summary:has-text('Edit')")
    page.fill("[name=body]", "Mended the roof")
    page.click("text=Save")
    eventually(lambda: any("Mended the roof" in text for text in channel(slack)))
    assert not any("Fix the roof" in text for text in channel(slack))

    page.goto(f"{site.url}/t/analytical-engines/integrations")
    page.locator("li", has_text="analytical/engine").first.locator("text=Remove").first.click()
    page.locator("dialog[open] button", has_text="Remove").click()
    eventually(lambda: not hooks_at(github))
    assert trouble == []


def read_log(page, site):
    """As its page has it: another way to look, such as a command, may take seconds by itself."""
    return page.request.get(f"{site.url}/t/analytical-engines").text()


def passed(since):
    return time.monotonic() - since


def hooks_at(github):
    return visitor.act(github, "hooks")["hooks"]


def test_a_refusal_at_the_partner_changes_nothing_and_says_so(page, site, github):
    set_up(page, site)
    page.goto(f"{site.url}/integrations/github/link")
    page.click("text=Continue to GitHub")
    page.click("button:has-text('Cancel')")
    page.wait_for_url(f"{site.url}/auth/github/callback*")
    assert "Nothing was changed" in page.inner_text("main")
