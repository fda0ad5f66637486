"""The pages of people and teams in a real browser: nothing is blocked, nothing sticks out."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from idonethis.accounts import setup
from idonethis.accounts.models import User
from idonethis.teams.models import Team

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/settings",
    "/settings/connections",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/logout/",
    "/teams/new",
    "/t/analytical-engines/settings",
    "/t/analytical-engines/people",
    "/t/analytical-engines/integrations",
]
ENTRANCE = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-wrong/",
]


@pytest.fixture
def phone(new_context, live_server):
    """A narrow browser in India; afterwards nothing may have failed or been blocked."""
    context = new_context(
        base_url=live_server.url,
        viewport={"width": 360, "height": 740},
        timezone_id="Asia/Kolkata",
        reduced_motion="reduce",
    )
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: "Policy" in said.text and complaints.append(said.text))
    yield page
    assert complaints == []


@pytest.fixture
def as_ada(phone, live_server, client, ada):
    EmailAddress.objects.create(user=ada, email=ada.email, primary=True, verified=True)
    Team.objects.personal(ada)
    client.force_login(ada)
    session = client.cookies["session"].value
    phone.context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    return phone


def sticks_out(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_on_a_phone(as_ada, team, invitation, path):
    as_ada.goto(path)
    assert as_ada.locator("h1").count() == 1
    assert not sticks_out(as_ada)


@pytest.mark.parametrize("path", ENTRANCE)
def test_the_entrance_fits_on_a_phone(phone, ada, path):
    phone.goto(path)
    assert phone.locator("h1").count() == 1
    assert not sticks_out(phone)


def test_set_up_guesses_the_time_zone(phone, live_server, tmp_path, monkeypatch):
    monkeypatch.setenv("IDONETHIS_DATA", str(tmp_path))
    phone.goto(setup.setup_url().replace("http://testserver", ""))
    phone.get_by_label("Your name").fill("Ada Lovelace")
    phone.get_by_label("Mail address").fill("ada@example.org")
    password = phone.get_by_label("Password", exact=True)
    password.fill("difference-engine")
    phone.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    phone.get_by_label("Name of your team").fill("Analytical Engines")
    phone.get_by_role("button", name="Create account and team").click()
    expect(phone).to_have_url(f"{live_server.url}/t/analytical-engines")
    assert User.objects.get().time_zone in ("Asia/Kolkata", "Asia/Calcutta")


def test_the_picture_for_the_authenticator_app_is_drawn(as_ada):
    as_ada.goto("/accounts/2fa/totp/activate/")
    as_ada.get_by_label("Password", exact=True).fill("engine")
    as_ada.get_by_role("button", name="Continue").click()
    picture = as_ada.locator("img.qr")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 0


def test_a_member_is_removed_after_a_question(as_ada, team, grace):
    as_ada.goto(f"/t/{team.slug}/people")
    row = as_ada.get_by_role("listitem").filter(has_text="Grace Hopper")

    def ask():
        row.locator("summary").click()
        row.get_by_role("button", name="Remove from the team").click()

    ask()
    question = as_ada.get_by_role("dialog", name="Remove Grace Hopper?")
    question.get_by_role("button", name="Keep them").click()
    expect(question).to_be_hidden()
    assert team.has_member(grace)
    ask()
    question.get_by_role("button", name="Remove").click()
    expect(as_ada.locator(".toast")).to_contain_text("no longer belongs to")
    assert not team.has_member(grace)


def test_a_withdrawn_invitation_comes_back_by_undo(as_ada, team, invitation):
    as_ada.goto(f"/t/{team.slug}/people")
    as_ada.get_by_role("button", name="Withdraw").click()
    expect(as_ada.get_by_text("/join/")).to_have_count(0)
    as_ada.get_by_role("button", name="Undo").click()
    expect(as_ada.get_by_text("/join/")).to_have_count(1)
