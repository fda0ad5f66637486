"""Linear over real HTTP: somebody lets us in, links a team, and is in trouble and out of it. It
sends to a server of ours that listens meanwhile."""

from __future__ import annotations

import time
from functools import partial
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from django.test import Client

from idonethis.entries.models import Entry
from idonethis.integrations.http import Again, Failed, NeedsPermission, Never
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    PartnerApp,
    Receipt,
    RegisteredHook,
    reconciling,
)
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests import connected
from idonethis.integrations.tests.coming import standing
from idonethis.integrations.tests.connected import hooks
from idonethis.integrations.values import Hook, Secret
from idonethis.partners.linear import api
from idonethis.partners.linear.integration import READERS, integration
from idonethis.simulators import visitor
from idonethis.simulators.planning.linear import Linear as PretendLinear
from idonethis.simulators.running import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("linear")]

CONFIG = {"linear_team": "t-1|Difference Engine"}
#: What the form sends where nobody changes it.
USUAL = {name: integration.defaults[name] for name in ("events", "how", "who")}
EVERY = "all:o-1|All public teams of Engines"
leave, connect = partial(connected.leave, "linear"), partial(connected.consent, "linear")


@pytest.fixture(autouse=True)
def server(settings, live_server):
    settings.BASE_URL = live_server.url


@pytest.fixture
def linear(monkeypatch):
    with running(PretendLinear()) as url:
        for name, value in {
            "WEB_URL": url,
            "API_URL": url,
            "CLIENT_ID": "pretend-linear-client",
            "CLIENT_SECRET": "pretend-linear-secret",
        }.items():
            monkeypatch.setenv(f"LINEAR_{name}", value)
        yield url


@pytest.fixture
def account(window):
    connect(window)
    return IntegrationUser.objects.get()


@pytest.fixture
def link(account, team, ada):
    return make_link(integration, team, user=ada, integration_user=account, config=CONFIG)


def moves(linear, *, by="ada", action="finish"):
    """Somebody moves the issue; returns what we answered."""
    answers = visitor.act(linear, action, thing="ENG-12", by=by)["answers"]
    while Receipt.drain():
        pass
    return answers


def fault(linear, kind, words=""):
    visitor.act(linear, "faults", fault=kind, path="/graphql", words=words)


def calls(linear, words):
    return [each for each in visitor.read(linear, "journal")["calls"] if words in str(each)]


# Somebody lets us in.


def test_linear_is_asked_for_reading_and_for_webhooks(window, linear):
    there = urlsplit(leave(window))
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert f"{there.scheme}://{there.netloc}{there.path}" == f"{linear}/oauth/authorize"
    assert (asked["scope"], asked["code_challenge_method"]) == ("read,admin", "S256")


def test_whoever_connects_is_who_they_are_there_and_the_token_is_sealed(account, ada):
    assert (account.user, account.uid) == (ada, "1815")
    assert (account.name, account.email) == ("Ada Lovelace", "ada@example.org")
    assert account.secrets["access_token"] not in str(IntegrationUser.objects.values().get())


def test_who_says_no_there_hears_that_nothing_was_changed(window):
    answer = connect(window, decision="cancel")
    assert answer.status_code == 400
    assert "You cancelled at Linear. Nothing was changed." in answer.content.decode()
    assert not IntegrationUser.objects.exists()


def test_access_that_has_run_out_after_a_day_is_renewed(account, linear):
    before = account.secrets
    visitor.act(linear, "clock", forward=86_400)
    assert integration.choices("linear_team", "", account.client())
    account.refresh_from_db()
    assert account.secrets["access_token"] != before["access_token"]
    assert account.secrets["refresh_token"] != before["refresh_token"]


def test_access_that_is_refused_by_a_word_alone_is_renewed(account, linear):
    before = account.secrets["access_token"]
    fault(linear, "revoked")
    assert integration.choices("linear_team", "", account.client())
    account.refresh_from_db()
    assert account.secrets["access_token"] != before


# A team is linked.


def test_teams_are_offered_by_name_and_all_public_ones_at_once(account):
    offered = integration.choices("linear_team", "", account.client())
    assert [choice.value for choice in offered] == [CONFIG["linear_team"], EVERY]
    (choice,) = integration.choices("linear_team", "differ", account.client())
    assert choice.label == "Difference Engine"
    assert not integration.choices("linear_team", "steam", account.client())


