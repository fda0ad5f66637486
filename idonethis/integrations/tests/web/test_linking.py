"""Making, changing and removing links: here and at the partner, whole or not at all."""

from __future__ import annotations

import re

import pytest

from idonethis.integrations.models import IntegrationLink, IntegrationUser, RegisteredHook
from idonethis.integrations.tests.web.conftest import connect, create
from idonethis.teams.models import Membership, Team

pytestmark = pytest.mark.django_db

FORM = "/integrations/foundry/link"


#: What a link holds that says nothing about rules.
NO_RULES = {"how": "log", "who": "everybody", "people": []}


def shown(response):
    return response.content.decode()


def drain():
    while RegisteredHook.drain():
        pass


@pytest.fixture
def grown(team, ada):
    """Ada's second team."""
    second = Team.objects.create(name="Difference Engines")
    second.join(ada)
    return second


# The form.


def test_without_an_account_there_is_first_a_way_to_connect(as_ada, foundry):
    page = shown(as_ada.get(f"{FORM}?team=analytical-engines"))
    assert "Continue to Foundry" in page and 'name="team" value="analytical-engines"' in page
    assert "Your forges, to pick one" in page


def test_the_pages_with_the_button_let_it_leave_for_the_partner_alone(as_ada, foundry):
    policy = as_ada.get(FORM)["Content-Security-Policy"]
    assert f"form-action 'self' {foundry.address('web')};" in policy + ";"
    assert foundry.address("web") not in as_ada.get("/integrations")["Content-Security-Policy"]


def test_the_form_offers_the_teams_in_which_one_writes(as_ada, account, grown, ada):
    watched = Team.objects.create(name="Watched")
    watched.join(ada, Membership.Role.OBSERVER)
    page = shown(as_ada.get(f"{FORM}?team=difference-engines"))
    assert re.search(r'<option value="difference-engines"\s+selected', page)
    assert '<option value="analytical-engines"' in page
    assert '<option value="watched"' not in page and '<option value="night-shift"' not in page


def test_what_may_not_be_picked_is_greyed_with_the_reason(as_ada, account):
    page = shown(as_ada.get(FORM))
    assert re.search(r'value="babbage/mill"[^>]*disabled', page)
    assert "You hold no key to it." in page
    assert not re.search(r'value="ada/engine"[^>]*disabled', page)


def test_the_search_asks_the_partner(as_ada, account):
    found = shown(as_ada.get(f"{FORM}/choices?field=forge&account={account.hash_id}&q=mill"))
    assert "babbage/mill" in found and "ada/engine" not in found
    none = shown(as_ada.get(f"{FORM}/choices?field=forge&account={account.hash_id}&q=zzz"))
    assert "Nothing matches" in none


def test_the_search_works_without_scripts(as_ada, account):
    chosen = {"team": "analytical-engines", "metals": ["brass"], "q": "mill", "search": "1"}
    response = as_ada.post(FORM, {**chosen, "account": account.hash_id})
    page = shown(response)
    assert response.status_code == 200 and not IntegrationLink.objects.exists()
    assert "babbage/mill" in page and 'value="ada/cold"' not in page
    assert re.search(r'value="brass"[^>]*checked', page)


@pytest.mark.parametrize("status", [500, 403, 401])
def test_where_the_partner_does_not_answer_one_may_type(as_ada, account, world, status):
    world.out = status
    page = shown(as_ada.get(FORM))
    assert "Type it in full instead" in page
    assert re.search(r'<input type="text" name="forge"', page)
    found = shown(as_ada.get(f"{FORM}/choices?field=forge&account={account.hash_id}&q=ada/engine"))
    assert '<input name="forge" value="ada/engine"' in found


def test_nobody_searches_with_the_account_of_somebody_else(as_mallory, account):
    response = as_mallory.get(f"{FORM}/choices?field=forge&account={account.hash_id}")
    assert response.status_code == 404


def test_only_pickers_can_be_searched(as_ada, account):
    response = as_ada.get(f"{FORM}/choices?field=metals&account={account.hash_id}")
    assert response.status_code == 404


def test_the_sentence_follows_the_form(as_ada, account):
    said = {"team": "analytical-engines", "forge": "ada/engine", "metals": ["iron", "brass"]}
    sentence = shown(as_ada.post(f"{FORM}/summary", said))
    assert "<strong>ada/engine</strong> → <strong>Analytical Engines</strong>" in sentence
    assert "Castings of iron and brass become dones." in sentence


def test_the_sentence_stands_in_the_page_from_the_start(as_ada, account):
    assert "Castings of iron become dones." in shown(as_ada.get(FORM))


# Making it.


