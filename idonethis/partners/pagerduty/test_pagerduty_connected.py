"""PagerDuty over real HTTP: somebody lets us in by a key, links a service, and is in trouble and
out of it. It sends to a server of ours that listens meanwhile."""

from __future__ import annotations

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
from idonethis.partners.pagerduty.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.planning.pagerduty import LOOM, MILL
from idonethis.simulators.planning.pagerduty import PagerDuty as PretendPagerDuty
from idonethis.simulators.planning.pagerduty_calls import HOME
from idonethis.simulators.running import running

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("server", "pagerduty"),
]

CONFIG = {"service": f"{HOME}/{MILL}|Mill"}
WHOLE = {"service": f"{HOME}|All services of {HOME}"}
BECOMES = "Resolved the incident “Oil the mill” (#12)"


@pytest.fixture
def pagerduty(monkeypatch):
    with running(PretendPagerDuty()) as url:
        monkeypatch.setenv("PAGERDUTY_API_URL", url)
        yield url


def key(pagerduty, who="ada"):
    return visitor.act(pagerduty, "let_in", account=who)["access_token"]


def connect(window, token, region="api"):
    """Types it on the page, as a person does."""
    form = {"team": "analytical-engines", "token": token, "region": region}
    return window.post("/auth/pagerduty/typed", form)


@pytest.fixture
def account(window, pagerduty):
    assert connect(window, key(pagerduty)).status_code == 302
    return IntegrationUser.objects.get()


@pytest.fixture
def link(account, team, ada):
    return make_link(integration, team, user=ada, integration_user=account, config=CONFIG)


def hooks(pagerduty):
    return [each for each in visitor.read(pagerduty, "hooks").values() if each["url"]]


def resolves(pagerduty, *, by="ada", action="finish"):
    """Somebody resolves the incident; returns what we answered."""
    answers = visitor.act(pagerduty, action, thing="12", by=by)["answers"]
    work()
    return answers


def fault(pagerduty, kind, path="/webhook_subscriptions*", **more):
    visitor.act(pagerduty, "faults", fault=kind, path=path, **more)


# Somebody lets us in.


def test_whoever_types_a_key_of_their_own_is_who_they_are_there_and_it_is_sealed(account, ada):
    assert (account.user, account.uid, account.name) == (ada, "1815", "Ada Lovelace")
    assert account.secrets["token"] not in str(IntegrationUser.objects.values().get())


def test_a_key_of_the_account_speaks_for_the_account_and_for_nobody(window, pagerduty, ada):
    assert connect(window, key(pagerduty, "account")).status_code == 302
    account = IntegrationUser.objects.get()
    assert (account.user, account.uid, account.name) == (ada, HOME, HOME)
    assert integration.choices("service", "", account.client())


def test_a_key_that_is_refused_connects_nobody_and_it_is_said_why(window):
    page = connect(window, "guessed").content.decode()
    assert "PagerDuty takes this key no longer (Authentication failed)." in page
    assert "Nothing was connected." in page and not IntegrationUser.objects.exists()


def test_a_key_of_the_other_region_is_tried_there_and_nowhere_else(window, pagerduty, monkeypatch):
    monkeypatch.setenv("PAGERDUTY_EU_URL", pagerduty)
    monkeypatch.setenv("PAGERDUTY_API_URL", "http://127.0.0.1:9")
    assert connect(window, key(pagerduty), "eu").status_code == 302
    assert connect(window, key(pagerduty), "mars").status_code >= 400
    assert integration.choices("service", "mill", IntegrationUser.objects.get().client())


# A service is linked.


def test_services_are_offered_by_name_and_all_of_them_at_once(account):
    offered = integration.choices("service", "", account.client())
    assert [each.value for each in offered] == [
        WHOLE["service"], CONFIG["service"], f"{HOME}/{LOOM}|Loom",
    ]  # fmt: skip
    (choice,) = integration.choices("service", "mil", account.client())
    assert choice.label == "Mill"


def test_the_form_makes_the_webhook_and_names_the_link_by_its_service(window, account, pagerduty):
    form = {"team": "analytical-engines", "account": account.hash_id, **CONFIG}
    assert window.post("/integrations/pagerduty/link", form).status_code == 302
    assert IntegrationLink.objects.get().short_name == "Mill"
    (hook,) = hooks(pagerduty)
    assert hook["url"] == RegisteredHook.objects.get().url
    assert hook["filter"] == {"id": MILL, "type": "service_reference"}


def test_without_a_pick_nothing_is_linked(window, account, pagerduty):
    form = {"team": "analytical-engines", "account": account.hash_id}
    page = window.post("/integrations/pagerduty/link", form).content.decode()
    assert "Pick the service whose incidents are to be logged, or all of them." in page
    assert not IntegrationLink.objects.exists() and not hooks(pagerduty)


