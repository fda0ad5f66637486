"""Bitbucket Cloud over real HTTP: somebody lets us in, links a repository, and is in trouble and
out of it. It sends to a server of ours that listens meanwhile."""

from __future__ import annotations

from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

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
from idonethis.integrations.values import Hook, Secret
from idonethis.partners.bitbucket import api
from idonethis.partners.bitbucket.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.planning.bitbucket import API
from idonethis.simulators.planning.bitbucket import Bitbucket as PretendBitbucket
from idonethis.simulators.running import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bitbucket")]

ENGINE = "analytical/engine"
CONFIG = {"repository": ENGINE}
HOOKS = f"{API}/repositories/*/hooks"
#: What the form sends where nobody changes it.
USUAL = {name: integration.defaults[name] for name in ("events", "how", "who")}
leave, connect = partial(connected.leave, "bitbucket"), partial(connected.consent, "bitbucket")


@pytest.fixture(autouse=True)
def server(settings, live_server):
    settings.BASE_URL = live_server.url


@pytest.fixture
def bitbucket(monkeypatch):
    with running(PretendBitbucket()) as url:
        for name, value in {
            "WEB_URL": url,
            "API_URL": url + API,
            "CLIENT_ID": "pretend-bitbucket-client",
            "CLIENT_SECRET": "pretend-bitbucket-secret",
        }.items():
            monkeypatch.setenv(f"BITBUCKET_{name}", value)
        yield url


@pytest.fixture
def account(window):
    connect(window)
    return IntegrationUser.objects.get()


@pytest.fixture
def link(account, team, ada):
    return make_link(integration, team, user=ada, integration_user=account, config=CONFIG)


def merges(bitbucket, *, by="ada", action="finish"):
    """Somebody merges the pull request; returns what we answered."""
    answers = visitor.act(bitbucket, action, thing="12", by=by)["answers"]
    while Receipt.drain():
        pass
    return answers


def fault(bitbucket, kind, **more):
    visitor.act(bitbucket, "faults", fault=kind, path=HOOKS, **more)


def calls(bitbucket, method):
    made = visitor.read(bitbucket, "journal")["calls"]
    return [each for each in made if each["method"] == method and "/hooks" in each["path"]]


# Somebody lets us in.


def test_bitbucket_is_asked_for_reading_and_for_webhooks(window, bitbucket):
    there = urlsplit(leave(window))
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert f"{there.scheme}://{there.netloc}{there.path}" == f"{bitbucket}/site/oauth2/authorize"
    assert asked["scope"] == "account repository webhook" and "code_challenge" not in asked


def test_whoever_connects_is_who_they_are_there_and_the_token_is_sealed(account, ada):
    assert (account.user, account.uid) == (ada, "557058:1815")
    assert account.name == "Ada Lovelace"
    assert account.secrets["access_token"] not in str(IntegrationUser.objects.values().get())


def test_who_says_no_there_hears_that_nothing_was_changed(window):
    answer = connect(window, decision="cancel")
    assert answer.status_code == 400
    assert "You cancelled at Bitbucket. Nothing was changed." in answer.content.decode()
    assert not IntegrationUser.objects.exists()


def test_access_that_has_run_out_after_two_hours_is_renewed(account, bitbucket):
    before = account.secrets["access_token"]
    visitor.act(bitbucket, "clock", forward=7201)
    assert integration.choices("repository", "", account.client())
    account.refresh_from_db()
    assert account.secrets["access_token"] != before


# A repository is linked.


def test_repositories_that_somebody_administers_are_offered(account, window):
    offered = integration.choices("repository", "", account.client())
    assert [choice.value for choice in offered] == ["analytical/engine", "analytical/mill"]
    for asked in ("engi", "analytical/engi", '"engi\\'):
        (choice,) = integration.choices("repository", asked, account.client())
        assert choice.value == ENGINE
    assert not integration.choices("repository", "steam", account.client())
    connect(window, "grace")
    grace = IntegrationUser.objects.get(uid="557058:1906").client()
    assert [each.value for each in integration.choices("repository", "", grace)] == [
        "analytical/mill"
    ]


def test_the_form_makes_the_webhook_and_names_the_link_by_its_repository(
    window, account, bitbucket
):
    typed = {"repository": "https://bitbucket.org/Analytical/Engine/"}
    form = {"team": "analytical-engines", "account": account.hash_id, **USUAL, **typed}
    assert window.post("/integrations/bitbucket/link", form).status_code == 302
    assert IntegrationLink.objects.get().short_name == ENGINE
    [hook], ours = hooks(bitbucket), RegisteredHook.objects.get()
    assert (hook["url"], hook["repository"], hook["active"]) == (ours.url, ENGINE, True)
    assert set(hook["events"]) == {"repo:push", "pullrequest:fulfilled"}
    assert hook["secret"] == ours.signing_secret != ""


def test_without_a_repository_nothing_is_linked(window, account, bitbucket):
    form = {"team": "analytical-engines", "account": account.hash_id, **USUAL}
    answer = window.post("/integrations/bitbucket/link", form)
    assert "Pick the repository whose work is to be logged." in answer.content.decode()
    assert not IntegrationLink.objects.exists() and not hooks(bitbucket)


@pytest.mark.parametrize("typed", ["engine", "a/b/c", "../engine", "analytical/.."])
def test_what_is_no_repository_is_asked_for_nowhere(typed, account, bitbucket):
    with pytest.raises(Never, match="is not a repository"):
        known = {"url": "https://x.example/1", "remote_id": ""}
        integration.standing_hook(account.client(), typed, **known)
    assert not calls(bitbucket, "GET")


