"""What our scripts add to a page, in a real browser under the real content security policy."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from idonethis.ui.tests import urls

pytestmark = [
    pytest.mark.slow,
    pytest.mark.urls("idonethis.ui.tests.urls"),
    pytest.mark.django_db(transaction=True),
]

#: The browser's remark on a bare answer, which takes no part in the fading between pages.
LEFT_OUR_PAGES = "ViewTransition opt-in disabled"


@pytest.fixture
def visit(live_server, client, ada, context):
    """Opens a path as Ada; afterwards no script may have failed and nothing been blocked."""
    client.force_login(ada)
    session = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    complaints = []

    def visited(path="/page"):
        urls.logged.clear()
        page = context.new_page()
        page.on("pageerror", lambda error: LEFT_OUR_PAGES in str(error) or complaints.append(error))
        page.on(
            "console", lambda line: "Security Policy" in line.text and complaints.append(line.text)
        )
        page.goto(live_server.url + path)
        return page

    yield visited
    assert complaints == []


def entries():
    return [line for line in urls.logged if line != "poll"]


def compose(page, text):
    box = page.get_by_label("What did you get done?")
    box.fill(text)
    box.press("Enter")
    return box


def test_enter_logs_and_empties_the_box(visit):
    page = visit()
    box = compose(page, "Bound the retry queue")

    expect(page.locator("#rows .row")).to_have_count(3)
    expect(box).to_have_value("")
    expect(page.locator(".toast")).to_contain_text("Logged.")


def test_shift_enter_makes_a_new_line(visit):
    page = visit()
    box = page.get_by_label("What did you get done?")
    box.fill("one")
    box.press("Shift+Enter")

    expect(box).to_have_value("one\n")
    assert entries() == []


def test_each_entry_is_sent_under_a_name_of_its_own(visit):
    page = visit()
    compose(page, "one")
    expect(page.locator("#rows .row")).to_have_count(3)
    compose(page, "two")
    expect(page.locator("#rows .row")).to_have_count(4)

    first, second = (line.split()[0] for line in entries())
    assert first == "first" and re.fullmatch("[0-9a-f]{32}", second)


def test_undo_in_a_toast_posts(visit):
    page = visit()
    compose(page, "one")
    page.get_by_role("button", name="Undo").click()

    expect(page.locator(".toast")).to_contain_text("Taken back by POST.")


@pytest.mark.parametrize(
    ("status", "words", "retries"),
    [("500", "The server failed.", True), ("404", "That is no longer there.", False)],
)
def test_a_failure_is_told_and_spoils_nothing(visit, status, words, retries):
    page = visit()
    box = compose(page, status)

    toast = page.get_by_role("alert")
    expect(toast).to_contain_text(words)
    expect(toast.get_by_role("button", name="Try again")).to_have_count(int(retries))
    expect(page.locator("#rows .row")).to_have_count(2)
    expect(box).to_have_value(status)


def test_without_a_connection_the_text_stays_and_can_be_sent_again(visit, context):
    page = visit()
    context.set_offline(True)
    compose(page, "typed in a tunnel")
    expect(page.get_by_role("alert")).to_contain_text("The server did not answer.")

    context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#rows .row")).to_have_count(3)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert entries() == ["first typed in a tunnel"]


def test_a_draft_survives_a_reload(visit):
    page = visit()
    page.get_by_label("What did you get done?").fill("half a sen")
    page.reload()

    expect(page.get_by_label("What did you get done?")).to_have_value("half a sen")


def test_a_draft_is_let_go_once_it_is_logged(visit):
    page = visit()
    compose(page, "one")
    expect(page.locator("#rows .row")).to_have_count(3)
    page.reload()

    expect(page.get_by_label("What did you get done?")).to_have_value("")


def test_a_draft_survives_an_error_page(visit):
    page = visit()
    page.get_by_label("Again").fill("500")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Not for the list")).to_be_visible()
    page.go_back()

    expect(page.get_by_label("Again")).to_have_value("500")


def test_a_draft_sent_by_a_plain_form_is_let_go(visit):
    page = visit()
    page.get_by_label("Again").fill("two")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/add")
    page.goto(page.url.replace("/add", "/page"))

    expect(page.get_by_label("Again")).to_have_value("")


def test_signed_out_meanwhile_leads_to_the_sign_in_page(visit, context):
    page = visit()
    context.clear_cookies(name="session")
    compose(page, "login")

    page.wait_for_url(re.compile(r"/login/?\?next=%2Fpage$"))


def test_a_sequence_of_keys_follows_a_link(visit):
    page = visit()
    page.keyboard.press("g")
    page.keyboard.press("i")

    page.wait_for_url("**/integrations")


def test_a_key_prefers_the_page_to_the_bar_above_it(visit):
    page = visit()
    page.keyboard.press("/")

    expect(page.get_by_label("Search here")).to_be_focused()


def test_j_and_k_walk_the_rows_and_enter_opens_one(visit):
    page = visit()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#two")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")

    page.wait_for_url("**/page#opened-one")


def test_keys_are_letters_while_somebody_types(visit):
    page = visit()
    page.keyboard.press("n")
    page.keyboard.type("gi/?")

    expect(page.get_by_label("What did you get done?")).to_have_value("gi/?")


def test_keys_do_nothing_for_those_who_switched_them_off(visit, ada):
    ada.hotkeys = False
    ada.save()
    page = visit()
    page.keyboard.press("n")

    expect(page.get_by_label("What did you get done?")).not_to_be_focused()


def test_the_help_lists_the_keys_of_the_page(visit):
    page = visit()
    page.keyboard.press("?")

    help = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help).to_contain_text("What did you get done?")
    page.keyboard.press("Escape")
    expect(help).not_to_be_visible()


def test_a_copied_address_is_in_the_clipboard_and_said_aloud(visit, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit()
    page.get_by_role("button", name="Copy").click()

    expect(page.locator("#announce")).to_have_text("Copied")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "https://example.org/hook"


def test_a_hidden_tab_asks_for_nothing_until_it_is_seen(visit):
    page = visit()
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.wait_for_timeout(400)
    urls.logged.clear()
    page.wait_for_timeout(1000)
    assert urls.logged == []

    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(250)
    assert urls.logged


def test_a_picker_narrows_its_list(visit):
    page = visit("/dev/components")
    box = page.get_by_label("Search repositories").first
    choices = page.locator("#id_filled-repository_list .choice:visible")
    box.fill("mill")
    expect(choices).to_have_count(1)
    box.fill("nothing like it")

    expect(page.get_by_text("Nothing matches.").first).to_be_visible()


def test_a_password_can_be_looked_at(visit):
    page = visit("/dev/components")
    page.get_by_role("button", name="Show password").first.click()

    expect(page.locator("#id_filled-password")).to_have_attribute("type", "text")


def test_a_menu_closes_when_somebody_looks_elsewhere(visit):
    page = visit("/dev/components")
    menu = page.locator("details.menu", has_text="Everyone")
    menu.locator("summary").click()
    expect(menu.get_by_role("link", name="Everyone")).to_be_visible()
    page.get_by_role("heading", name="Components").click()

    expect(menu.get_by_role("link", name="Everyone")).not_to_be_visible()


def test_a_refused_form_is_read_from_its_summary(visit):
    page = visit("/dev/components")
    expect(page.locator(".summary")).to_be_focused()


def test_an_age_grows_while_the_page_is_open(visit, context):
    context.clock.install()
    page = visit("/dev/components")
    time = page.locator("time[data-relative]").first
    before = int(re.match(r"\D*(\d+)", time.inner_text())[1])
    context.clock.fast_forward("02:00")

    assert abs(int(re.match(r"\D*(\d+)", time.inner_text())[1]) - before) == 2


@pytest.mark.parametrize("path", ["/page", "/dev/components"])
def test_nothing_overflows_a_small_screen(visit, path):
    page = visit(path)
    page.set_viewport_size({"width": 360, "height": 740})

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_moves_while_the_page_loads(visit):
    page = visit("/dev/components")
    page.reload()
    moved = page.evaluate(
        """() => new Promise((done) => {
          let sum = 0;
          new PerformanceObserver((list) => list.getEntries().forEach((e) => (sum += e.value)))
            .observe({type: 'layout-shift', buffered: true});
          setTimeout(() => done(sum), 600);
        })"""
    )
    assert moved < 0.02
