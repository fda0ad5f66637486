"""The mapping of a link in a real browser: what is typed is previewed, what is saved behaves so."""

from __future__ import annotations

import os

import orjson
import pytest
from playwright.sync_api import expect

from idonethis.entries.models import Entry
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.values import Hook

#: Playwright's synchronous interface runs an event loop, which the ORM would else refuse.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

BUILD = {"build": {"title": "Nightly build is green", "by": "ada@example.org"}}


@pytest.fixture
def link(team, ada) -> IntegrationLink:
    return IntegrationLink.objects.create(integration_type="webhook", team=team, user=ada)


@pytest.fixture
def arrive(link):
    def call(content: object, key: str) -> None:
        hook = Hook(orjson.dumps(content), {"content-type": "application/json"})
        store([Row("webhook", link.pk, key, "", hook, dict(hook.headers))])
        while Receipt.drain():
            pass

    return call


def opened(browser, live_server, client, link, **options):
    page = browser.new_context(**options).new_page()
    session = client.cookies["session"].value
    cookie = {"name": "session", "value": session, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(live_server.url + link.get_absolute_url())
    return page


@pytest.mark.parametrize("scripts", [True, False], ids=["live", "by the button"])
def test_what_is_previewed_is_what_happens(
    scripts, browser, live_server, client, ada, link, arrive
):
    arrive(BUILD, "first")
    client.force_login(ada)
    page = opened(browser, live_server, client, link, java_script_enabled=scripts)
    expect(page.locator("#last-body")).to_contain_text("Nightly build is green")
    expect(page.locator("#captures")).to_contain_text("There is no text at")

    page.get_by_label("Text").fill("build.title")
    if not scripts:
        page.get_by_role("button", name="Preview").click()
    expect(page.locator("#captures")).to_contain_text("Nightly build is green")
    link.refresh_from_db()
    assert (link.config, Entry.objects.count()) == ({}, 0)

    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{link.get_absolute_url()}?differ=1")
    arrive(BUILD, "second")
    assert Entry.objects.get().body == "Nightly build is green"


def test_a_value_that_is_pressed_says_where_it_stands(
    browser, live_server, client, ada, link, arrive
):
    arrive(BUILD, "first")
    client.force_login(ada)
    page = opened(browser, live_server, client, link)
    page.get_by_role("button", name="build.title").click()
    expect(page.get_by_label("Text")).to_have_value("build.title")
    expect(page.locator("#captures")).to_contain_text("Nightly build is green")
    page.locator("#id_person").focus()
    page.get_by_role("button", name="build.by").click()
    expect(page.locator("#id_person")).to_have_value("build.by")
    expect(page.get_by_label("Text")).to_have_value("build.title")


def test_an_expression_that_is_none_says_so_while_it_is_typed(
    browser, live_server, client, ada, link
):
    client.force_login(ada)
    page = opened(browser, live_server, client, link)
    page.get_by_label("Text").fill("build.[")
    expect(page.locator("#captures")).to_contain_text("no JMESPath")
    expect(page.get_by_label("Text")).to_be_focused()
