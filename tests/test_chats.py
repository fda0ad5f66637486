"""Every chat that people run themselves, over real HTTP: let in by a token at an address that
somebody types, linked, spoken to and posted to, in trouble and out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.http import (
    Again,
    Client,
    Failed,
    Gone,
    NeedsPermission,
    NeedsReconnect,
)
from idonethis.integrations.kits.chats import ChatOnServers
from idonethis.integrations.messages import UNSEEN
from idonethis.integrations.models import (
    Delivery,
    IntegrationLink,
    IntegrationUser,
    RegisteredHook,
    Repair,
    reconciling,
)
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.coming import standing, work
from idonethis.integrations.tests.connected import hooks
from idonethis.integrations.tests.listening import listening
from idonethis.simulators import visitor
from idonethis.simulators.chat import mattermost, rocket_chat
from idonethis.simulators.chat.served import KEY, ServedChat
from idonethis.simulators.running import running
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db(transaction=True)

ELSEWHERE = "https://elsewhere.example.org"


@dataclass(frozen=True)
class Row:
    """``ada`` and ``grace``: what they type besides the address. ``uid``: of Ada as she speaks
    there. ``channel`` and ``other`` lie below the address. ``spoilt`` are changes that somebody
    makes to a webhook there, each with the repair that it asks for. ``path``: of the address of an
    incoming webhook. ``asked``: where webhooks are asked for. ``number``: the field of a webhook by
    which it is named."""

    simulator: type[ServedChat]
    ada: dict[str, str]
    grace: dict[str, str]
    uid: str
    channel: str
    other: str
    spoilt: tuple[tuple[str, str, Any], ...]
    path: str
    asked: str
    says: str = "✅ **Done** · Ada Lovelace\n"
    number: str = "id"


ROWS = {
    "mattermost": Row(
        mattermost.Mattermost,
        {"token": "a-token-of-ada"},
        {"token": "a-token-of-grace"},
        "ada1815user",
        f"{mattermost.TEAM}/{mattermost.DONE}",
        f"{mattermost.TEAM}/{mattermost.ENGINES}",
        (
            ("address", "callback_urls", [ELSEWHERE]),
            ("events", "trigger_words", ["done"]),
            ("settings", "content_type", "application/x-www-form-urlencoded"),
            ("settings", "trigger_when", 1),
            ("settings", "channel_id", mattermost.ENGINES),
        ),
        f"/hooks/{KEY}",
        "*/hooks/outgoing*",
    ),
    "rocket_chat": Row(
        rocket_chat.RocketChat,
        {"token": "a-token-of-ada", "user": "rc1815"},
        {"token": "a-token-of-grace", "user": "rc1906"},
        "rc1815",
        rocket_chat.DONE,
        rocket_chat.ENGINES,
        (
            ("address", "urls", [ELSEWHERE]),
            ("events", "triggerWords", ["done"]),
            ("switched_on", "enabled", False),
            ("settings", "channel", ["all_public_channels"]),
            ("settings", "event", "roomJoined"),
            ("settings", "runOnEdits", False),
        ),
        f"/hooks/1815/{KEY}",
        "*/integrations.*",
        says="✅ *Done* · Ada Lovelace\n",
        number="_id",
    ),
}


def test_each_of_them_has_its_row():
    asked = {k for k, each in registry.integrations().items() if isinstance(each, ChatOnServers)}
    assert asked == set(ROWS)


@pytest.fixture(params=ROWS)
def kind(request):
    return request.param


@pytest.fixture
def row(kind):
    return ROWS[kind]


@pytest.fixture
def integration(kind):
    return registry.integrations()[kind]


@pytest.fixture(autouse=True)
def server(settings):
    with listening() as url:
        settings.BASE_URL = url
        yield url


@pytest.fixture
def partner(row):
    with running(row.simulator()) as url:
        yield url


@pytest.fixture
def window(client, ada, team):
    client.force_login(ada)
    return client


def connect(window, kind, **typed):
    return window.post(f"/auth/{kind}/typed", {"team": "analytical-engines", **typed})


@pytest.fixture
def account(window, kind, row, partner):
    assert connect(window, kind, url=f"{partner}/", **row.ada).status_code == 302
    return IntegrationUser.objects.get()


@pytest.fixture
def config(row, partner):
    return {"channel": f"{partner}/{row.channel}|#done", "hears": True}


@pytest.fixture
def link(integration, account, team, ada, config):
    return make_link(integration, team, user=ada, integration_user=account, config=config)


@pytest.fixture
def say(partner, row, kind, team, ada):
    """Ada says something, whom the team knows there."""
    IntegrationUser.objects.create(integration_type=kind, uid=row.uid, user=ada, team=team)
    return lambda text, **more: visitor.act(partner, "say", text=text, **more)


def log(link, body="shipped billing"):
    return Entry.objects.log(Draft(body=body), team=link.team, user=link.user)


def posts(partner):
    while Delivery.drain():
        pass
    return [each["text"] for each in visitor.read(partner, "messages")["done"]]


def fault(partner, kind, path, **more):
    visitor.act(partner, "faults", fault=kind, path=path, **more)


# Somebody lets us in.


def test_whoever_types_a_token_is_named_as_there_and_it_is_sealed(account, ada, partner, row):
    assert (account.user, account.login, account.name) == (ada, "ada", "Ada Lovelace")
    assert account.secrets == {"site": partner, **row.ada}
    assert row.ada["token"] not in str(IntegrationUser.objects.values().get())


def test_an_account_at_one_server_is_not_taken_for_whom_another_tells_of(
    link, account, row, partner, team
):
    assert account.uid == f"{partner}/{row.uid}"
    said = visitor.act(partner, "say", text="done shipped billing")
    assert "I do not know you yet" in said["answer"]


def test_a_token_that_is_refused_connects_nobody(window, kind, row, partner):
    page = connect(window, kind, url=partner, **{**row.ada, "token": "guessed"}).content.decode()
    assert "no longer" in page and "Nothing was connected." in page
    assert not IntegrationUser.objects.exists()


@pytest.mark.parametrize(
    ("token", "path", "sentence"),
    [
        ("", "", "A server lets in by a token"),
        ("a-token-of-ada", "/hooks/x", "type the address of the server alone"),
        ("a-token-of-ada", "/?x=", "Type the address alone"),
    ],
)
def test_an_address_that_does_not_go_with_it_is_asked_nothing(
    window, kind, row, partner, token, path, sentence
):
    typed = {**row.ada, "token": token, "url": partner + path}
    assert sentence in connect(window, kind, **typed).content.decode()
    assert "/api/" not in str(visitor.read(partner, "journal"))


# A channel is linked.


def test_the_channels_of_the_account_are_offered_by_name(integration, account, row, partner):
    offered = integration.choices("channel", "", account.client())
    assert [(each.value, each.hint) for each in offered] == [
        (f"{partner}/{row.channel}|#done", offered[0].hint),
        (f"{partner}/{row.other}|#engines", offered[1].hint),
    ]
    assert "private" in offered[1].hint and "private" not in offered[0].hint
    assert len(integration.choices("channel", "ENG", account.client())) == 1


def test_the_form_makes_the_webhook_and_names_the_link(window, kind, account, partner, config):
    form = {"team": "analytical-engines", "account": account.hash_id, "kinds": ["done"]}
    made = window.post(f"/integrations/{kind}/link", {**form, **config, "hears": "on"})
    assert made.status_code == 302
    link = IntegrationLink.objects.get()
    assert link.short_name == "#done" and link.summary.endswith("logs what people say.")
    (hook,) = hooks(partner)
    assert hook["token"] == link.registered_hook.signing_secret != ""
    assert link.registered_hook.url in str(hook) and not link.is_idle


def test_whoever_wants_no_more_than_posts_needs_no_webhook(
    integration, account, team, ada, partner, config
):
    quiet = {**config, "hears": False}
    link = make_link(integration, team, user=ada, integration_user=account, config=quiet)
    assert not hooks(partner) and not RegisteredHook.objects.exists()
    assert link.summary == "Posts dones, goals and blockers there."


def test_without_a_pick_nothing_is_linked(window, kind, account, partner):
    form = {"team": "analytical-engines", "account": account.hash_id, "hears": "on"}
    page = window.post(f"/integrations/{kind}/link", form).content.decode()
    assert "Pick the channel in which entries are to be posted." in page
    assert not IntegrationLink.objects.exists() and not hooks(partner)


def test_what_somebody_says_is_logged_and_answered(link, partner, say, team):
    said = say("done shipped billing #api")
    assert said["status"] == 200 and said["answer"].endswith(f"/t/{team.slug}")
    work()
    assert standing() == ["shipped billing #api"]
    assert Entry.objects.get().user.name == "Ada Lovelace"


def test_what_is_for_others_or_said_elsewhere_is_not_told(link, partner, say, row):
    assert say("shipped it, we are done")["said"] == "Nobody was told."
    elsewhere = row.other.rpartition("/")[2]
    assert say("done in another channel", room=elsewhere)["said"] == "Nobody was told."


def test_what_nobody_signed_is_refused(link):
    sent = Client(link.registered_hook.url).send("POST", "", json={"text": "done it"})
    assert sent.status == 401 and standing() == []


def test_a_second_team_shares_the_webhook(link, integration, account, ada, partner, config, say):
    other = Team.objects.create(name="Night Shift")
    other.join(ada, "admin")
    make_link(integration, other, user=ada, integration_user=account, config=config)
    (hook,) = hooks(partner)
    assert RegisteredHook.objects.get().signing_secret == hook["token"]


def test_whoever_may_not_make_webhooks_hears_it_and_nothing_is_linked(
    integration, kind, row, team, grace, client, partner, config
):
    client.force_login(grace)
    connect(client, kind, url=partner, **row.grace)
    hers = IntegrationUser.objects.get()
    with pytest.raises(NeedsPermission, match="does not let this account do that"):
        make_link(integration, team, user=grace, integration_user=hers, config=config)
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()


def test_nothing_of_one_server_is_told_to_another(
    link, integration, kind, row, mallory, client, config
):
    """Mallory runs a server of her own, and says that she picked what lies at Ada's."""
    with running(row.simulator()) as evil:
        client.force_login(mallory)
        connect(client, kind, url=evil, **row.ada)
        hers, entry = IntegrationUser.objects.get(user=mallory).client(), log(link)
        known = {"url": "https://x", "remote_id": "9001"}
        for act in (
            lambda: integration.check(config, hers),
            lambda: integration.standing_hook(hers, link.subject, **known),
            lambda: integration.destroy_hook(hers, link.subject, **known),
            lambda: integration.create_hook(hers, link.subject, **known, secret="s"),
            lambda: integration.deliver(entry, link, hers),
            lambda: integration.update(entry, link, hers, reference="1"),
            lambda: integration.retract(link, hers, reference="1"),
        ):
            with pytest.raises(NeedsPermission, match="lies at another server"):
                act()
        paths = str(visitor.read(evil, "journal"))
        assert "hooks" not in paths and "post" not in paths and "chat." not in paths