def test_a_link_is_made_on_both_sides(as_ada, account, world, ada, team):
    response = create(as_ada)
    link = IntegrationLink.objects.get()
    assert (link.team, link.user, link.integration_user) == (team, ada, account)
    assert (link.subject, link.config) == (
        "ada/engine",
        {"forge": "ada/engine", "metals": ["iron"], **NO_RULES},
    )
    [hook] = world.hooks.values()
    assert hook["url"] == link.registered_hook.url and link.registered_hook.state == "active"
    where = f"/t/analytical-engines/integrations?made={link.hash_id}#link-{link.hash_id}"
    assert response["Location"] == where
    page = shown(as_ada.get(response["Location"]))
    assert f'id="link-{link.hash_id}"' in page
    assert "ada/engine is linked to Analytical Engines." in page


def test_a_member_may_make_a_link(as_grace, account, world, grace):
    connect(as_grace, world, who="1906")
    create(as_grace)
    assert IntegrationLink.objects.get().user == grace


@pytest.mark.parametrize("team", ["night-shift", "no-such-team", "", "watched"])
def test_nobody_links_a_team_in_which_they_do_not_write(as_ada, account, world, ada, team):
    watched = Team.objects.create(name="Watched")
    watched.join(ada, Membership.Role.OBSERVER)
    response = create(as_ada, team=team)
    assert response.status_code == 422
    assert not IntegrationLink.objects.exists() and not world.hooks


def test_nobody_links_with_the_account_of_somebody_else(as_mallory, account, world):
    response = create(as_mallory, team="night-shift", account=account.hash_id)
    assert "Continue to Foundry" in shown(response)
    assert not IntegrationLink.objects.exists() and not world.hooks


def test_what_is_missing_is_said_and_the_rest_is_kept(as_ada, account):
    response = create(as_ada, forge="", metals=["brass"])
    page = shown(response)
    assert response.status_code == 422
    assert "One thing to put right" in page and "This field is required." in page
    assert re.search(r'value="brass"[^>]*checked', page)


def test_what_the_partner_objects_to_is_said_and_nothing_is_made(as_ada, account, world):
    response = create(as_ada, forge="ada/cold")
    assert response.status_code == 422
    assert "The forge ada/cold is not lit. Light it first. Nothing was linked." in shown(response)
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()
    assert not world.hooks


def test_a_webhook_that_the_partner_refuses_leaves_nothing_to_do(as_ada, account, world):
    world.out = 403
    response = create(as_ada)
    assert response.status_code == 422 and "does not allow this" in shown(response)
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()


def test_a_partner_that_is_out_of_order_leaves_nothing_behind(as_ada, account, world):
    world.out = 503
    response = create(as_ada)
    assert response.status_code == 422 and "Nothing was linked" in shown(response)
    assert not IntegrationLink.objects.exists()
    world.out = None
    drain()
    assert not RegisteredHook.objects.exists() and not world.hooks


def test_the_same_link_twice_is_refused(as_ada, link, world):
    response = create(as_ada)
    assert response.status_code == 422
    assert "Analytical Engines is linked to ada/engine already." in shown(response)
    assert IntegrationLink.objects.count() == 1 and len(world.hooks) == 1


def test_two_teams_share_one_webhook(as_ada, link, world, grown):
    create(as_ada, team="difference-engines")
    one, two = IntegrationLink.objects.all()
    assert one.registered_hook == two.registered_hook and len(world.hooks) == 1


def test_a_webhook_that_somebody_deleted_at_the_partner_is_made_again(as_ada, link, world, grown):
    url = link.registered_hook.url
    world.hooks.clear()
    create(as_ada, team="difference-engines")
    assert [hook["url"] for hook in world.hooks.values()] == [url]


def test_a_link_may_be_made_by_hand_without_an_account(as_ada, foundry, world):
    response = create(as_ada, by="hand")
    link = IntegrationLink.objects.get()
    assert link.integration_user is None and link.registered_hook is None and not world.hooks
    assert "Waiting for the first event" in shown(as_ada.get(response["Location"]))


# Changing it.


def edit(browser, link, **fields):
    chosen = {"forge": "ada/engine", "metals": ["iron"]} | fields
    return browser.post(f"/links/{link.hash_id}/edit", chosen)


def test_settings_are_changed(as_ada, link, world):
    assert re.search(r'value="iron"[^>]*checked', shown(as_ada.get(f"/links/{link.hash_id}/edit")))
    edit(as_ada, link, metals=["brass"])
    link.refresh_from_db()
    assert link.config["metals"] == ["brass"] and len(world.hooks) == 1


def test_with_another_subject_the_webhook_moves(as_ada, link, world):
    world.forges.append({"name": "ada/new"})
    edit(as_ada, link, forge="ada/new")
    drain()
    link.refresh_from_db()
    assert link.subject == "ada/new"
    assert [hook["forge"] for hook in world.hooks.values()] == ["ada/new"]
    assert RegisteredHook.objects.get() == link.registered_hook