def test_the_form_makes_the_webhook_and_names_the_link_by_its_team(window, account, linear):
    form = {"team": "analytical-engines", "account": account.hash_id, **USUAL, **CONFIG}
    assert window.post("/integrations/linear/link", form).status_code == 302
    assert IntegrationLink.objects.get().short_name == "Difference Engine"
    [hook], ours = hooks(linear), RegisteredHook.objects.get()
    assert (hook["url"], hook["team"], hook["enabled"]) == (ours.url, "t-1", True)
    assert set(hook["resourceTypes"]) == {"Issue", "Project", "Initiative"}
    assert hook["secret"] == ours.signing_secret != ""


def test_without_a_team_nothing_is_linked(window, account, linear):
    form = {"team": "analytical-engines", "account": account.hash_id, **USUAL}
    answer = window.post("/integrations/linear/link", form)
    assert "Pick the team whose work is to be logged." in answer.content.decode()
    assert not IntegrationLink.objects.exists() and not hooks(linear)


def test_an_issue_that_is_completed_there_is_a_done_and_goes_when_it_is_reopened(link, linear, ada):
    assert moves(linear) == [200]
    entry = Entry.objects.get()
    assert (entry.body, entry.user) == ("Completed “Oil the mill” (ENG-12)", ada)
    assert moves(linear, action="reopen") == [200]
    assert standing() == []


def test_all_public_teams_share_one_webhook(account, team, ada, linear):
    config = {"linear_team": EVERY}
    made = make_link(integration, team, user=ada, integration_user=account, config=config)
    assert made.short_name == "All public teams of Engines"
    assert [hook["team"] for hook in hooks(linear)] == [None]
    assert moves(linear) == [200] and len(standing()) == 1


def test_a_second_team_of_ours_shares_the_webhook(link, account, ada, linear):
    other = link.team.__class__.objects.create(name="Night Shift")
    other.join(ada, "admin")
    make_link(integration, other, user=ada, integration_user=account, config=CONFIG)
    assert len(hooks(linear)) == 1
    moves(linear)
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("picked", ["t-1|Difference Engine", EVERY])
def test_nobody_links_a_team_of_a_workspace_that_is_not_theirs(
    picked, link, window, linear, mallory
):
    other = link.team.__class__.objects.create(name="Night Shift")
    other.join(mallory, "admin")
    window.force_login(mallory)
    connect(window, "mallory")
    theirs, config = IntegrationUser.objects.get(uid="1666"), {"linear_team": picked}
    with pytest.raises(NeedsPermission, match="does not show that team"):
        make_link(integration, other, user=mallory, integration_user=theirs, config=config)
    assert IntegrationLink.objects.get() == link and len(hooks(linear)) == 1


def test_an_account_of_another_workspace_does_not_take_a_webhook_for_gone(link, window):
    connect(window, "mallory")
    theirs = IntegrationUser.objects.get(uid="1666")
    ours = link.registered_hook
    known = {"url": ours.url, "remote_id": ours.remote_id}
    for act in (integration.standing_hook, integration.destroy_hook):
        with pytest.raises(NeedsPermission):
            act(theirs.client(), "t-1", **known)


def answer(url, secret):
    body = orjson.dumps({"type": "Issue", "webhookTimestamp": int(1000 * time.time())})
    signed = integration.signature.sign(Hook(body, url=url), Secret(secret))
    sent = Client().post(urlsplit(url).path, body, content_type="application/json", headers=signed)
    return sent.status_code


def test_what_our_secret_signed_is_taken_and_nothing_else(link):
    ours = link.registered_hook
    assert answer(ours.url, ours.signing_secret) == 200
    assert answer(ours.url, "mallory's") == answer(ours.url, "") == 401
    for guess in ("", ours.signing_secret):
        assert answer(link.hook_url, guess) == 401