# Entries go out.


def test_an_entry_is_posted_follows_its_edits_and_goes_with_it(link, partner, row):
    entry = log(link, "shipped to @all")
    assert posts(partner) == [f"{row.says}shipped to @{UNSEEN}all"]
    entry.edit(kind="done", body="shipped it again")
    assert posts(partner) == [f"{row.says}shipped it again"]
    entry.delete_softly(by=entry.user)
    assert posts(partner) == []


def test_what_was_posted_to_an_address_stays_as_it_is_also_with_a_token(
    window, kind, row, integration, partner, team, ada
):
    connect(window, kind, url=partner + row.path)
    by_address = IntegrationUser.objects.get()
    assert integration.choices("channel", "", by_address.client()) is None
    form = {"team": team.slug, "account": by_address.hash_id, "kinds": ["done"], "hears": "on"}
    page = window.get(f"/integrations/{kind}/link?account={by_address.hash_id}").content.decode()
    assert '<input type="text" name="channel"' in page
    window.post(f"/integrations/{kind}/link", {**form, "channel": "#done"})
    link = IntegrationLink.objects.get()
    assert (link.short_name, link.registered_hook, hooks(partner)) == ("#done", None, [])
    entry = log(link)
    before = posts(partner)
    assert len(before) == 2
    entry.edit(kind="done", body="shipped it again")
    assert posts(partner) == before
    entry.delete_softly(by=entry.user)
    assert posts(partner) == before
    entry.restore()
    assert posts(partner) == before
    link.refresh_from_db()
    assert link.state == "active"


