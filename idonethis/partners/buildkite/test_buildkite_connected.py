"""Buildkite over real HTTP: somebody types a token, links an organization, and is in trouble and
out of it. It sends to a server of ours that listens meanwhile."""

from __future__ import annotations

from functools import partial

import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.http import (
    Again,
    Answer,
    Client,
    Failed,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
)
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    RegisteredHook,
    Repair,
    reconciling,
)
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.coming import standing, work
from idonethis.integrations.tests.connected import hooks, token, typed
from idonethis.partners.buildkite import api
from idonethis.partners.buildkite.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.planning.buildkite import API
from idonethis.simulators.planning.buildkite import Buildkite as PretendBuildkite
from idonethis.simulators.running import running

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("server", "buildkite"),
]

CONFIG = {"organization": "analytical|Analytical Engines"}
#: What the form sends where nobody changes it.
USUAL = {
    name: value
    for name, value in integration.defaults.items()
    if name != "organization" and value not in (None, False, "")
}
BECOMES = "Deployed with Deploy the engine from main"
connect = partial(typed, "buildkite")


@pytest.fixture
def buildkite(monkeypatch):
    with running(PretendBuildkite()) as url:
        monkeypatch.setenv("BUILDKITE_API_URL", url + API)
        yield url


@pytest.fixture
def account(window, buildkite):
    assert connect(window, token(buildkite)).status_code == 302
    return IntegrationUser.objects.get()


@pytest.fixture
def link(account, team, ada):
    return make_link(integration, team, user=ada, integration_user=account, config=CONFIG)


def ends(buildkite, *, by="ada", action="finish"):
    """A build ends; returns what we answered."""
    answers = visitor.act(buildkite, action, thing="b-12", by=by)["answers"]
    work()
    return answers


def fault(buildkite, kind, **more):
    visitor.act(buildkite, "faults", fault=kind, path="*/services*", **more)


def calls(buildkite, method):
    said = visitor.read(buildkite, "journal")["calls"]
    return [each for each in said if each["method"] == method and "/services" in each["path"]]


def others(account):
    """Somebody else's webhook stands there, too."""
    url = "https://ci.example.org"
    api.create_hook(account.client(), "analytical", url=url, secret="s", remote_id="")
    return url


# Somebody lets us in.


def test_whoever_types_a_token_is_who_they_are_there_and_it_is_sealed(account, ada):
    assert (account.user, account.uid, account.name) == (ada, "1815", "Ada Lovelace")
    assert account.secrets["token"] not in str(IntegrationUser.objects.values().get())


def test_a_token_that_is_refused_connects_nobody(window):
    said = connect(window, "guessed").content.decode()
    assert "Buildkite takes this token no longer (Authentication required." in said
    assert "Nothing was connected." in said
    assert not IntegrationUser.objects.exists()


# An organization is linked.


def test_organizations_are_offered_by_name(account):
    (choice,) = integration.choices("organization", "engines", account.client())
    assert (choice.value, choice.label) == (CONFIG["organization"], "Analytical Engines")
    assert not integration.choices("organization", "steam", account.client())


def test_the_form_makes_the_webhook_and_names_the_link(window, account, buildkite):
    form = {**USUAL, "team": "analytical-engines", "account": account.hash_id, **CONFIG}
    assert window.post("/integrations/buildkite/link", form).status_code == 302
    assert IntegrationLink.objects.get().short_name == "Analytical Engines"
    (hook,), ours = hooks(buildkite), RegisteredHook.objects.get()
    assert (hook["url"], hook["token"]) == (ours.url, ours.signing_secret)
    assert hook["events"] == ["build.finished"] and hook["token_mode"] == "signature"
    assert hook["tls_verify"] is True and hook["token"]


def test_without_an_organization_nothing_is_linked(window, account, buildkite):
    form = {**USUAL, "team": "analytical-engines", "account": account.hash_id}
    answer = window.post("/integrations/buildkite/link", form)
    assert "Pick the organization whose deployments are to be logged." in answer.content.decode()
    assert not IntegrationLink.objects.exists() and not hooks(buildkite)


