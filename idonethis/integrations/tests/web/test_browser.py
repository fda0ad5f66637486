"""The pages in a real browser, under the real content security policy, against a partner on another
origin."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import expect

from idonethis.accounts.models import User
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.models import Attempt, Delivery, IntegrationLink, IntegrationUser
from idonethis.integrations.tests.coming import work_off
from idonethis.integrations.tests.web.conftest import casts, work

#: Playwright's synchronous interface runs an event loop, which the ORM would else refuse.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visit(live_server, settings, foundry, as_ada, page):
    """Opens a path as Ada; afterwards no script may have failed and nothing been blocked."""
    settings.BASE_URL = live_server.url
    session = as_ada.cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: line.type == "error" and complaints.append(line.text))

    def visited(path):
        page.goto(live_server.url + path)
        return page

    yield visited
    kept = [text for text in complaints if not re.search("status of 4|ViewTransition", text)]
    assert kept == []


def test_from_the_catalogue_to_the_partner_and_back_to_a_link(visit, foundry, world, live_server):
    page = visit("/integrations?team=analytical-engines")
    page.get_by_role("link", name="Foundry").click()
    page.get_by_role("link", name="Add to I Done This").click()
    page.get_by_role("button", name="Continue to Foundry").click()
    page.wait_for_url(f"{foundry.address('web')}/authorize?**")
    page.get_by_role("button", name="Let it in").click()
    page.wait_for_url(f"{live_server.url}/integrations/foundry/link?**")

    page.get_by_label("Search forge").press_sequentially("engine")
    expect(page.locator("#id_forge_list label")).to_have_count(1)
    page.get_by_text("ada/engine").click()
    page.get_by_label("Brass castings").check()
    expect(page.locator("#restated")).to_contain_text("ada/engine → Analytical Engines")
    expect(page.locator("#restated")).to_contain_text("Castings of iron and brass become dones.")
    page.get_by_role("button", name="Create link").click()

    page.wait_for_url("**/t/analytical-engines/integrations?made=*#link-*")
    expect(page.locator(".toast")).to_contain_text("ada/engine is linked to Analytical Engines.")
    assert IntegrationLink.objects.get().config["metals"] == ["iron", "brass"]
    assert len(world.hooks) == 1


def test_another_account_keeps_what_was_chosen(visit, account, foundry, live_server, world):
    page = visit("/integrations/foundry/link")
    page.get_by_text("ada/engine").click()
    page.get_by_label("Brass castings").check()
    world.signed_in = "1906"
    page.get_by_role("button", name="Use another account").click()
    page.get_by_role("button", name="Let it in").click()
    page.wait_for_url(f"{live_server.url}/integrations/foundry/link?**")
    expect(page.get_by_text("Connected as grace-h")).to_be_visible()
    expect(page.get_by_label("Brass castings")).to_be_checked()
    expect(page.locator("input[value='ada/engine']")).to_be_checked()


def test_who_cancels_may_try_again(visit, foundry, live_server):
    page = visit("/integrations/foundry/link?team=analytical-engines")
    page.get_by_role("button", name="Continue to Foundry").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="Foundry is not connected")).to_be_visible()
    page.get_by_role("link", name="Try again").click()
    page.wait_for_url("**/integrations/foundry/link?team=analytical-engines")


def test_the_catalogue_is_searched_while_one_types(visit):
    page = visit("/integrations")
    page.keyboard.press("/")
    page.keyboard.type("castings")
    expect(page.locator(".tile")).to_have_count(1)
    page.wait_for_url("**/integrations?q=castings*")
    page.get_by_label("Search integrations").fill("zzz")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()


def test_the_catalogue_is_narrowed_by_category_and_by_what_it_does(visit):
    page = visit("/integrations")
    page.get_by_role("radio", name="Code").check()
    expect(page.locator(".tile")).to_have_count(1)
    page.wait_for_url("**category=Code*")
    page.get_by_label("What it does").select_option("Sets up its webhooks")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.reload()
    expect(page.get_by_role("radio", name="Code")).to_be_checked()


def test_a_broken_link_is_reconnected_from_its_page(visit, link, world, foundry, live_server):
    link.integration_user.needs_reconnect("It was revoked there.")
    page = visit(f"/links/{link.hash_id}")
    page.get_by_role("button", name="Reconnect").click()
    page.get_by_role("button", name="Let it in").click()
    page.wait_for_url(f"{live_server.url}/links/{link.hash_id}")
    expect(page.locator(".toast").first).to_contain_text("1 link runs again.")


def test_what_comes_in_appears_by_itself(visit, link):
    page = visit(f"/links/{link.hash_id}")
    expect(page.get_by_text("Waiting for the first event.")).to_be_visible()
    casts(link)
    expect(page.get_by_role("link", name="Cast a gear")).to_be_visible(timeout=8000)
    expect(page.locator("#health")).to_contain_text("Last in")


def test_rules_are_tried_while_one_chooses_and_change_the_log_when_asked(visit, link, grace):
    IntegrationUser.objects.create(integration_type="foundry", uid="1906", user=grace)
    casts(link, "1815", key="1", body="Cast a gear")
    casts(link, "1906", key="2", body="Cast a wheel")
    page = visit(f"/links/{link.hash_id}/edit")
    rows = page.locator("#captures tbody tr")
    expect(rows.filter(has_text="Cast a wheel")).to_contain_text("Stays")
    expect(page.get_by_text("These people", exact=True)).to_be_hidden()
    page.get_by_label("Everybody’s but that of these people").check()
    page.get_by_label("Grace Hopper").check()
    expect(rows.filter(has_text="Cast a wheel")).to_contain_text("Would drop")
    expect(rows.filter(has_text="Cast a gear")).to_contain_text("Stays")
    expect(page.locator("#captures")).to_contain_text("everybody in the team but Grace Hopper.")
    assert Entry.objects.alive().count() == 2
    page.get_by_role("button", name="Save, and change the log, too").click()
    page.wait_for_url("**/jobs/*")
    work_off()
    assert [each.body for each in Entry.objects.alive()] == ["Cast a gear"]


def test_what_is_suggested_is_logged_and_undone_by_its_person(visit, link):
    link.config |= {"how": "suggest"}
    link.save()
    casts(link, body="Cast a gear")
    page = visit("/t/analytical-engines")
    page.get_by_role("button", name="Log: Cast a gear").click()
    expect(page.locator(".toast").first).to_contain_text("1 suggestion is logged.")
    work()
    assert Entry.objects.alive().count() == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#suggested")).to_contain_text("Cast a gear")
    work()
    assert not Entry.objects.alive().exists()
    page.get_by_role("button", name="Dismiss: Cast a gear").click()
    expect(page.locator("#suggested")).to_have_count(0)


def test_removing_asks_first(visit, link, world):
    page = visit("/t/analytical-engines/integrations")
    page.get_by_role("button", name="Remove").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The webhook that we added to ada/engine at Foundry")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Remove").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(page.locator(".toast").first).to_contain_text("ada/engine is removed.")
    assert not IntegrationLink.objects.standing().exists()


def test_everything_works_without_scripts(browser, live_server, settings, account, as_ada, world):
    settings.BASE_URL = live_server.url
    context = browser.new_context(java_script_enabled=False)
    session = as_ada.cookies["session"].value
    context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/integrations")
    page.get_by_label("Search integrations").fill("castings")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".tile")).to_have_count(1)

    page.goto(f"{live_server.url}/integrations/foundry/link")
    page.get_by_label("Search forge").fill("engine")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("ada/engine").click()
    page.get_by_role("button", name="Create link").click()
    page.wait_for_url("**/t/analytical-engines/integrations*")
    page.get_by_role("button", name="Remove without asking").click()
    expect(page.get_by_text("Nothing is linked yet")).to_be_visible()
    assert not IntegrationLink.objects.standing().exists()
    context.close()


@pytest.mark.parametrize("width", [360, 1200])
def test_no_page_is_wider_than_its_window(visit, page, link, ada, team, width):
    User.objects.filter(pk=ada.pk).update(is_staff=True)
    casts(link, "4711", login="somebody-with-a-remarkably-long-login-at-the-partner")
    page.set_viewport_size({"width": width, "height": 740})
    one = "/integrations/foundry"
    for path in (
        *("/integrations", "/integrations?q=zzz", one, f"{one}/setup", f"{one}/link"),
        *(f"{one}/link?by=hand", "/auth/foundry/callback", "/settings/connections"),
        *("/t/analytical-engines/integrations", "/t/analytical-engines/unclaimed"),
        *(f"/links/{link.hash_id}", f"/links/{link.hash_id}/edit"),
    ):
        visit(path)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, path


def test_an_attempt_that_was_unfolded_stays_so_while_the_page_looks_again(
    visit, link, team, ada, world
):
    world.out = 503
    Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    for _ in range(2):
        link.rest(None)
        Delivery.objects.start_over()
        Delivery.drain()
    second, first = Attempt.objects.all()
    page = visit(f"/deliveries/{first.delivery_id}")
    newer, older = page.locator(f"#attempt-{second.pk}"), page.locator(f"#attempt-{first.pk}")
    expect(newer.get_by_role("heading", name="What Foundry answered")).to_be_visible()
    expect(older.get_by_text("What was asked")).to_be_hidden()
    older.locator("> summary").click()
    older.get_by_text("As a command").click()
    expect(older.locator(".payload").last).to_contain_text('"$ACCESS_TOKEN"')
    world.out = None
    link.rest(None)
    Delivery.objects.start_over()
    Delivery.drain()
    expect(page.locator(".attempt")).to_have_count(3, timeout=10_000)
    expect(older.locator(".payload").last).to_be_visible()