# It is looked after.


def test_a_webhook_that_stands_is_left_as_it_is(link, partner):
    before = hooks(partner)
    reconciling.check(link.registered_hook)
    assert hooks(partner) == before and not Repair.objects.exists()


def test_a_webhook_that_somebody_changed_is_put_right(link, partner, row, say):
    (before,) = hooks(partner)
    for repair, name, value in row.spoilt:
        visitor.act(partner, "edit_hooks", field=name, value=value)
        reconciling.check(RegisteredHook.objects.get())
        assert hooks(partner) == [before], name
        assert Repair.objects.latest("pk").kind == repair, name
    assert say("done shipped billing")["status"] == 200


def test_a_webhook_that_somebody_removed_is_made_again(link, partner, say):
    visitor.act(partner, "forget_hooks")
    reconciling.check(link.registered_hook)
    assert Repair.objects.get().kind == "made_again"
    assert say("done shipped billing")["status"] == 200
    work()
    assert standing() == ["shipped billing"]


def test_one_that_is_known_by_its_address_alone_is_not_made_twice(link, account, partner, say):
    (before,) = hooks(partner)
    RegisteredHook.objects.update(remote_id="")
    RegisteredHook.objects.get().create_at_partner(account)
    assert hooks(partner) == [before] and say("done shipped billing")["status"] == 200