@pytest.mark.parametrize("slug", ["../user", "analytical/x", "..", "a?x=1", "a b"])
def test_what_is_no_organization_is_not_asked_for(slug, account, buildkite):
    before = len(visitor.read(buildkite, "journal")["calls"])
    with pytest.raises(Never, match="is not an organization"):
        integration.destroy_hook(account.client(), slug, url="https://x", remote_id="1")
    assert len(visitor.read(buildkite, "journal")["calls"]) == before


def test_a_deployment_is_a_done_of_who_started_it_who_is_known_at_once(link, buildkite, ada):
    assert ends(buildkite) == [200]
    entry = Entry.objects.get()
    assert (entry.body, entry.user, entry.team) == (BECOMES, ada, link.team)


def test_what_nobody_signed_is_refused(link):
    sent = Client(link.registered_hook.url).send("POST", "", json={"event": "build.finished"})
    assert sent.status == 401 and standing() == []


def test_however_many_teams_link_an_organization_it_has_one_webhook(link, account, ada, buildkite):
    for name in ("Night Shift", "Day Shift"):
        other = link.team.__class__.objects.create(name=name)
        other.join(ada, "admin")
        make_link(integration, other, user=ada, integration_user=account, config=CONFIG)
    assert len(hooks(buildkite)) == len(calls(buildkite, "POST")) == 1
    assert ends(buildkite) == [200] and Entry.objects.count() == 3


@pytest.mark.parametrize(
    ("who", "word"), [("grace", "Forbidden"), ("reader", "lacks the scope write_notification")]
)
def test_whoever_may_not_make_webhooks_hears_what_it_takes(who, word, window, team, ada, buildkite):
    """Grace is no administrator, and the reader's token may only read."""
    connect(window, token(buildkite, who))
    theirs = IntegrationUser.objects.get()
    with pytest.raises(NeedsPermission, match=f"{word}.*it needs the scopes"):
        make_link(integration, team, user=ada, integration_user=theirs, config=CONFIG)
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()
    assert not hooks(buildkite)


def test_a_link_by_hand_stays_possible_and_waits_for_buildkites_own_secret(window, team, buildkite):
    page = window.get("/integrations/buildkite/link?by=hand").content.decode()
    assert 'name="organization"' not in page and 'name="deploys"' in page
    window.post("/integrations/buildkite/link", {**USUAL, "team": team.slug, "by": "hand"})
    made = IntegrationLink.objects.get()
    assert made.registered_hook is None and made.awaits_secret and not hooks(buildkite)


def test_where_the_webhooks_are_a_person_sees_on_one_page():
    page = "https://buildkite.com/organizations/analytical/services"
    assert integration.hooks_page("analytical") == page


# It is looked after.


def test_a_webhook_that_stands_is_left_as_it_is(link, buildkite):
    before = hooks(buildkite)
    reconciling.check(link.registered_hook)
    assert hooks(buildkite) == before and not Repair.objects.exists()
    assert not calls(buildkite, "PATCH") and not calls(buildkite, "PUT")


@pytest.mark.parametrize(
    ("repair", "name", "value"),
    [
        ("events", "events", ["build.running"]),
        ("address", "url", "https://elsewhere.example.org"),
        ("settings", "tls_verify", False),
        ("settings", "token_mode", "token"),
        ("settings", "token", ""),
        ("settings", "scope", "some_projects"),
        ("settings", "branch_configuration", "release/*"),
        ("switched_on", "enabled", False),
    ],
)
def test_a_webhook_that_somebody_changed_is_put_right(repair, name, value, link, buildkite):
    before = hooks(buildkite)
    visitor.act(buildkite, "edit_hooks", field=name, value=value)
    reconciling.check(link.registered_hook)
    assert hooks(buildkite) == before
    assert Repair.objects.get().kind == repair
    assert ends(buildkite) == [200]


def test_a_webhook_that_somebody_removed_is_made_again(link, buildkite):
    visitor.act(buildkite, "forget_hooks")
    reconciling.check(link.registered_hook)
    assert ends(buildkite) == [200] and standing() == [BECOMES]


def test_a_webhook_is_found_on_a_later_page(link, account, buildkite):
    """Buildkite shows one at a time, and services of others come first."""
    visitor.act(buildkite, "become", option="most", value="1")
    visitor.act(buildkite, "forget_hooks")
    url = others(account)
    reconciling.check(link.registered_hook)
    reconciling.check(RegisteredHook.objects.get())
    assert [hook["url"] for hook in hooks(buildkite)] == [url, link.registered_hook.url]