def test_what_is_resolved_there_is_a_done_of_who_resolves_it(link, pagerduty, ada):
    assert resolves(pagerduty) == [200]
    entry = Entry.objects.get()
    assert (entry.body, entry.user, entry.team) == (BECOMES, ada, link.team)
    assert resolves(pagerduty, action="reopen") == [200]
    assert standing() == []


def test_a_link_to_all_services_hears_of_each_and_one_to_another_service_of_none(
    account, team, ada, pagerduty
):
    other = {"service": f"{HOME}/{LOOM}|Loom"}
    make_link(integration, team, user=ada, integration_user=account, config=other)
    assert resolves(pagerduty) == [None] and standing() == []
    make_link(integration, team, user=ada, integration_user=account, config=WHOLE)
    assert resolves(pagerduty) == [None, 200] and standing() == [BECOMES]


def test_the_secret_that_pagerduty_tells_once_is_kept_sealed_and_nothing_else_is_taken(
    link, pagerduty
):
    (hook,) = hooks(pagerduty)
    kept = link.registered_hook
    assert kept.signing_secret == hook["secret"]
    assert hook["secret"] not in str(RegisteredHook.objects.values().get())
    assert Client(kept.url).send("POST", "", json={"event": {}}).status == 401
    assert Client(link.hook_url).send("POST", "", json={"event": {}}).status == 401


def test_a_second_team_shares_the_webhook_and_its_secret(link, account, ada, pagerduty):
    before = hooks(pagerduty)
    other = link.team.__class__.objects.create(name="Night Shift")
    other.join(ada, "admin")
    make_link(integration, other, user=ada, integration_user=account, config=CONFIG)
    assert hooks(pagerduty) == before
    assert resolves(pagerduty) == [200] and Entry.objects.count() == 2


def test_whoever_may_change_nothing_there_hears_it_and_nothing_is_linked(
    team, grace, client, pagerduty
):
    client.force_login(grace)
    connect(client, key(pagerduty, "grace"))
    hers = IntegrationUser.objects.get()
    with pytest.raises(NeedsPermission, match="it must not be read-only"):
        make_link(integration, team, user=grace, integration_user=hers, config=CONFIG)
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()


def test_what_belongs_to_another_account_is_neither_linked_nor_taken_for_gone(account, team, ada):
    elsewhere = {"service": f"looms.pagerduty.com/{MILL}|Mill"}
    with pytest.raises(NeedsPermission, match=r"looms\.pagerduty\.com is another account"):
        make_link(integration, team, user=ada, integration_user=account, config=elsewhere)
    client, known = account.client(), {"url": "https://x", "remote_id": "PWH9001"}
    for ask in (integration.standing_hook, integration.destroy_hook):
        with pytest.raises(NeedsPermission):
            ask(client, "looms.pagerduty.com", **known)


def test_a_link_by_hand_stays_possible(window, team):
    page = window.get("/integrations/pagerduty/link?by=hand").content.decode()
    assert 'name="service"' not in page
    window.post("/integrations/pagerduty/link", {"team": team.slug, "by": "hand"})
    made = IntegrationLink.objects.get()
    assert made.registered_hook is None and made.awaits_secret


def test_its_webhooks_can_be_found_by_hand():
    assert integration.hooks_page(HOME) == f"https://{HOME}"
    assert integration.hooks_page(f"{HOME}/{MILL}") == f"https://{HOME}/service-directory/{MILL}"


# It is looked after.


def test_a_webhook_that_stands_is_left_as_it_is_among_however_many(account, team, ada, pagerduty):
    visitor.act(pagerduty, "crowd", many=120)
    link = make_link(integration, team, user=ada, integration_user=account, config=CONFIG)
    before = hooks(pagerduty)
    reconciling.check(link.registered_hook)
    assert hooks(pagerduty) == before and not Repair.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "repair"),
    [
        ("events", ["incident.acknowledged"], "events"),
        ("filter", {"type": "account_reference"}, "settings"),
        ("active", False, "switched_on"),
        ("off", True, "switched_on"),
    ],
)
def test_a_webhook_that_somebody_changed_is_put_right_and_keeps_its_secret(
    link, pagerduty, field, value, repair
):
    (before,) = hooks(pagerduty)
    visitor.act(pagerduty, "edit_hooks", field=field, value=value)
    reconciling.check(link.registered_hook)
    assert hooks(pagerduty) == [before]
    assert Repair.objects.latest("pk").kind == repair
    assert resolves(pagerduty) == [200]


def ours(pagerduty):
    """The only one that comes here, whose secret is known."""
    (hook,) = hooks(pagerduty)
    kept = RegisteredHook.objects.get()
    assert (hook["id"], hook["url"]) == (kept.remote_id, kept.url)
    return kept.signing_secret == hook["secret"]


