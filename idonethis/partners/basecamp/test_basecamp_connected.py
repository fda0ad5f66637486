"""Basecamp over real HTTP: somebody lets us in, links a project, and is in trouble and out of it.
It sends to a server of ours that listens meanwhile."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.http import Again, Failed, NeedsPermission, Never
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    Receipt,
    RegisteredHook,
    reconciling,
)
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests import connected
from idonethis.integrations.tests.coming import standing
from idonethis.integrations.tests.connected import hooks
from idonethis.integrations.values import Secret
from idonethis.partners.basecamp.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.planning.basecamp import Basecamp as PretendBasecamp
from idonethis.simulators.planning.basecamp_calls import ENGINES, NIGHT, OLD
from idonethis.simulators.running import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("basecamp")]

PROJECT = f"{ENGINES}/3"
CONFIG = {"project": f"{PROJECT}|Difference Engine"}
HOOKS = "/*/webhooks*"
#: What the form sends where nobody changes it.
USUAL = {name: integration.defaults[name] for name in ("events", "how", "who")}
leave, connect = partial(connected.leave, "basecamp"), partial(connected.consent, "basecamp")


@pytest.fixture(autouse=True)
def server(settings, live_server):
    settings.BASE_URL = live_server.url


@pytest.fixture
def basecamp(monkeypatch):
    """Launchpad and the API are two servers there, with two addresses."""
    pretend = PretendBasecamp()
    with running(pretend) as url, running(pretend) as launchpad:
        for name, value in {
            "WEB_URL": launchpad,
            "API_URL": url,
            "CLIENT_ID": "pretend-basecamp-client",
            "CLIENT_SECRET": "pretend-basecamp-secret",
        }.items():
            monkeypatch.setenv(f"BASECAMP_{name}", value)
        yield url


@pytest.fixture
def account(window):
    connect(window)
    return IntegrationUser.objects.get()


@pytest.fixture
def link(account, team, ada):
    return make_link(integration, team, user=ada, integration_user=account, config=CONFIG)


def completes(basecamp, *, by="ada", action="finish"):
    """Somebody completes the to-do; returns what we answered."""
    answers = visitor.act(basecamp, action, thing="12", by=by)["answers"]
    while Receipt.drain():
        pass
    return answers


def fault(basecamp, kind, **more):
    visitor.act(basecamp, "faults", fault=kind, path=HOOKS, **more)


def calls(basecamp, method):
    made = visitor.read(basecamp, "journal")["calls"]
    return [each for each in made if each["method"] == method and "webhooks" in each["path"]]


# Somebody lets us in.


def test_basecamp_is_asked_for_access_by_launchpad(window, basecamp):
    there = urlsplit(leave(window))
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert f"{there.netloc}{there.path}".endswith("/authorization/new")
    assert (asked["response_type"], asked["client_id"]) == ("code", "pretend-basecamp-client")
    assert not asked.keys() & {"scope", "code_challenge"}


def test_whoever_connects_is_who_they_are_in_their_oldest_open_account(account, ada, basecamp):
    """And not by the number that Launchpad has for them."""
    assert (account.user, account.uid, account.name) == (ada, "1815", "Ada Lovelace")
    assert account.secrets["access_token"] not in str(IntegrationUser.objects.values().get())
    asked = [each["path"] for each in visitor.read(basecamp, "journal")["calls"]]
    assert f"/{OLD}/my/profile.json" in asked


def test_who_says_no_there_hears_that_nothing_was_changed(window):
    answer = connect(window, decision="cancel")
    assert answer.status_code == 400
    assert "You cancelled at Basecamp. Nothing was changed." in answer.content.decode()
    assert not IntegrationUser.objects.exists()


def test_access_that_has_run_out_after_two_weeks_is_renewed(account, basecamp):
    before = account.secrets["access_token"]
    visitor.act(basecamp, "clock", forward=14 * 86_400 + 1)
    assert integration.choices("project", "", account.client())
    account.refresh_from_db()
    assert account.secrets["access_token"] != before


# A project is linked.


def test_projects_are_offered_from_all_pages_of_all_open_accounts(account):
    offered = integration.choices("project", "", account.client())
    assert len(offered) == 18 and offered[-1].value == CONFIG["project"]
    assert {choice.hint for choice in offered} == {"Engines"}
    (choice,) = integration.choices("project", "differ", account.client())
    assert (choice.value, choice.label) == (CONFIG["project"], "Difference Engine")
    assert not integration.choices("project", "lamps", account.client())


def test_the_form_makes_the_webhook_and_names_the_link_by_its_project(window, account, basecamp):
    form = {"team": "analytical-engines", "account": account.hash_id, **USUAL, **CONFIG}
    assert window.post("/integrations/basecamp/link", form).status_code == 302
    assert IntegrationLink.objects.get().short_name == "Difference Engine"
    [hook], ours = hooks(basecamp), RegisteredHook.objects.get()
    assert hook["payload_url"] == f"{ours.url}?key={ours.signing_secret}"
    assert (hook["place"], hook["active"]) == (PROJECT, True)
    assert set(hook["types"]) == {"Todo", "Kanban::Card"}


def test_without_a_project_nothing_is_linked(window, account, basecamp):
    form = {"team": "analytical-engines", "account": account.hash_id, **USUAL}
    answer = window.post("/integrations/basecamp/link", form)
    assert "Pick the project whose work is to be logged." in answer.content.decode()
    assert not IntegrationLink.objects.exists() and not hooks(basecamp)


@pytest.mark.parametrize("typed", ["3", "1/2/3", "../3", "1000195/..", "1/3\n"])
def test_what_is_no_project_is_asked_for_nowhere(typed, account, basecamp):
    with pytest.raises(Never, match="is not a project"):
        integration.standing_hook(account.client(), typed, url="https://x.example", remote_id="")
    assert not calls(basecamp, "GET")


def test_a_to_do_that_is_completed_there_is_a_done_of_who_completes_it(link, basecamp, ada):
    assert completes(basecamp) == [200]
    entry = Entry.objects.get()
    assert (entry.body, entry.user) == ("Completed “Oil the mill”", ada)
    assert completes(basecamp, action="reopen") == [200]
    assert standing() == []


def test_a_second_team_shares_the_webhook(link, account, ada, basecamp):
    other = link.team.__class__.objects.create(name="Night Shift")
    other.join(ada, "admin")
    make_link(integration, other, user=ada, integration_user=account, config=CONFIG)
    assert len(hooks(basecamp)) == 1
    completes(basecamp)
    assert Entry.objects.count() == 2


@pytest.mark.parametrize(
    "who, why", [("mallory", "or you are not in it"), ("charles", "Clients may make no webhooks")]
)
def test_who_may_make_no_webhooks_in_a_project_does_not_link_it(
    who, why, window, ada, team, basecamp
):
    connect(window, who)
    theirs = IntegrationUser.objects.get()
    with pytest.raises(NeedsPermission, match=why):
        make_link(integration, team, user=ada, integration_user=theirs, config=CONFIG)
    assert not IntegrationLink.objects.exists() and not hooks(basecamp)


def test_of_a_suspended_account_nothing_is_linked_and_it_says_why(account, team, ada):
    with pytest.raises(NeedsPermission, match="has suspended this account"):
        make_link(
            integration,
            team,
            user=ada,
            integration_user=account,
            config={"project": f"{OLD}/1|Looms"},
        )


def test_who_is_in_no_account_is_not_connected(window):
    answer = connect(window, "byron")
    assert "You are in no account of Basecamp that is open." in answer.content.decode()
    assert not IntegrationUser.objects.exists()


def answer(url):
    parts = urlsplit(url)
    sent = Client().post(f"{parts.path}?{parts.query}", b"{}", content_type="application/json")
    return sent.status_code


def test_what_comes_to_the_address_with_our_secret_is_taken_and_nothing_else(link, basecamp):
    [hook] = hooks(basecamp)
    assert answer(hook["payload_url"]) == 200
    assert answer(link.registered_hook.url) == answer(f"{link.registered_hook.url}?key=no") == 401


def test_a_link_by_hand_goes_as_before(window, team, basecamp):
    page = window.get("/integrations/basecamp/link?by=hand").content.decode()
    assert 'name="project"' not in page
    window.post("/integrations/basecamp/link", {"team": team.slug, "by": "hand", **USUAL})
    made = IntegrationLink.objects.get()
    assert (made.registered_hook, hooks(basecamp)) == (None, [])
    assert answer(integration.signature.address(made.hook_url, made.signing_secret)) == 200
    assert answer(made.hook_url) == 401


# It is looked after.


def test_a_webhook_that_stands_is_left_as_it_is(link, basecamp):
    before = hooks(basecamp)
    reconciling.check(link.registered_hook)
    assert hooks(basecamp) == before and not calls(basecamp, "PUT")


@pytest.mark.parametrize(
    "field, value",
    [("active", False), ("types", ["Message"]), ("payload_url", "http://127.0.0.1:9/elsewhere")],
)
def test_a_webhook_that_somebody_changed_is_put_right(field, value, link, basecamp):
    before = hooks(basecamp)
    visitor.act(basecamp, "spoil", field=field, value=value)
    assert completes(basecamp) == [None]
    reconciling.check(link.registered_hook)
    assert hooks(basecamp) == before
    assert completes(basecamp) == [200] and len(standing()) == 1


def test_a_webhook_that_somebody_removed_is_made_again(link, basecamp):
    visitor.act(basecamp, "forget_hooks")
    reconciling.check(link.registered_hook)
    assert completes(basecamp) == [200] and len(standing()) == 1


def test_a_webhook_whose_name_got_lost_on_the_way_is_found_by_its_address(link, basecamp):
    visitor.act(basecamp, "forget_hooks")
    fault(basecamp, "truncated", method="POST")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    reconciling.check(link.registered_hook)
    (hook,) = hooks(basecamp)
    assert RegisteredHook.objects.get().remote_id == str(hook["id"])


def test_with_its_last_link_the_webhook_goes(link, basecamp):
    link.remove()
    RegisteredHook.drain()
    assert not hooks(basecamp) and not RegisteredHook.objects.exists()


def test_a_webhook_whose_removal_meets_an_outage_goes_once_basecamp_is_back(link, basecamp):
    fault(basecamp, "500", method="DELETE")
    link.remove()
    RegisteredHook.drain()
    assert len(hooks(basecamp)) == 1
    assert RegisteredHook.objects.get().trouble == "Basecamp answered 500."
    RegisteredHook.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    RegisteredHook.drain()
    assert not hooks(basecamp) and not RegisteredHook.objects.exists()


def test_a_webhook_that_is_gone_already_is_no_trouble(link, basecamp):
    visitor.act(basecamp, "forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_a_project_that_is_gone_takes_its_webhooks_along(account):
    known = {"url": "https://engines.example/1", "remote_id": "1"}
    integration.destroy_hook(account.client(), f"{NIGHT}/9", **known)


def test_where_the_webhooks_are_a_person_sees_on_one_page():
    page = f"https://3.basecamp.com/{ENGINES}/buckets/3/webhooks"
    assert integration.hooks_page(PROJECT) == page


# It is in trouble.


def test_a_grant_that_was_revoked_there_stops_the_link_until_somebody_connects_again(
    link, window, basecamp
):
    visitor.act(basecamp, "revoke", account="ada")
    with pytest.raises(Failed):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    connect(window)
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert completes(basecamp) == [200] and len(standing()) == 1


def test_after_too_many_calls_it_is_tried_again_later(link, basecamp):
    fault(basecamp, "429", retry_after=120)
    with pytest.raises(Again, match="Basecamp wants fewer calls") as told:
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert (told.value.after, link.state) == (120, "active")


def test_basecamp_that_is_out_of_order_changes_nothing(link, basecamp):
    fault(basecamp, "500")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "active" and len(hooks(basecamp)) == 1


def make(account, number, url="https://engines.example/1"):
    known = {"url": url, "remote_id": "", "secret": Secret("s")}
    return integration.create_hook(account.client(), f"{ENGINES}/{number}", **known)


def test_what_basecamp_does_not_take_says_why(account):
    with pytest.raises(Never, match=r"HTTPS\)\. .*only https addresses.*is engines\.example\."):
        make(account, 3, "http://engines.example/1")


def test_an_account_with_as_many_webhooks_as_it_may_have_says_so(account):
    for number in (3, 4, 5):
        assert make(account, number)
    with pytest.raises(Never, match="as many webhooks as it may have"):
        make(account, 6)
