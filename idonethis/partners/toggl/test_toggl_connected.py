"""Toggl Track over real HTTP: somebody lets us in, links a workspace, and is in trouble and out of
it. It sends to a server of ours that listens meanwhile."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

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
from idonethis.integrations.tests.coming import standing
from idonethis.integrations.tests.connected import hooks, token, typed
from idonethis.integrations.values import Hook, Secret
from idonethis.partners.toggl.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.planning.toggl import Toggl as PretendToggl
from idonethis.simulators.running import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server", "toggl")]

WORKSPACE = "1842"
CONFIG = {"workspace": f"{WORKSPACE}|Analytical Engines"}
HOOKS = "/webhooks/api/v1/subscriptions/*"
#: What the form sends where nobody changes it.
USUAL = {name: integration.defaults[name] for name in ("events", "how", "who")}
connect = partial(typed, "toggl")


@pytest.fixture
def toggl(monkeypatch):
    with running(PretendToggl()) as url:
        monkeypatch.setenv("TOGGL_API_URL", url)
        yield url


@pytest.fixture
def account(window, toggl):
    assert connect(window, token(toggl)).status_code == 302
    return IntegrationUser.objects.get()


@pytest.fixture
def link(account, team, ada):
    return make_link(integration, team, user=ada, integration_user=account, config=CONFIG)


def finishes(toggl, *, by="ada", action="finish"):
    """Somebody completes the task; returns what we answered."""
    answers = visitor.act(toggl, action, thing="31", by=by)["answers"]
    while Receipt.drain():
        pass
    return answers


def fault(toggl, kind, **more):
    visitor.act(toggl, "faults", **{"fault": kind, "path": HOOKS, **more})


def calls(toggl, method):
    made = visitor.read(toggl, "journal")["calls"]
    return [each for each in made if each["method"] == method and "/webhooks/" in each["path"]]


# Somebody lets us in.


def test_whoever_types_a_token_is_who_they_are_there_and_it_is_sealed(account, ada):
    assert (account.user, account.uid, account.name) == (ada, "1815", "Ada Lovelace")
    assert account.secrets.keys() == {"token"}
    assert account.secrets["token"] not in str(IntegrationUser.objects.values().get())


def test_a_token_that_toggl_does_not_know_connects_nothing(window):
    page = connect(window, "mallory's").content.decode()
    assert "Toggl Track takes this token no longer" in page and "Nothing was connected." in page
    assert not IntegrationUser.objects.exists()


# A workspace is linked.


def test_workspaces_are_offered_by_name(account):
    offered = integration.choices("workspace", "", account.client())
    assert [choice.label for choice in offered] == ["Analytical Engines", "Looms"]
    (choice,) = integration.choices("workspace", "analyt", account.client())
    assert choice.value == CONFIG["workspace"]


def test_the_form_makes_the_webhook_which_answers_for_itself(window, account, toggl):
    form = {"team": "analytical-engines", "account": account.hash_id, **USUAL, **CONFIG}
    assert window.post("/integrations/toggl/link", form).status_code == 302
    assert IntegrationLink.objects.get().short_name == "Analytical Engines"
    [hook], ours = hooks(toggl), RegisteredHook.objects.get()
    assert (hook["url_callback"], hook["secret"]) == (ours.url, str(ours.signing_secret))
    assert (hook["workspace_id"], hook["enabled"]) == (1842, True) and hook["validated_at"]
    filters = {(each["entity"], each["action"]) for each in hook["event_filters"]}
    assert filters == {("task", "*"), ("project", "*"), ("time_entry", "*")}
    assert not Receipt.objects.exists()


def test_without_a_workspace_nothing_is_linked(window, account, toggl):
    form = {"team": "analytical-engines", "account": account.hash_id, **USUAL}
    answer = window.post("/integrations/toggl/link", form)
    assert "Pick the workspace whose work is to be logged." in answer.content.decode()
    assert not IntegrationLink.objects.exists() and not hooks(toggl)


@pytest.mark.parametrize("typed", ["../1842", "Looms", "1/2", "1842?x"])
def test_what_is_no_workspace_is_asked_for_nowhere(typed, account, toggl):
    with pytest.raises(Never, match="is not a workspace"):
        integration.standing_hook(account.client(), typed, url="https://x.example", remote_id="")
    assert not calls(toggl, "GET")


def test_a_task_that_is_completed_there_is_a_done_of_who_completes_it(link, toggl, ada):
    assert finishes(toggl) == [200]
    entry = Entry.objects.get()
    assert (entry.body, entry.user) == ("Completed “Oil the mill”", ada)
    assert finishes(toggl, action="reopen") == [200]
    assert standing() == []


def test_a_second_team_shares_the_webhook(link, account, ada, toggl):
    other = link.team.__class__.objects.create(name="Night Shift")
    other.join(ada, "admin")
    config = {**CONFIG, "time": True}
    make_link(integration, other, user=ada, integration_user=account, config=config)
    assert len(hooks(toggl)) == 1
    finishes(toggl)
    assert Entry.objects.count() == 2


def test_who_is_not_in_a_workspace_does_not_link_it(window, ada, team, toggl):
    connect(window, token(toggl, "mallory"))
    theirs = IntegrationUser.objects.get()
    with pytest.raises(NeedsPermission, match="does not let this account do that"):
        make_link(integration, team, user=ada, integration_user=theirs, config=CONFIG)
    assert not IntegrationLink.objects.exists() and not hooks(toggl)


def test_a_workspace_with_as_many_webhooks_as_its_plan_allows_says_so(account, toggl):
    known = {"remote_id": "", "secret": Secret("s")}
    integration.create_hook(account.client(), WORKSPACE, url="http://127.0.0.1:9/1", **known)
    with pytest.raises(Never, match=r"\(Maximum .* reached\).* server is 127\.0\.0\.1:9; and a"):
        integration.create_hook(account.client(), WORKSPACE, url="http://127.0.0.1:9/2", **known)


def answer(url, secret):
    body = b'{"metadata": {"model": "tag"}}'
    signed = integration.signature.sign(Hook(body, url=url), Secret(secret))
    path = urlsplit(url).path
    return Client().post(path, body, content_type="application/json", headers=signed).status_code


def test_what_our_secret_signed_is_taken_and_nothing_else(link):
    ours = link.registered_hook
    assert answer(ours.url, ours.signing_secret) == 200
    assert answer(ours.url, "mallory's") == answer(ours.url, "") == 401


def test_a_link_by_hand_goes_as_before(window, team, toggl):
    page = window.get("/integrations/toggl/link?by=hand").content.decode()
    assert 'name="workspace"' not in page
    window.post("/integrations/toggl/link", {"team": team.slug, "by": "hand", **USUAL})
    made = IntegrationLink.objects.get()
    assert (made.registered_hook, hooks(toggl)) == (None, [])
    assert answer(made.hook_url, made.signing_secret) == 200
    assert answer(made.hook_url, "another") == 401


# It is looked after.


def test_a_webhook_that_stands_is_left_as_it_is(link, toggl):
    before = hooks(toggl)
    reconciling.check(link.registered_hook)
    assert hooks(toggl) == before and not calls(toggl, "PUT")


@pytest.mark.parametrize(
    "field, value",
    [
        ("enabled", False),
        ("validated_at", None),
        ("event_filters", [{"entity": "tag", "action": "*"}]),
        ("url_callback", "http://127.0.0.1:9/elsewhere"),
    ],
)
def test_a_webhook_that_somebody_changed_is_put_right(field, value, link, toggl):
    visitor.act(toggl, "spoil", field=field, value=value)
    assert finishes(toggl) == [None]
    reconciling.check(link.registered_hook)
    assert finishes(toggl) == [200] and len(standing()) == 1
    [hook] = hooks(toggl)
    assert str(hook["subscription_id"]) == RegisteredHook.objects.get().remote_id


def test_a_webhook_that_somebody_removed_is_made_again(link, toggl):
    visitor.act(toggl, "forget_hooks")
    reconciling.check(link.registered_hook)
    assert finishes(toggl) == [200] and len(standing()) == 1


def test_a_webhook_whose_name_got_lost_on_the_way_is_found_by_its_address(link, toggl):
    visitor.act(toggl, "forget_hooks")
    fault(toggl, "truncated", method="POST")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    reconciling.check(link.registered_hook)
    (hook,) = hooks(toggl)
    assert RegisteredHook.objects.get().remote_id == str(hook["subscription_id"])
    assert finishes(toggl) == [200]


def test_with_its_last_link_the_webhook_goes(link, toggl):
    link.remove()
    RegisteredHook.drain()
    assert not hooks(toggl) and not RegisteredHook.objects.exists()


def test_a_webhook_whose_removal_meets_an_outage_goes_once_toggl_is_back(link, toggl):
    fault(toggl, "500", method="DELETE")
    link.remove()
    RegisteredHook.drain()
    assert len(hooks(toggl)) == 1
    assert RegisteredHook.objects.get().trouble == "Toggl Track answered 500."
    RegisteredHook.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    RegisteredHook.drain()
    assert not hooks(toggl) and not RegisteredHook.objects.exists()


def test_a_webhook_that_is_gone_already_is_no_trouble(link, toggl):
    visitor.act(toggl, "forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


# It is in trouble.


def test_a_token_that_was_reset_there_stops_the_link_until_somebody_types_the_new_one(
    link, window, toggl
):
    visitor.act(toggl, "revoke", account="ada")
    with pytest.raises(Failed, match="takes this token no longer"):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    connect(window, token(toggl))
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert finishes(toggl) == [200] and len(standing()) == 1


def test_after_too_many_calls_it_is_tried_again_later(link, toggl):
    fault(toggl, "429", retry_after=120)
    with pytest.raises(Again, match="wants fewer calls") as told:
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert (told.value.after, link.state) == (120, "active")


def test_once_the_calls_of_an_hour_are_spent_it_is_tried_again_later(link, toggl):
    visitor.act(toggl, "spend")
    with pytest.raises(Again, match="this plan allows in an hour are spent") as told:
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert (told.value.after, link.state) == (1800, "active")


def test_toggl_that_is_out_of_order_changes_nothing(link, toggl):
    fault(toggl, "500")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "active" and len(hooks(toggl)) == 1
