"""The page of one link: how it is, what came and went, and what may be done about it."""

from __future__ import annotations

import re

import pytest

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.http import Gone, NeedsPermission
from idonethis.integrations.models import Delivery, IntegrationLink, IntegrationUser
from idonethis.integrations.tests.coming import work_off
from idonethis.integrations.tests.web.conftest import casts, connect, create

pytestmark = pytest.mark.django_db


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


def page_of(browser, link):
    return shown(browser.get(f"/links/{link.hash_id}"))


def fields_of(page):
    """What the button that reads again sends along."""
    return {"outcomes": re.findall(r'name="outcomes" value="(\w+)"', page)}


def press(browser, link, button):
    return shown(browser.post(f"/links/{link.hash_id}/{button}", follow=True))


@pytest.fixture
def by_hand(as_ada, foundry):
    create(as_ada, by="hand")
    return IntegrationLink.objects.get()


def test_a_link_that_nothing_came_by_waits(as_ada, by_hand):
    page = page_of(as_ada, by_hand)
    assert "ada/engine → Analytical Engines" in page
    assert "Waiting for the first event" in page


def test_what_came_in_shows_what_it_became(as_ada, link):
    casts(link, key="1", body="Cast a gear")
    casts(link, key="2", who="4711", login="stoker")
    page = page_of(as_ada, link)
    entry = Entry.objects.get()
    assert f'<a href="/e/{entry.hash_id}">Cast a gear</a>' in page
    assert "Logged" in page and "Unmatched" in page
    assert "Nobody in this team is known as stoker." in page
    assert 'href="/t/analytical-engines/unclaimed"' in page


def test_what_went_out_shows_how_far_it_is(as_ada, link, team, ada, world):
    Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    assert "Waiting" in page_of(as_ada, link)
    Delivery.drain()
    page = page_of(as_ada, link)
    assert "Oiled the mill" in page and "Sent" in page
    world.out = 503
    Entry.objects.log(Draft(body="Oiled it again"), team=team, user=ada)
    Delivery.drain()
    page = page_of(as_ada, link)
    assert "Trying again" in page and "answered 503" in page


def test_htmx_gets_what_came_and_went_alone(as_ada, link):
    response = as_ada.get(f"/links/{link.hash_id}", headers={"HX-Request": "true"})
    assert "What came in" in shown(response) and "<html" not in shown(response)
    assert "HX-Request" in response["Vary"]


def test_the_entry_page_says_where_an_entry_went(as_ada, link, team, ada):
    entry = Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    Delivery.drain()
    page = shown(as_ada.get(f"/e/{entry.hash_id}"))
    assert "Foundry ada/engine" in page and "Sent" in page


# Its secret.


def test_the_secret_is_shown_when_asked_for_and_nowhere_else(as_ada, by_hand):
    secret = str(by_hand.signing_secret)
    page = page_of(as_ada, by_hand)
    assert by_hand.hook_url in page and secret not in page
    response = as_ada.post(f"/links/{by_hand.hash_id}/secret")
    assert secret in shown(response) and response["Cache-Control"] == "no-store"
    assert secret not in page_of(as_ada, by_hand)
    assert secret not in str(dict(as_ada.session))


def test_who_does_not_manage_a_link_sees_no_address(as_grace, by_hand):
    page = page_of(as_grace, by_hand)
    assert by_hand.hook_url not in page and "Remove" not in page and "Pause" not in page


def test_a_webhook_that_was_made_needs_no_address(as_ada, link):
    page = page_of(as_ada, link)
    assert "was made for you" in page and link.hook_url not in page
    assert link.registered_hook.url not in page


# Pausing.


def test_what_came_during_a_pause_can_be_logged_after_it(as_ada, link):
    press(as_ada, link, "pause")
    casts(link)
    page = page_of(as_ada, link)
    assert "Paused" in page and not Entry.objects.exists()
    assert "The link is paused." in page and "Try it again" not in page

    page = press(as_ada, link, "resume")
    assert "runs again" in page and "1 event made no entry and might by now." in page
    begun = as_ada.post(f"/links/{link.hash_id}/replay", {**fields_of(page), "begin": "1"})
    work_off()
    assert "1</strong> entry made" in shown(as_ada.get(begun["Location"]))
    assert Entry.objects.get().body == "Cast a gear"