def test_among_however_many_of_others_ours_is_found(link, partner):
    visitor.act(partner, "crowd", many=230)
    reconciling.check(link.registered_hook)
    assert not Repair.objects.exists() and len(hooks(partner)) == 231
    link.remove()
    RegisteredHook.drain()
    assert len(hooks(partner)) == 230 and link.registered_hook.url not in str(hooks(partner))


def test_a_webhook_whose_making_was_not_answered_leaves_nothing_behind(
    integration, account, team, ada, partner, config, row
):
    fault(partner, "truncated", row.asked, method="POST")
    with pytest.raises(Failed):
        make_link(integration, team, user=ada, integration_user=account, config=config)
    assert len(hooks(partner)) == 1
    RegisteredHook.drain()
    assert not hooks(partner) and not RegisteredHook.objects.exists()


# It goes.


def test_with_its_last_link_the_webhook_goes(link, partner):
    link.remove()
    RegisteredHook.drain()
    assert not hooks(partner) and not RegisteredHook.objects.exists()
    link.refresh_from_db()
    assert link.state == "removed"


def test_a_webhook_that_is_gone_already_is_no_trouble(link, partner):
    visitor.act(partner, "forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_one_that_somebody_is_quicker_to_remove_is_no_trouble(
    link, account, integration, partner, row
):
    """It is listed, and gone when we want to remove it."""
    visitor.act(partner, "edit_hooks", field=row.number, value="gone")
    known = {"url": link.registered_hook.url, "remote_id": link.registered_hook.remote_id}
    integration.destroy_hook(account.client(), link.subject, **known)


def test_while_the_chat_is_out_of_order_the_webhook_waits_to_be_removed(link, partner, row):
    fault(partner, "500", row.asked)
    link.remove()
    RegisteredHook.drain()
    link.refresh_from_db()
    assert link.state == "removing" and len(hooks(partner)) == 1
    RegisteredHook.objects.update(due_at=timezone.now())
    RegisteredHook.drain()
    link.refresh_from_db()
    assert link.state == "removed" and not hooks(partner)


# It is in trouble.


def test_a_token_that_was_revoked_stops_the_link_until_somebody_types_another(
    link, window, kind, row, partner, say
):
    fault(partner, "revoked", "*/api/*", times=0)
    with pytest.raises(NeedsReconnect, match="no longer"):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    visitor.act(partner, "faults/clear")
    connect(window, kind, url=partner, **row.ada)
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert say("done shipped billing")["status"] == 200


@pytest.mark.parametrize(("kind_of_it", "sentence"), [("429", "wants fewer calls"), ("500", "500")])
def test_a_chat_that_is_busy_or_out_of_order_changes_nothing(
    kind_of_it, sentence, link, partner, row
):
    before = hooks(partner)
    fault(partner, kind_of_it, row.asked)
    with pytest.raises(Again, match=sentence):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "active" and hooks(partner) == before


def test_a_channel_that_is_gone_or_not_shown_says_so(link, integration, account, ada, team, row):
    site = link.subject.removesuffix(row.channel)
    link.subject = site + row.channel[:-1] + "x"
    with pytest.raises((Gone, NeedsPermission), match="this account|must be in the channel"):
        integration.deliver(log(link), link, account.client())