def test_one_that_was_sent_elsewhere_is_replaced(link, pagerduty):
    visitor.act(pagerduty, "edit_hooks", field="url", value="https://elsewhere.example.org")
    reconciling.check(link.registered_hook)
    assert ours(pagerduty)
    assert resolves(pagerduty) == [200] and standing() == [BECOMES]


def test_one_whose_secret_got_lost_on_the_way_is_replaced(link, pagerduty):
    visitor.act(pagerduty, "forget_hooks")
    fault(pagerduty, "truncated", method="POST")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    assert len(hooks(pagerduty)) == 1
    reconciling.check(RegisteredHook.objects.get())
    assert ours(pagerduty)
    assert resolves(pagerduty) == [200] and standing() == [BECOMES]


def test_one_whose_secret_got_lost_here_is_replaced(link, account, pagerduty):
    RegisteredHook.objects.update(sealed_secret="")
    RegisteredHook.objects.get().create_at_partner(account)
    assert ours(pagerduty)
    assert resolves(pagerduty) == [200] and standing() == [BECOMES]


def test_a_webhook_that_somebody_removed_is_made_again(link, pagerduty):
    visitor.act(pagerduty, "forget_hooks")
    reconciling.check(link.registered_hook)
    assert resolves(pagerduty) == [200] and standing() == [BECOMES]


def test_a_webhook_whose_making_was_not_answered_leaves_nothing_behind(
    account, team, ada, pagerduty
):
    fault(pagerduty, "truncated", method="POST")
    with pytest.raises(Failed):
        make_link(integration, team, user=ada, integration_user=account, config=CONFIG)
    assert len(hooks(pagerduty)) == 1
    RegisteredHook.drain()
    assert not hooks(pagerduty) and not RegisteredHook.objects.exists()


def test_with_its_last_link_the_webhook_goes_and_no_other(link, pagerduty):
    visitor.act(pagerduty, "crowd", many=3)
    link.remove()
    RegisteredHook.drain()
    assert not hooks(pagerduty) and not RegisteredHook.objects.exists()
    assert len(visitor.read(pagerduty, "hooks")) == 3
    link.refresh_from_db()
    assert link.state == "removed"


def test_a_webhook_is_removed_although_its_service_is_gone(link, pagerduty):
    visitor.act(pagerduty, "drop", thing="12")
    link.remove()
    RegisteredHook.drain()
    assert not hooks(pagerduty) and not RegisteredHook.objects.exists()


def test_a_webhook_that_is_gone_already_is_no_trouble(link, pagerduty):
    visitor.act(pagerduty, "forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_while_pagerduty_is_away_the_webhook_stays_due_and_goes_afterwards(link, pagerduty):
    fault(pagerduty, "500", path="*", times=0)
    link.remove()
    RegisteredHook.drain()
    assert RegisteredHook.objects.get().state == "due" and len(hooks(pagerduty)) == 1
    visitor.act(pagerduty, "faults/clear")
    RegisteredHook.objects.update(due_at=timezone.now())
    RegisteredHook.drain()
    assert not hooks(pagerduty) and not RegisteredHook.objects.exists()


# It is in trouble.


def test_a_key_that_was_removed_there_stops_the_link_until_somebody_brings_another(
    link, window, pagerduty
):
    visitor.act(pagerduty, "revoke", account="ada")
    with pytest.raises(NeedsReconnect, match="takes this key no longer"):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    connect(window, key(pagerduty))
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert resolves(pagerduty) == [200] and standing() == [BECOMES]


def test_after_too_many_calls_it_is_tried_again_in_a_minute(link, pagerduty):
    fault(pagerduty, "429")
    with pytest.raises(Again, match=r"wants fewer calls \(Rate Limit Exceeded\)") as told:
        reconciling.check(link.registered_hook)
    assert told.value.after == 60
    link.refresh_from_db()
    assert link.state == "active"


def test_a_service_that_is_gone_is_said_to_be_gone(link, pagerduty):
    visitor.act(pagerduty, "drop", thing="12")
    RegisteredHook.objects.update(check_at=timezone.now())
    assert reconciling.drain() == 1
    link.refresh_from_db()
    assert link.state == "target_gone" and "does not know this" in link.trouble


@pytest.mark.parametrize(
    ("status", "failure"),
    [(400, Never), (401, NeedsReconnect), (402, Never), (403, NeedsPermission), (404, Gone)],
)
def test_each_refusal_has_its_meaning_and_its_sentence(status, failure):
    body = b'{"error": {"message": "Torn card", "code": 2001, "errors": []}}'
    with pytest.raises(failure, match=r"\(Torn card\)") as told:
        integration.answers.judge(Answer(status, body=body), partner="PagerDuty")
    assert type(told.value) is failure
