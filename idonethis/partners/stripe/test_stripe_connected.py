"""Stripe over real HTTP: somebody lets us in by a key, links the account, and is in trouble and out
of it. It sends to a server of ours that listens meanwhile."""

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
from idonethis.partners.stripe.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.planning.stripe import API, ENGINES, LOOMS
from idonethis.simulators.planning.stripe import Stripe as PretendStripe
from idonethis.simulators.running import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server", "stripe")]

BECOMES = "1 invoice paid at Stripe"


@pytest.fixture
def stripe(monkeypatch):
    with running(PretendStripe()) as url:
        monkeypatch.setenv("STRIPE_API_URL", url)
        yield url


def key(stripe, who="ada"):
    return visitor.act(stripe, "let_in", account=who)["access_token"]


def connect(window, typed):
    """Types it on the page, as a person does."""
    return window.post("/auth/stripe/typed", {"team": "analytical-engines", "key": typed})


@pytest.fixture
def account(window, stripe):
    assert connect(window, key(stripe)).status_code == 302
    return IntegrationUser.objects.get()


@pytest.fixture
def link(account, team, ada):
    return make_link(integration, team, user=ada, integration_user=account, config={})


def hooks(stripe):
    return [each for each in visitor.read(stripe, "hooks").values() if each["url"]]


def pays(stripe, *, action="finish"):
    """A customer pays an invoice; returns what we answered."""
    answers = visitor.act(stripe, action, thing="12", by="ada")["answers"]
    work()
    return answers


def fault(stripe, kind, path=f"{API}*", **more):
    visitor.act(stripe, "faults", fault=kind, path=path, **more)


def ours(stripe):
    """The only one that comes here, whose secret is known."""
    (hook,) = hooks(stripe)
    kept = RegisteredHook.objects.get()
    assert (hook["id"], hook["url"]) == (kept.remote_id, kept.url)
    return kept.signing_secret == hook["secret"]


# Somebody lets us in.


def test_a_key_speaks_for_the_account_and_is_sealed(account, ada):
    assert (account.user, account.uid) == (ada, ENGINES)
    assert account.name == "Analytical Engines"
    assert account.secrets["key"] not in str(IntegrationUser.objects.values().get())


def test_a_key_that_is_refused_connects_nobody_and_it_is_said_why(window):
    page = connect(window, "rk_live_guessed0815").content.decode()
    assert "Stripe takes this key no longer (Invalid API Key provided: rk_live_****)." in page
    assert "Nothing was connected." in page and not IntegrationUser.objects.exists()


@pytest.mark.parametrize("typed", ["rk_test_0123456789", "pk_live_0123456789", "whsec_01234567"])
def test_a_key_that_would_tell_nothing_is_not_even_tried(window, stripe, typed):
    page = connect(window, typed).content.decode()
    assert "it begins with rk_live_ or sk_live_" in page
    assert not IntegrationUser.objects.exists()
    assert not visitor.read(stripe, "journal")["calls"]


def test_a_key_that_may_not_say_whose_it_is_is_told_which_permission_it_lacks(window, stripe):
    page = connect(window, key(stripe, "nameless")).content.decode()
    assert "It needs webhook_write and connected_account_read." in page
    assert not IntegrationUser.objects.exists()


# The account is linked.


def test_the_form_makes_the_webhook_and_asks_for_nothing_to_pick(window, account, stripe):
    form = {"team": "analytical-engines", "account": account.hash_id, "events": "invoice.paid"}
    assert window.post("/integrations/stripe/link", form).status_code == 302
    assert IntegrationLink.objects.get().short_name == "Stripe"
    assert RegisteredHook.objects.get().subject == ENGINES
    assert ours(stripe)


def test_what_is_paid_there_is_counted(link, stripe, ada):
    assert pays(stripe) == [200]
    entry = Entry.objects.get()
    assert (entry.body, entry.user, entry.team) == (BECOMES, ada, link.team)
    assert pays(stripe, action="reopen") == [None]


def test_the_secret_that_stripe_tells_once_is_kept_sealed_and_nothing_else_is_taken(link, stripe):
    (hook,) = hooks(stripe)
    assert ours(stripe)
    assert hook["secret"] not in str(RegisteredHook.objects.values().get())
    for url in (link.registered_hook.url, link.hook_url):
        assert Client(url).send("POST", "", json={"type": "invoice.paid"}).status == 401


def test_a_second_team_shares_the_webhook_and_its_secret(link, account, ada, stripe):
    before = hooks(stripe)
    other = link.team.__class__.objects.create(name="Night Shift")
    other.join(ada, "admin")
    make_link(integration, other, user=ada, integration_user=account, config={})
    assert hooks(stripe) == before
    assert pays(stripe) == [200] and Entry.objects.count() == 2


def test_a_key_that_may_only_read_hears_it_and_nothing_is_linked(window, team, ada, stripe):
    connect(window, key(stripe, "reading"))
    account = IntegrationUser.objects.get()
    with pytest.raises(NeedsPermission, match="webhook_write"):
        make_link(integration, team, user=ada, integration_user=account, config={})
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()


