"""Zendesk over real HTTP: somebody lets us in by a token, links the account, and is in trouble and
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
from idonethis.integrations.tests.connected import TEAM, hooks, token
from idonethis.partners.zendesk.forms import ZendeskCredentials
from idonethis.partners.zendesk.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.planning.zendesk import ENGINES, HOOKS, LOOMS
from idonethis.simulators.planning.zendesk import Zendesk as PretendZendesk
from idonethis.simulators.running import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server", "zendesk")]

BECOMES = "Solved “The mill squeaks” (#12)"
CONFIG = {"site": f"{ENGINES}|{ENGINES}"}


@pytest.fixture
def zendesk(monkeypatch):
    with running(PretendZendesk()) as url:
        monkeypatch.setenv("ZENDESK_API_URL", url)
        yield url


def connect(window, typed, who="ada"):
    """Types it on the page, as a person does."""
    form = {"team": TEAM, "subdomain": "engines", "email": f"{who}@example.org", "token": typed}
    return window.post("/auth/zendesk/typed", form)


@pytest.fixture
def account(window, zendesk):
    assert connect(window, token(zendesk)).status_code == 302
    return IntegrationUser.objects.get()


@pytest.fixture
def link(account, team, ada):
    return make_link(integration, team, user=ada, integration_user=account, config=CONFIG)


def ours(zendesk):
    """The one that comes here; others go nowhere."""
    (hook,) = [each for each in hooks(zendesk) if each["endpoint"]]
    return hook


def solves(zendesk, *, by="ada", action="finish", **more):
    """Somebody solves the ticket; returns what we answered."""
    answers = visitor.act(zendesk, action, thing="12", by=by, **more)["answers"]
    work()
    return answers


def fault(zendesk, kind, **more):
    visitor.act(zendesk, "faults", **{"fault": kind, "path": f"{HOOKS}*", **more})


# Somebody lets us in.


def test_whoever_types_a_token_is_who_their_mail_address_says_and_it_is_sealed(account, ada):
    assert (account.user, account.uid, account.name) == (ada, "1815", "Ada Lovelace")
    assert account.secrets["token"] not in str(IntegrationUser.objects.values().get())


def test_a_token_that_is_refused_connects_nobody_and_it_is_said_why(window):
    page = connect(window, "guessed").content.decode()
    assert "Zendesk takes this token no longer, or not with this mail address" in page
    assert "authenticate you" in page and "Nothing was connected." in page
    assert not IntegrationUser.objects.exists()


def test_a_token_of_another_account_does_not_speak_for_anybody_here(window, zendesk):
    page = connect(window, token(zendesk, "mallory")).content.decode()
    assert "Nothing was connected." in page and not IntegrationUser.objects.exists()


def test_a_stranger_whom_zendesk_calls_anonymous_is_nobody(window, zendesk):
    page = connect(window, token(zendesk, "nobody"), "nobody").content.decode()
    assert "Zendesk does not know who this token and mail address are." in page
    assert not IntegrationUser.objects.exists()


@pytest.mark.parametrize(
    "said", ["engines", "Engines.zendesk.com", "https://engines.zendesk.com/agent/dashboard"]
)
def test_the_address_may_be_typed_as_the_browser_shows_it(said):
    typed = {"subdomain": said, "email": "ada@example.org", "token": "x"}
    form = ZendeskCredentials(typed)
    assert form.is_valid() and form.cleaned_data["subdomain"] == "engines"
    assert integration.base({"subdomain": "engines"}).count("{") == 0


@pytest.mark.parametrize(
    "said",
    [
        "engines.example.org",
        "evil.example/.zendesk.com",
        "a@evil",
        "evil.com#",
        "-x",
        "x.y",
        "",
        "ä",
    ],
)
def test_no_other_site_is_told_a_token(said, window, zendesk):
    form = ZendeskCredentials({"subdomain": said, "email": "ada@example.org", "token": "x"})
    assert "subdomain" in form.errors


def test_calls_go_to_the_account_that_was_typed(monkeypatch):
    monkeypatch.delenv("ZENDESK_API_URL")
    assert integration.base({"subdomain": "engines"}) == "https://engines.zendesk.com"


# The account is linked.


def test_the_account_of_the_token_is_offered(account):
    (choice,) = integration.choices("site", "ENG", account.client())
    assert (choice.value, choice.label) == (ENGINES, ENGINES)
    assert not integration.choices("site", "steam", account.client())


def test_the_form_makes_the_webhook_and_names_the_link(window, account, zendesk):
    form = {"team": TEAM, "account": account.hash_id, **CONFIG}
    assert window.post("/integrations/zendesk/link", form).status_code == 302
    assert IntegrationLink.objects.get().short_name == ENGINES
    kept = RegisteredHook.objects.get()
    assert (ours(zendesk)["id"], ours(zendesk)["endpoint"]) == (kept.remote_id, kept.url)


def test_a_solved_ticket_is_a_done_of_its_assignee_until_it_is_opened_again(link, zendesk, ada):
    assert solves(zendesk) == [200]
    entry = Entry.objects.get()
    assert (entry.body, entry.user, entry.team) == (BECOMES, ada, link.team)
    assert entry.url == f"https://{ENGINES}/agent/tickets/12"
    assert solves(zendesk, action="rename", name="The mill creaks") == [200]
    assert standing() == ["Solved “The mill creaks” (#12)"]
    assert solves(zendesk, action="reopen") == [200]
    assert standing() == []


def test_the_secret_that_zendesk_makes_is_kept_sealed_and_nothing_else_is_taken(link, zendesk):
    kept = link.registered_hook
    assert kept.signing_secret == ours(zendesk)["secret"]
    assert ours(zendesk)["secret"] not in str(RegisteredHook.objects.values().get())
    for url in (kept.url, link.hook_url):
        assert Client(url).send("POST", "", json={"happened": "solved"}).status == 401


def test_a_second_team_shares_the_webhook_and_its_secret(link, account, ada, zendesk):
    before = ours(zendesk)
    other = link.team.__class__.objects.create(name="Night Shift")
    other.join(ada, "admin")
    make_link(integration, other, user=ada, integration_user=account, config=CONFIG)
    assert ours(zendesk) == before
    assert solves(zendesk) == [200] and Entry.objects.count() == 2


def test_an_agent_hears_that_it_takes_more_and_nothing_is_linked(window, team, ada, zendesk):
    connect(window, token(zendesk, "grace"), "grace")
    account = IntegrationUser.objects.get()
    with pytest.raises(NeedsPermission, match="webhooks take an admin"):
        make_link(integration, team, user=ada, integration_user=account, config=CONFIG)
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()


def test_the_token_of_another_account_takes_no_webhook_for_gone(link, client, mallory, zendesk):
    client.force_login(mallory)
    connect(client, token(zendesk, "mallory"), "mallory")
    hers = IntegrationUser.objects.get(uid="1666").client()
    known = {"url": link.registered_hook.url, "remote_id": link.registered_hook.remote_id}
    for ask in (integration.standing_hook, integration.destroy_hook):
        with pytest.raises(NeedsPermission, match=f"{ENGINES} is another account .* {LOOMS}"):
            ask(hers, ENGINES, **known)
    with pytest.raises(NeedsPermission):
        integration.create_hook(hers, ENGINES, url="https://x", secret=link.signing_secret)
    assert len(hooks(zendesk)) == 1


def test_without_the_account_nothing_is_linked(window, account, zendesk):
    form = {"team": TEAM, "account": account.hash_id}
    page = window.post("/integrations/zendesk/link", form).content.decode()
    assert "Pick the account whose tickets are to be logged." in page
    assert not IntegrationLink.objects.exists() and not hooks(zendesk)


def test_a_link_by_hand_stays_possible(window, team):
    page = window.get("/integrations/zendesk/link?by=hand").content.decode()
    assert 'name="site"' not in page
    window.post("/integrations/zendesk/link", {"team": team.slug, "by": "hand"})
    made = IntegrationLink.objects.get()
    assert made.registered_hook is None and made.awaits_secret


def test_its_webhooks_can_be_found_by_hand():
    page = integration.hooks_page(ENGINES)
    assert page == "https://engines.zendesk.com/admin/apps-integrations/webhooks/webhooks"


# It is looked after.


def test_a_webhook_that_stands_is_left_as_it_is_among_however_many(account, team, ada, zendesk):
    visitor.act(zendesk, "crowd", many=120)
    link = make_link(integration, team, user=ada, integration_user=account, config=CONFIG)
    before = hooks(zendesk)
    reconciling.check(link.registered_hook)
    assert hooks(zendesk) == before and not Repair.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "repair"),
    [
        ("subscriptions", ["zen:event-type:ticket.created"], "events"),
        ("endpoint", "https://elsewhere.example.org", "address"),
        ("status", "inactive", "switched_on"),
        ("request_format", "xml", "settings"),
        ("http_method", "PUT", "settings"),
    ],
)
def test_a_webhook_that_somebody_changed_is_put_right(link, zendesk, field, value, repair):
    before = ours(zendesk)
    visitor.act(zendesk, "edit_hooks", field=field, value=value)
    reconciling.check(link.registered_hook)
    assert hooks(zendesk) == [before]
    assert Repair.objects.get().kind == repair
    assert solves(zendesk) == [200]


def test_a_webhook_that_somebody_removed_is_made_again(link, zendesk):
    visitor.act(zendesk, "forget_hooks")
    reconciling.check(link.registered_hook)
    assert solves(zendesk) == [200] and standing() == [BECOMES]


def test_a_secret_that_was_reset_there_is_fetched_when_the_webhook_is_next_put_right(link, zendesk):
    visitor.act(zendesk, "edit_hooks", field="secret", value="reset")
    visitor.act(zendesk, "edit_hooks", field="status", value="inactive")
    reconciling.check(link.registered_hook)
    assert RegisteredHook.objects.get().signing_secret == "reset"
    assert solves(zendesk) == [200]


def test_where_zendesk_shows_no_secret_it_is_asked_again(link, zendesk):
    visitor.act(zendesk, "edit_hooks", field="secret", value="")
    visitor.act(zendesk, "edit_hooks", field="status", value="inactive")
    with pytest.raises(Again, match="did not show the secret"):
        reconciling.check(link.registered_hook)


@pytest.mark.parametrize("path", [HOOKS, f"{HOOKS}/*/signing_secret"])
def test_one_whose_making_was_not_answered_is_taken_up_with_its_secret(path, link, zendesk):
    visitor.act(zendesk, "forget_hooks")
    fault(zendesk, "truncated", path=path, method="POST" if path == HOOKS else "GET")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    reconciling.check(RegisteredHook.objects.get())
    assert RegisteredHook.objects.get().signing_secret == ours(zendesk)["secret"]
    assert solves(zendesk) == [200] and standing() == [BECOMES]


def test_one_that_shows_no_secret_is_no_webhook_yet(account, team, ada, zendesk):
    fault(zendesk, "garbage", path=f"{HOOKS}/*/signing_secret")
    with pytest.raises(Failed):
        make_link(integration, team, user=ada, integration_user=account, config=CONFIG)
    RegisteredHook.drain()
    assert not hooks(zendesk) and not RegisteredHook.objects.exists()


# It goes.


def test_with_its_last_link_the_webhook_goes_and_no_other(link, zendesk):
    visitor.act(zendesk, "crowd", many=3)
    link.remove()
    RegisteredHook.drain()
    assert len(hooks(zendesk)) == 3 and not RegisteredHook.objects.exists()
    link.refresh_from_db()
    assert link.state == "removed"


def test_a_webhook_that_is_gone_already_is_no_trouble(link, zendesk):
    visitor.act(zendesk, "forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_while_zendesk_is_away_the_webhook_stays_due_and_goes_afterwards(link, zendesk):
    fault(zendesk, "500", path="*", times=0)
    link.remove()
    RegisteredHook.drain()
    assert RegisteredHook.objects.get().state == "due" and len(hooks(zendesk)) == 1
    visitor.act(zendesk, "faults/clear")
    RegisteredHook.objects.update(due_at=timezone.now())
    RegisteredHook.drain()
    assert not hooks(zendesk) and not RegisteredHook.objects.exists()


# It is in trouble.


def test_a_token_that_was_removed_stops_the_link_until_somebody_types_another(
    link, window, zendesk
):
    visitor.act(zendesk, "revoke", account="ada")
    with pytest.raises(NeedsReconnect, match="takes this token no longer"):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    connect(window, token(zendesk))
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert solves(zendesk) == [200] and standing() == [BECOMES]


def test_after_too_many_calls_it_is_tried_again_when_zendesk_says(link, zendesk):
    fault(zendesk, "429", retry_after=93)
    with pytest.raises(Again, match="wants fewer calls") as told:
        reconciling.check(link.registered_hook)
    assert told.value.after == 93
    link.refresh_from_db()
    assert link.state == "active"


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, Never),
        (401, NeedsReconnect),
        (403, NeedsPermission),
        (404, Gone),
        (422, Never),
        (429, Again),
        (503, Again),
    ],
)
def test_each_refusal_has_its_meaning(status, failure):
    body = b'{"errors": [{"code": "Torn", "title": "Torn card"}], "error": "Torn card"}'
    with pytest.raises(failure, match="Zendesk") as told:
        integration.answers.judge(Answer(status, body=body), partner="Zendesk")
    assert type(told.value) is failure
    assert status in (429, 503) or "(Torn card)" in str(told.value)