def test_nothing_goes_out_during_a_pause(as_ada, link, team, ada):
    press(as_ada, link, "pause")
    Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    assert not Delivery.objects.exists()


# Trouble.


def test_trouble_is_told_with_what_to_do(as_ada, as_grace, link, team, ada):
    link.troubled_by(NeedsPermission("The app may not post there. Ask its owner."))
    page = page_of(as_ada, link)
    assert "Needs permission" in page and "The app may not post there. Ask its owner." in page
    assert "Ask for the permission" in page and "It is put right, try again" in page
    page = page_of(as_grace, link)
    assert "Ask Ada Lovelace to put it right." in page and "It is put right" not in page


def test_what_was_held_goes_out_once_it_is_put_right(as_ada, link, team, ada, world):
    world.out = 403
    Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    Delivery.drain()
    assert Delivery.objects.get().state == "held"
    world.out = None
    assert "1 held entry goes out." in press(as_ada, link, "resume")
    Delivery.drain()
    assert list(world.posts.values()) == ["Oiled the mill"]


def test_another_target_ends_the_trouble_with_the_one_before(as_ada, link, team, ada, world):
    link.troubled_by(Gone("The forge is torn down."))
    Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    Delivery.drain()
    assert Delivery.objects.get().state == "held"
    fields = {"forge": "ada/engine", "metals": ["iron", "brass"]}
    as_ada.post(f"/links/{link.hash_id}/edit", fields)
    assert IntegrationLink.objects.get().state == "target_gone"
    as_ada.post(f"/links/{link.hash_id}/edit", {**fields, "forge": "ada/other"})
    assert IntegrationLink.objects.get().state == "active"
    Delivery.drain()
    assert list(world.posts.values()) == ["Oiled the mill"]


# Who may do what to it.

BUTTONS = ["pause", "resume", "replay", "past", "secret", "secret/rotate", "secret/end", "edit"]


@pytest.mark.parametrize("button", BUTTONS)
def test_a_member_does_not_change_the_link_of_somebody_else(as_grace, link, button):
    before = IntegrationLink.objects.values().get()
    assert as_grace.post(f"/links/{link.hash_id}/{button}").status_code == 403
    assert IntegrationLink.objects.values().get() == before


def test_a_member_manages_their_own_link(as_ada, as_grace, account, world):
    connect(as_grace, world, who="1906")
    create(as_grace)
    link = IntegrationLink.objects.get()
    assert "is paused" in press(as_grace, link, "pause")
    assert "runs again" in press(as_ada, link, "resume")


def test_who_left_the_team_no_longer_manages_it(as_ada, as_grace, account, world, team, grace):
    connect(as_grace, world, who="1906")
    create(as_grace)
    team.memberships.filter(user=grace).delete()
    link = IntegrationLink.objects.get()
    assert as_grace.post(f"/links/{link.hash_id}/pause").status_code == 404


# On the pages of others.


def test_the_connections_of_a_person_are_listed(as_ada, account):
    page = shown(as_ada.get("/settings/connections"))
    assert "Foundry: <strong>ada-l</strong>" in page and "signed in there" in page


def test_a_connection_that_ended_offers_to_connect_again(as_ada, account):
    IntegrationUser.objects.get().needs_reconnect("It was revoked there.")
    page = shown(as_ada.get("/settings/connections"))
    assert "It was revoked there." in page and "Connect again" in page


def test_the_links_of_another_team_are_listed_nowhere(as_mallory, link):
    for path in ("/integrations", "/integrations/foundry", "/t/night-shift/integrations"):
        assert "ada/engine" not in shown(as_mallory.get(path))


def test_a_partner_may_add_a_part_of_its_own(as_ada, by_hand, foundry, tmp_path, monkeypatch):
    part = tmp_path / "templates" / "foundry" / "link.html"
    part.parent.mkdir(parents=True)
    part.write_text("<p>Heat {{ link.short_name }}, {{ unset }}{{ evil }}</p>")
    monkeypatch.setattr("idonethis.integrations.registry.folder", lambda integration: tmp_path)
    assert "<p>Heat ada/engine, </p>" in page_of(as_ada, by_hand)