def test_the_key_of_another_account_takes_no_webhook_for_gone(link, client, mallory, stripe):
    client.force_login(mallory)
    connect(client, key(stripe, "mallory"))
    hers = IntegrationUser.objects.get(uid=LOOMS).client()
    known = {"url": link.registered_hook.url, "remote_id": link.registered_hook.remote_id}
    for ask in (integration.standing_hook, integration.destroy_hook):
        with pytest.raises(NeedsPermission, match=f"{ENGINES} is another account at Stripe"):
            ask(hers, ENGINES, **known)
    with pytest.raises(NeedsPermission):
        integration.create_hook(hers, ENGINES, url="https://x", secret=link.signing_secret)
    assert ours(stripe)


def test_a_link_by_hand_stays_possible(window, team):
    form = {"team": team.slug, "by": "hand", "events": "invoice.paid"}
    window.post("/integrations/stripe/link", form)
    made = IntegrationLink.objects.get()
    assert made.registered_hook is None and made.awaits_secret


def test_its_webhooks_can_be_found_by_hand():
    assert integration.hooks_page(ENGINES) == f"https://dashboard.stripe.com/{ENGINES}/webhooks"


# It is looked after.


def test_a_webhook_that_stands_is_left_as_it_is_among_however_many(link, stripe):
    visitor.act(stripe, "crowd", many=120)
    before = hooks(stripe)
    reconciling.check(link.registered_hook)
    assert hooks(stripe) == before and not Repair.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "repair"),
    [
        ("enabled_events", ["customer.created"], "events"),
        ("url", "https://elsewhere.example.org", "address"),
        ("status", "disabled", "switched_on"),
    ],
)
def test_a_webhook_that_somebody_changed_is_put_right_and_keeps_its_secret(
    link, stripe, field, value, repair
):
    (before,) = hooks(stripe)
    visitor.act(stripe, "edit_hooks", field=field, value=value)
    reconciling.check(link.registered_hook)
    assert hooks(stripe) == [before]
    assert Repair.objects.latest("pk").kind == repair
    assert pays(stripe) == [200]


def test_a_webhook_that_somebody_removed_is_made_again(link, stripe):
    visitor.act(stripe, "forget_hooks")
    reconciling.check(link.registered_hook)
    assert ours(stripe)
    assert pays(stripe) == [200] and standing() == [BECOMES]


def test_one_whose_secret_got_lost_on_the_way_is_replaced(link, stripe):
    visitor.act(stripe, "forget_hooks")
    fault(stripe, "truncated", method="POST")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    assert len(hooks(stripe)) == 1
    reconciling.check(RegisteredHook.objects.get())
    assert ours(stripe)
    assert pays(stripe) == [200] and standing() == [BECOMES]


def test_one_whose_secret_got_lost_here_is_replaced(link, account, stripe):
    RegisteredHook.objects.update(sealed_secret="")
    RegisteredHook.objects.get().create_at_partner(account)
    assert ours(stripe)
    assert pays(stripe) == [200] and standing() == [BECOMES]


def test_a_webhook_whose_making_was_not_answered_leaves_nothing_behind(account, team, ada, stripe):
    fault(stripe, "truncated", method="POST")
    with pytest.raises(Failed):
        make_link(integration, team, user=ada, integration_user=account, config={})
    assert len(hooks(stripe)) == 1
    RegisteredHook.drain()
    assert not hooks(stripe) and not RegisteredHook.objects.exists()


def test_with_its_last_link_the_webhook_goes_and_no_other(link, stripe):
    visitor.act(stripe, "crowd", many=3)
    link.remove()
    RegisteredHook.drain()
    assert not hooks(stripe) and not RegisteredHook.objects.exists()
    assert len(visitor.read(stripe, "hooks")) == 3
    link.refresh_from_db()
    assert link.state == "removed"


def test_a_webhook_that_is_gone_already_is_no_trouble(link, stripe):
    visitor.act(stripe, "forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_while_stripe_is_away_the_webhook_stays_due_and_goes_afterwards(link, stripe):
    fault(stripe, "500", path="*", times=0)
    link.remove()
    RegisteredHook.drain()
    assert RegisteredHook.objects.get().state == "due" and len(hooks(stripe)) == 1
    visitor.act(stripe, "faults/clear")
    RegisteredHook.objects.update(due_at=timezone.now())
    RegisteredHook.drain()
    assert not hooks(stripe) and not RegisteredHook.objects.exists()


# It is in trouble.


def test_a_key_that_was_rolled_there_stops_the_link_until_somebody_brings_another(
    link, window, stripe
):
    visitor.act(stripe, "revoke", account="ada")
    with pytest.raises(NeedsReconnect, match="takes this key no longer"):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    connect(window, key(stripe))
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert pays(stripe) == [200] and standing() == [BECOMES]


def test_after_too_many_calls_it_is_tried_again_when_stripe_says(link, stripe):
    fault(stripe, "429", retry_after=90)
    with pytest.raises(Again, match="wants fewer calls") as told:
        reconciling.check(link.registered_hook)
    assert told.value.after == 90
    link.refresh_from_db()
    assert link.state == "active"


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, Never),
        (401, NeedsReconnect),
        (403, NeedsPermission),
        (404, Gone),
        (409, Again),
        (429, Again),
    ],
)
def test_each_refusal_has_its_meaning_and_its_sentence(status, failure):
    body = b'{"error": {"type": "invalid_request_error", "message": "Torn card"}}'
    with pytest.raises(failure, match=r"\(Torn card\)") as told:
        integration.answers.judge(Answer(status, body=body), partner="Stripe")
    assert type(told.value) is failure