def test_a_webhook_whose_name_got_lost_on_the_way_is_found_by_its_address(link, buildkite):
    visitor.act(buildkite, "forget_hooks")
    fault(buildkite, "truncated", method="POST")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    reconciling.check(link.registered_hook)
    (hook,) = hooks(buildkite)
    assert RegisteredHook.objects.get().remote_id == hook["id"]


def test_a_service_of_another_kind_is_never_taken_for_ours(link, account, buildkite):
    visitor.act(buildkite, "forget_hooks")
    known = {"url": link.registered_hook.url, "remote_id": "s-0"}
    assert integration.standing_hook(account.client(), "analytical", **known) is None


def test_a_new_secret_is_brought_there(link, buildkite):
    before = link.registered_hook.signing_secret
    link.registered_hook.rotate_secret()
    (hook,) = hooks(buildkite)
    assert hook["token"] == RegisteredHook.objects.get().signing_secret != before
    assert ends(buildkite) == [200]


# It goes.


def test_a_webhook_whose_making_was_not_answered_leaves_nothing_behind(
    account, team, ada, buildkite
):
    fault(buildkite, "truncated", method="POST")
    with pytest.raises(Failed):
        make_link(integration, team, user=ada, integration_user=account, config=CONFIG)
    assert len(hooks(buildkite)) == 1
    RegisteredHook.drain()
    assert not hooks(buildkite) and not RegisteredHook.objects.exists()


def test_with_its_last_link_the_webhook_goes_and_others_stay(link, account, buildkite):
    url = others(account)
    link.remove()
    RegisteredHook.drain()
    assert [hook["url"] for hook in hooks(buildkite)] == [url]
    assert not RegisteredHook.objects.exists()
    link.refresh_from_db()
    assert link.state == "removed"


def test_what_cannot_be_removed_now_goes_once_buildkite_is_back(link, buildkite):
    fault(buildkite, "500", method="DELETE")
    link.remove()
    RegisteredHook.drain()
    link.refresh_from_db()
    assert len(hooks(buildkite)) == 1 and link.state == "removing"
    RegisteredHook.objects.update(due_at=timezone.now())
    RegisteredHook.drain()
    link.refresh_from_db()
    assert not hooks(buildkite) and link.state == "removed"


def test_a_webhook_that_is_gone_already_is_no_trouble(link, buildkite):
    visitor.act(buildkite, "forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_with_an_organization_that_is_gone_its_webhooks_are_gone(link, account, buildkite):
    visitor.act(buildkite, "drop", thing="b-12")
    known = {"url": link.registered_hook.url, "remote_id": link.registered_hook.remote_id}
    assert integration.destroy_hook(account.client(), "analytical", **known) is None


# It is in trouble.


def test_a_token_that_was_revoked_stops_the_link_until_somebody_types_another(
    link, window, buildkite
):
    visitor.act(buildkite, "revoke", account="ada")
    with pytest.raises(NeedsReconnect, match="takes this token no longer"):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    connect(window, token(buildkite))
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert ends(buildkite) == [200] and standing() == [BECOMES]


def test_after_too_many_calls_it_is_tried_again_a_minute_later(link, buildkite):
    fault(buildkite, "429")
    with pytest.raises(Again, match="wants fewer calls") as told:
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert (told.value.after, link.state) == (60, "active")


def test_buildkite_that_is_out_of_order_changes_nothing(link, buildkite):
    fault(buildkite, "500")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "active" and len(hooks(buildkite)) == 1


def test_an_organization_that_is_gone_is_said_to_be_gone(link, buildkite):
    visitor.act(buildkite, "drop", thing="b-12")
    RegisteredHook.objects.update(check_at=timezone.now())
    assert reconciling.drain() == 1
    link.refresh_from_db()
    assert link.state == "target_gone" and "does not know this" in link.trouble


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, Never),
        (401, NeedsReconnect),
        (403, NeedsPermission),
        (404, Gone),
        (422, Never),
        (429, Again),
    ],
)
def test_each_refusal_has_its_meaning_and_its_sentence(status, failure):
    answer = Answer(status, body=b'{"message": "for a reason"}')
    with pytest.raises(failure, match=r"Buildkite .*\(for a reason\)") as told:
        integration.answers.judge(answer, partner="Buildkite")
    assert type(told.value) is failure