def test_a_pull_request_that_is_merged_there_is_a_done_of_its_author(link, bitbucket, ada):
    assert merges(bitbucket) == [200]
    entry = Entry.objects.get()
    assert (entry.body, entry.user) == ("Merged “Oil the mill” (#12)", ada)


def test_a_second_team_shares_the_webhook(link, account, ada, bitbucket):
    other = link.team.__class__.objects.create(name="Night Shift")
    other.join(ada, "admin")
    make_link(integration, other, user=ada, integration_user=account, config=CONFIG)
    assert len(hooks(bitbucket)) == 1
    merges(bitbucket)
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("who", ["grace", "mallory"])
def test_who_does_not_administer_a_repository_does_not_link_it(who, window, ada, team, bitbucket):
    connect(window, who)
    theirs = IntegrationUser.objects.get()
    with pytest.raises(NeedsPermission, match="One of its administrators must connect"):
        make_link(integration, team, user=ada, integration_user=theirs, config=CONFIG)
    assert not IntegrationLink.objects.exists() and not hooks(bitbucket)


def answer(url, secret):
    body = b'{"pullrequest": {}}'
    signed = integration.signature.sign(Hook(body, url=url), Secret(secret))
    headers = {"x-event-key": "pullrequest:rejected", **signed}
    path = urlsplit(url).path
    sent = Client().post(path, body, content_type="application/json", headers=headers)
    return sent.status_code


def test_what_our_secret_signed_is_taken_and_nothing_else(link):
    ours = link.registered_hook
    assert answer(ours.url, ours.signing_secret) == 200
    assert answer(ours.url, "mallory's") == answer(ours.url, "") == 401


def test_a_link_by_hand_goes_as_before(window, team, bitbucket):
    page = window.get("/integrations/bitbucket/link?by=hand").content.decode()
    assert 'name="repository"' not in page
    window.post("/integrations/bitbucket/link", {"team": team.slug, "by": "hand", **USUAL})
    made = IntegrationLink.objects.get()
    assert (made.registered_hook, made.awaits_secret, hooks(bitbucket)) == (None, False, [])
    assert answer(made.hook_url, made.signing_secret) == 200
    assert answer(made.hook_url, "another") == 401


# It is looked after.


def test_a_webhook_that_stands_is_left_as_it_is(link, bitbucket):
    before = hooks(bitbucket)
    reconciling.check(link.registered_hook)
    assert hooks(bitbucket) == before and not calls(bitbucket, "PUT")


@pytest.mark.parametrize("only", ["", "secret"])
def test_a_webhook_that_somebody_changed_is_put_right(only, link, bitbucket):
    before = hooks(bitbucket)
    visitor.act(bitbucket, "spoil", only=only)
    assert merges(bitbucket) == [401 if only else None]
    reconciling.check(link.registered_hook)
    assert hooks(bitbucket) == before
    assert merges(bitbucket) == [200] and len(standing()) == 1


def test_a_webhook_that_somebody_removed_is_made_again(link, bitbucket):
    visitor.act(bitbucket, "forget_hooks")
    reconciling.check(link.registered_hook)
    assert merges(bitbucket) == [200] and len(standing()) == 1


def test_a_webhook_whose_name_got_lost_on_the_way_is_found_by_its_address(link, bitbucket):
    visitor.act(bitbucket, "forget_hooks")
    fault(bitbucket, "truncated", method="POST")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    reconciling.check(link.registered_hook)
    (hook,) = hooks(bitbucket)
    assert RegisteredHook.objects.get().remote_id == hook["uuid"]


def test_with_its_last_link_the_webhook_goes(link, bitbucket):
    link.remove()
    RegisteredHook.drain()
    assert not hooks(bitbucket) and not RegisteredHook.objects.exists()


def test_a_webhook_that_is_gone_already_is_no_trouble(link, bitbucket):
    visitor.act(bitbucket, "forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_a_repository_that_is_gone_takes_its_webhooks_along(account):
    known = {"url": "https://engines.example/1", "remote_id": "{1}"}
    integration.destroy_hook(account.client(), "analytical/scrapped", **known)


def test_where_the_webhooks_are_a_person_sees_on_one_page(bitbucket):
    assert integration.hooks_page(ENGINE) == f"{bitbucket}/analytical/engine/admin/webhooks"


# It is in trouble.


def test_a_token_that_was_revoked_there_stops_the_link_until_somebody_connects_again(
    link, window, bitbucket
):
    visitor.act(bitbucket, "revoke", account="ada")
    with pytest.raises(Failed):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    connect(window)
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert merges(bitbucket) == [200] and len(standing()) == 1


def test_after_too_many_calls_it_is_tried_again_later(link, bitbucket):
    fault(bitbucket, "429", retry_after=120)
    with pytest.raises(Again, match="Bitbucket wants fewer calls") as told:
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert (told.value.after, link.state) == (120, "active")


def test_bitbucket_that_is_out_of_order_changes_nothing(link, bitbucket):
    fault(bitbucket, "500")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "active" and len(hooks(bitbucket)) == 1


def test_what_bitbucket_does_not_take_says_why(account):
    known = {"url": "ftp://engines.example/1", "remote_id": "", "secret": Secret("s")}
    with pytest.raises(Never, match=r"\(Bad request\)\. .*this server is engines\.example;"):
        api.create_hook(account.client(), ENGINE, **known)