def test_a_change_that_the_partner_refuses_changes_nothing(as_ada, link, world):
    before = IntegrationLink.objects.values().get()
    response = edit(as_ada, link, forge="ada/cold")
    assert response.status_code == 422 and "Nothing was changed" in shown(response)
    assert IntegrationLink.objects.values().get() == before and len(world.hooks) == 1


def test_an_admin_does_not_pick_with_the_account_of_somebody_else(
    as_ada, as_grace, account, world, team, grace
):
    connect(as_grace, world, who="1906")
    create(as_grace)
    link = IntegrationLink.objects.get()
    page = shown(as_ada.get(f"/links/{link.hash_id}/edit"))
    assert "babbage/mill" not in page
    edit(as_ada, link, forge="grace/secret", metals=["brass"])
    link.refresh_from_db()
    assert link.config == {"forge": "ada/engine", "metals": ["brass"], **NO_RULES}


# Removing it.


def test_a_removed_link_goes_on_both_sides(as_ada, link, world):
    response = as_ada.post(link.delete_path)
    assert response["Location"] == "/t/analytical-engines/integrations"
    page = shown(as_ada.get(response["Location"]))
    assert "ada/engine is removed. Entries that it logged stay." in page
    assert "has not confirmed" not in page
    drain()
    assert not world.hooks and not RegisteredHook.objects.exists()
    page = shown(as_ada.get(response["Location"]))
    assert f"link-{link.hash_id}" not in page


@pytest.mark.parametrize("path", ["{0.delete_path}", "/integrations/foundry/link?link={0.hash_id}"])
def test_delete_removes_it_too(as_ada, link, path):
    assert as_ada.delete(path.format(link)).status_code == 204
    assert not IntegrationLink.objects.standing().exists()


def test_htmx_is_sent_to_the_page_that_follows(as_ada, link):
    response = as_ada.delete(link.delete_path, headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == "/t/analytical-engines/integrations"


def test_the_webhook_stays_while_another_link_needs_it(as_ada, link, world, grown):
    create(as_ada, team="difference-engines")
    as_ada.post(link.delete_path)
    drain()
    assert len(world.hooks) == 1
    as_ada.post(IntegrationLink.objects.standing().get().delete_path)
    drain()
    assert not world.hooks


def test_before_it_goes_the_page_says_what_goes(as_ada, link):
    page = shown(as_ada.get("/t/analytical-engines/integrations"))
    assert "The webhook that we added to <strong>ada/engine</strong> at Foundry is removed" in page


def test_a_partner_that_does_not_let_go_is_asked_again_and_told_of(as_ada, link, world):
    world.out = 503
    as_ada.post(link.delete_path)
    drain()
    page = shown(as_ada.get("/t/analytical-engines/integrations"))
    assert "Removed here. Foundry has not confirmed yet" in page and "answered 503" in page
    assert "Removing" in page and IntegrationLink.objects.get().state == "removing"
    assert world.hooks
    world.out = None
    hook = RegisteredHook.objects.get()
    assert hook.attempts == 1 and hook.due_at > hook.links.get().updated_at
    RegisteredHook.objects.update(due_at=hook.links.get().created_at)
    drain()
    assert not world.hooks and not RegisteredHook.objects.exists()
    assert IntegrationLink.objects.get().state == "removed"
    assert "has not confirmed" not in shown(as_ada.get("/t/analytical-engines/integrations"))


def test_another_integration_does_not_remove_it(as_ada, link):
    response = as_ada.post(f"/integrations/acme/link/{link.hash_id}")
    assert response.status_code == 404
    assert IntegrationLink.objects.standing().exists()


def test_a_fresh_grant_tries_at_once_to_remove_what_stayed(as_ada, link, world):
    world.revoke()
    as_ada.post(link.delete_path)
    drain()
    assert world.hooks
    connect(as_ada, world)
    drain()
    assert not world.hooks


def test_somebody_else_takes_over_a_link_whose_account_is_lost(
    as_ada, as_grace, account, world, grace
):
    connect(as_grace, world, who="1906")
    create(as_grace)
    link = IntegrationLink.objects.get()
    IntegrationUser.objects.get(uid="1906").needs_reconnect("Gone.")
    connect(as_ada, world, who="1815", link=link.hash_id)
    link.refresh_from_db()
    assert (link.state, link.integration_user) == ("active", account)


def test_a_link_that_is_well_is_not_taken_over(as_ada, as_grace, account, world):
    connect(as_grace, world, who="1906")
    create(as_grace)
    link = IntegrationLink.objects.get()
    connect(as_ada, world, who="1815", link=link.hash_id)
    link.refresh_from_db()
    assert link.integration_user.uid == "1906"