def test_a_link_by_hand_waits_for_the_secret_that_linear_makes(window, team, linear):
    page = window.get("/integrations/linear/link?by=hand").content.decode()
    assert 'name="linear_team"' not in page
    window.post("/integrations/linear/link", {"team": team.slug, "by": "hand", **USUAL})
    made = IntegrationLink.objects.get()
    assert (made.registered_hook, made.awaits_secret, hooks(linear)) == (None, True, [])
    window.post(f"/links/{made.hash_id}/secret/take", {"secret": "lin_wh_of_adas"})
    assert answer(made.hook_url, "lin_wh_of_adas") == 200
    assert answer(made.hook_url, "another") == 401


# It is looked after.


def test_a_webhook_that_stands_is_left_as_it_is(link, linear):
    before = hooks(linear)
    reconciling.check(link.registered_hook)
    assert hooks(linear) == before and not calls(linear, "webhookUpdate")


@pytest.mark.parametrize("off", ["", "off"])
def test_a_webhook_that_somebody_changed_is_put_right(off, link, linear):
    before = hooks(linear)
    visitor.act(linear, "spoil", off=off)
    assert moves(linear) == [None]
    reconciling.check(link.registered_hook)
    assert hooks(linear) == before
    moves(linear, action="reopen")
    assert moves(linear) == [200] and len(standing()) == 1


def test_a_webhook_that_somebody_removed_is_made_again(link, linear):
    visitor.act(linear, "forget_hooks")
    reconciling.check(link.registered_hook)
    assert moves(linear) == [200] and len(standing()) == 1


def test_a_webhook_whose_name_got_lost_on_the_way_is_found_by_its_address(link, linear):
    visitor.act(linear, "forget_hooks")
    fault(linear, "truncated", words="webhookCreate")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    reconciling.check(link.registered_hook)
    (hook,) = hooks(linear)
    assert RegisteredHook.objects.get().remote_id == hook["id"]


def test_a_new_secret_of_ours_is_brought_there(link, window, linear):
    old = link.registered_hook.signing_secret
    window.post(f"/links/{link.hash_id}/secret/rotate")
    [hook], ours = hooks(linear), RegisteredHook.objects.get()
    assert hook["secret"] == ours.signing_secret != old
    assert moves(linear) == [200]


def test_with_its_last_link_the_webhook_goes(link, linear):
    link.remove()
    RegisteredHook.drain()
    assert not hooks(linear) and not RegisteredHook.objects.exists()


def test_a_webhook_that_is_gone_already_is_no_trouble(link, linear):
    visitor.act(linear, "forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_where_the_webhooks_are_a_person_sees_on_one_page(linear):
    assert integration.hooks_page("t-1") == f"{linear}/settings/api"


# It is in trouble.


def test_a_token_that_was_revoked_there_stops_the_link_until_somebody_connects_again(
    link, window, linear
):
    visitor.act(linear, "revoke", account="ada")
    with pytest.raises(Failed):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    connect(window)
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert moves(linear) == [200] and len(standing()) == 1


def test_after_too_many_calls_it_is_tried_again_in_a_minute(link, linear):
    fault(linear, "429")
    with pytest.raises(Again, match=r"Linear wants fewer calls \(RATELIMITED\)") as told:
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert (told.value.after, link.state) == (60, "active")


def test_linear_that_is_out_of_order_changes_nothing(link, linear):
    fault(linear, "500")
    with pytest.raises(Again, match="out of order"):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "active" and len(hooks(linear)) == 1


def test_what_an_account_may_not_do_there_is_no_reason_to_connect_again(account, linear):
    token = visitor.act(linear, "let_in", account="grace")["access_token"]
    with pytest.raises(NeedsPermission, match=r"\(FORBIDDEN\)\. Webhooks take an admin"):
        api.ask(integration.client({"access_token": token}), api.HOOKS)


def test_what_linear_does_not_take_says_why(account, linear):
    known = {"url": "ftp://engines.example/1", "remote_id": "", "secret": Secret("s")}
    with pytest.raises(Never, match=r"INPUT_ERROR.*only https addresses.*is engines\.example\."):
        api.create_hook(account.client(), "t-1", **known)


def test_with_the_account_what_was_allowed_ends_there(account, linear):
    token = account.secrets["access_token"]
    PartnerApp.conversation(integration).revoke(account.secrets)
    with pytest.raises(Failed, match="no longer accepts our access"):
        api.ask(integration.client({"access_token": token}), api.ME)


def test_what_is_asked_for_is_what_can_be_read():
    assert READERS.keys() == api.EVENTS
