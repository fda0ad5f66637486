"""Every partner that says little and is asked for the rest, over real HTTP: connected, linked, in
trouble and out of it. It sends to a server of ours that listens meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.base import Expands, Registers, SignsForAll
from idonethis.integrations.http import Failed, NeedsPermission, Never
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    Receipt,
    RegisteredHook,
    Replay,
    reconciling,
)
from idonethis.integrations.models.expanding import Expansion
from idonethis.integrations.models.making import make_link
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.tests.coming import standing, work, work_off
from idonethis.integrations.tests.listening import listening
from idonethis.simulators import visitor
from idonethis.simulators.planning import asana, clickup, monday, notion
from idonethis.simulators.planning.app import Planning
from idonethis.simulators.running import running

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Row:
    """``thing`` is there to be finished. It is asked for at ``asked``, in these words, and webhooks
    are made at ``making``."""

    simulator: type[Planning]
    api: str
    config: dict[str, str]
    thing: str
    asked: tuple[str, str]
    making: tuple[str, str] = ("*/webhook*", "")
    settings: dict[str, str] = field(default_factory=dict)
    becomes: str = "Completed “Oil the mill”"


ROWS = {
    "asana": Row(
        asana.Asana,
        asana.API,
        {"project": "1842|Difference Engine"},
        "7001",
        ("/api/1.0/tasks/", ""),
    ),
    "clickup": Row(
        clickup.ClickUp,
        clickup.API,
        {"workspace": "901|Engines", "list": clickup.LIST},
        "1vj38vv",
        ("/api/v2/task/", ""),
    ),
    "monday_com": Row(
        monday.Monday,
        "/v2",
        {"board": f"{monday.BOARD}|Difference Engine"},
        monday.ITEM,
        ("/v2", "items ("),
        making=("/v2", "create_webhook"),
        settings={"SIGNING_SECRET": monday.SIGNING_SECRET},
    ),
    "notion": Row(notion.Notion, "", {}, notion.PAGE, ("/v1/pages/", "")),
}


def test_each_of_them_has_its_row():
    every = registry.integrations().items()
    asked = {kind for kind, each in every if isinstance(each, Expands) and each.connects}
    assert asked == set(ROWS)


REGISTERING = [kind for kind in ROWS if isinstance(registry.integrations()[kind], Registers)]
registering = pytest.mark.parametrize("kind", REGISTERING, indirect=True)


@pytest.fixture(params=ROWS)
def kind(request):
    return request.param


@pytest.fixture
def row(kind):
    return ROWS[kind]


@pytest.fixture
def integration(kind):
    return registry.integrations()[kind]


@pytest.fixture
def server(settings):
    with listening() as url:
        settings.BASE_URL = url
        yield url


@pytest.fixture
def partner(kind, row, server, monkeypatch):
    back = (f"http://testserver/auth/{kind}/callback", f"{server}/auth/{kind}/callback")
    with running(row.simulator(redirect_uris=back)) as url:
        for name, value in {
            "WEB_URL": url,
            "API_URL": url + row.api,
            "CLIENT_ID": f"pretend-{kind}-client",
            "CLIENT_SECRET": f"pretend-{kind}-secret",
            **row.settings,
        }.items():
            monkeypatch.setenv(f"{kind.upper()}_{name}", value)
        yield url


@pytest.fixture
def window(client, ada, team):
    client.force_login(ada)
    return client


@pytest.fixture
def account(kind, partner, window):
    """Ada lets us in, all the way through the consent page."""
    there = window.post(f"/auth/{kind}", {"team": "analytical-engines"})["Location"]
    window.get(f"/auth/{kind}/callback", visitor.consent(there, "ada"))
    return IntegrationUser.objects.get(integration_type=kind)


@pytest.fixture
def link(integration, row, account, team, ada, partner, window):
    made = make_link(integration, team, user=ada, integration_user=account, config=row.config)
    if not made.registered_hook:
        enter(made, partner, window)
    return made


def enter(link, partner, window):
    """Somebody enters its address at the partner, and types in there what arrives here."""
    assert visitor.act(partner, "point", url=link.hook_url) == {"answer": 200}
    page = window.post(f"/links/{link.hash_id}/secret").content.decode()
    link.refresh_from_db()
    assert link.signing_secret in page
    visitor.act(partner, "confirm", url=link.hook_url, token=str(link.signing_secret))


@pytest.fixture
def expansion(integration):
    return Expansion(integration)


@pytest.fixture
def finish(partner, row):
    """Somebody finishes the thing there, and the partner tells us."""

    def finish(by="ada", *, action="finish"):
        assert visitor.act(partner, action, thing=row.thing, by=by)["answers"] == [200]
        return Receipt.objects.latest("pk")

    return finish


@pytest.fixture
def fault(partner, row):
    def arm(kind, **more):
        path, words = row.asked
        visitor.act(partner, "faults", fault=kind, path=f"{path}*", words=words, **more)

    return arm


def later():
    Receipt.objects.filter(state="bare").update(due_at=timezone.now() - timedelta(seconds=1))


def asked_at(partner, row):
    """How often it was asked for a thing."""
    path, words = row.asked
    calls = visitor.read(partner, "journal")["calls"]
    return len([call for call in calls if path in call["path"] and words in str(call)])


def test_whoever_connects_is_who_they_are_there(account, ada):
    assert (account.uid, account.name, account.email) == ("1815", "Ada Lovelace", ada.email)


@registering
def test_what_can_be_linked_is_offered(kind, integration, account, row):
    (name,) = integration.link_form.picks
    found = integration.choices(name, "e", account.client())
    assert [choice.value for choice in found] == [row.config[name]]
    assert not integration.choices(name, "steam", account.client())


def test_what_somebody_finishes_there_becomes_an_entry(link, finish, expansion, row, ada):
    receipt = finish()
    assert receipt.state == "bare"
    expansion.drain()
    work()
    entry = Entry.objects.get()
    assert (entry.body, entry.user, entry.team) == (row.becomes, ada, link.team)


def test_whoever_else_finishes_it_is_known_by_their_address(link, finish, expansion, grace):
    grace.emailaddress_set.update_or_create(email=grace.email, defaults={"verified": True})
    finish("grace")
    expansion.drain()
    work()
    assert Entry.objects.get().user == grace


def test_what_is_taken_up_again_goes(link, finish, expansion):
    for action in ("finish", "reopen"):
        finish(action=action)
        expansion.drain()
        work()
    assert standing() == []


def test_a_partner_that_is_away_is_asked_again_and_the_day_stays(
    link, finish, expansion, fault, row
):
    finish()
    then = timezone.now() - timedelta(days=1)
    Receipt.objects.update(received_at=then)
    fault("500")
    assert expansion.drain() == 1
    work()
    assert standing() == [] and Receipt.objects.get().result == "asking"
    later()
    expansion.drain()
    work()
    assert standing() == [row.becomes]


def test_a_pause_that_the_partner_asks_for_is_kept(link, finish, expansion, fault):
    finish()
    fault("429", retry_after=120)
    expansion.drain()
    waits = Receipt.objects.get().due_at - timezone.now()
    assert timedelta(seconds=100) < waits <= timedelta(seconds=120)
    assert expansion.drain() == 0


def test_a_grant_that_has_ended_stops_the_link_until_somebody_connects_again(
    link, finish, expansion, partner, window, kind, row
):
    finish()
    visitor.act(partner, "revoke", account="ada")
    expansion.drain()
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    there = window.post(f"/auth/{kind}", {"team": "analytical-engines"})["Location"]
    window.get(f"/auth/{kind}/callback", visitor.consent(there, "ada"))
    link.refresh_from_db()
    assert link.state == "active"
    later()
    expansion.drain()
    work()
    assert standing() == [row.becomes]


def test_what_is_gone_there_says_so_and_leaves_the_link_alone(
    link, finish, expansion, partner, row
):
    receipt = finish()
    visitor.act(partner, "drop", thing=row.thing)
    expansion.drain()
    work()
    receipt.refresh_from_db()
    link.refresh_from_db()
    assert (receipt.outcome, link.state) == ("vanished", "active")


def test_read_again_nobody_is_asked_again(link, finish, expansion, partner, row):
    finish()
    expansion.drain()
    work()
    visitor.act(partner, "drop", thing=row.thing)
    work_off(Replay.begin(Selection(link=link.hash_id), user=None))
    assert (standing(), asked_at(partner, row)) == ([row.becomes], 1)


@registering
def test_the_secret_is_the_partners_and_is_kept_sealed(link, partner):
    if isinstance(link.integration, SignsForAll):
        pytest.skip("It is the application's.")
    ((name, hook),) = visitor.read(partner, "hooks").items()
    ours = link.registered_hook
    assert (ours.signing_secret, ours.remote_id, hook["url"]) == (hook["secret"], name, ours.url)
    assert hook["secret"] not in ours.sealed_secret
    assert not ours.awaits_handshake


@registering
def test_a_second_team_shares_the_webhook_and_its_secret(
    link, integration, account, partner, finish, expansion, ada, row
):
    stands = visitor.read(partner, "hooks")
    other = link.team.__class__.objects.create(name="Night Shift")
    other.join(ada, "admin")
    second = make_link(integration, other, user=ada, integration_user=account, config=row.config)
    assert second.registered_hook == link.registered_hook
    assert visitor.read(partner, "hooks") == stands
    finish()
    while expansion.drain():
        pass
    work()
    assert Entry.objects.count() == 2


@registering
def test_a_webhook_that_somebody_removed_is_made_again_with_its_new_secret(
    link, partner, finish, expansion, row
):
    visitor.act(partner, "forget_hooks")
    reconciling.check(link.registered_hook)
    ours = RegisteredHook.objects.get()
    (hook,) = visitor.read(partner, "hooks").values()
    assert isinstance(ours.integration, SignsForAll) or ours.signing_secret == hook["secret"]
    finish()
    expansion.drain()
    work()
    assert standing() == [row.becomes]


@registering
def test_a_webhook_that_stands_is_left_as_it_is(link, partner):
    before = visitor.read(partner, "hooks")
    reconciling.check(link.registered_hook)
    assert visitor.read(partner, "hooks") == before


@registering
def test_with_its_last_link_the_webhook_goes(link, partner):
    link.remove()
    RegisteredHook.drain()
    assert visitor.read(partner, "hooks") == {}
    assert not RegisteredHook.objects.exists()


@registering
def test_where_the_partner_makes_no_webhook_nothing_is_linked(
    integration, account, team, ada, row, partner
):
    path, words = row.making
    visitor.act(partner, "faults", fault="500", path=path, words=words, method="POST", times=0)
    with pytest.raises(Failed):
        make_link(integration, team, user=ada, integration_user=account, config=row.config)
    assert not IntegrationLink.objects.exists()
    assert visitor.read(partner, "hooks") == {}


@registering
def test_an_unsigned_hook_is_refused_in_the_partners_words_and_counted(link, integration):
    refused = httpx.post(link.registered_hook.url, json={"events": []})
    assert refused.status_code in (400, 401)
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("kind", ["asana"], indirect=True)
def test_a_handshake_after_the_webhook_stands_is_refused_and_counted(link):
    before = link.registered_hook.signing_secret
    soon = timezone.now() + timedelta(minutes=5)
    RegisteredHook.objects.update(handshake_until=soon)
    headers = {"X-Hook-Secret": "mallory's"}
    refused = httpx.post(link.registered_hook.url, headers=headers)
    assert refused.status_code == 401 and "x-hook-secret" not in refused.headers
    link.registered_hook.refresh_from_db()
    assert link.registered_hook.signing_secret == before


@pytest.mark.parametrize("kind", ["asana"], indirect=True)
def test_the_address_of_the_link_itself_takes_no_handshake(link, server):
    forged = httpx.post(link.hook_url, headers={"X-Hook-Secret": "mallory's"})
    assert forged.status_code == 401
    link.refresh_from_db()
    assert not link.sealed_secret


@pytest.mark.parametrize("kind", ["asana"], indirect=True)
def test_where_nobody_answers_the_handshake_there_is_no_webhook_and_it_says_why(
    integration, account, team, ada, row, settings
):
    settings.BASE_URL = "http://127.0.0.1:9"
    with pytest.raises(Never, match="reach from the internet, and this server is 127.0.0.1:9"):
        make_link(integration, team, user=ada, integration_user=account, config=row.config)
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()


@pytest.mark.parametrize("kind", ["notion"], indirect=True)
def test_a_token_is_taken_once_and_no_second_page_of_the_partner_replaces_it(link, partner):
    before = link.signing_secret
    assert visitor.act(partner, "point", url=link.hook_url) == {"answer": 401}
    link.refresh_from_db()
    assert link.signing_secret == before


@pytest.mark.parametrize("kind", ["clickup"], indirect=True)
def test_a_webhook_that_was_suspended_is_set_going_again(link, partner, finish, integration):
    hook = link.registered_hook
    visitor.act(partner, "suspend")
    reconciling.check(hook)
    (there,) = visitor.read(partner, "hooks").values()
    assert (there["status"], hook.signing_secret) == ("active", there["secret"])


@pytest.mark.parametrize("kind", ["clickup"], indirect=True)
def test_a_workspace_that_nobody_ticked_is_not_linked_and_the_grant_holds(
    integration, account, team, ada
):
    with pytest.raises(NeedsPermission, match="tick the workspace there"):
        config = {"workspace": "902|Looms"}
        make_link(integration, team, user=ada, integration_user=account, config=config)
    account.refresh_from_db()
    assert integration.choices("workspace", "", account.client())
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()


@pytest.mark.parametrize("kind", ["clickup"], indirect=True)
def test_a_list_that_is_not_there_is_not_linked(integration, account, team, ada, row):
    config = row.config | {"list": "999"}
    with pytest.raises(Never, match="ClickUp knows no list 999"):
        make_link(integration, team, user=ada, integration_user=account, config=config)
    assert not RegisteredHook.objects.exists()
