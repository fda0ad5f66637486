"""Every partner that takes messages by what a person types, over real HTTP: connected, posted to,
corrected, in trouble and out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.base import Posts, Sends, Tells
from idonethis.integrations.models import Attempt, Delivery, IntegrationLink, IntegrationUser
from idonethis.integrations.testing import let_time_pass
from idonethis.integrations.tests.commands import paste, shown
from idonethis.simulators import visitor
from idonethis.simulators.chat import (
    apprise,
    discord,
    google_chat,
    hooks,
    matrix,
    mattermost,
    rocket_chat,
    served,
    telegram,
    zulip,
)
from idonethis.simulators.chat.app import Chat
from idonethis.simulators.running import running

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Row:
    """``typed``: what lets in, at the simulator with this address; ``wrong``: what does not.
    ``config`` may name that address. ``first``: so many messages try the address of a webhook,
    where nothing can be changed afterwards."""

    simulator: type[Chat]
    typed: Callable[[str], dict[str, str]]
    wrong: dict[str, str]
    config: dict[str, str]
    says: str
    settings: tuple[str, ...] = ()
    state: str = "target_gone"
    first: int = 0
    #: What must not be known, and by which variables a command asks for it.
    secrets: tuple[str, ...] = (hooks.KEY,)
    asks: tuple[str, ...] = ("URL",)


def posting_to(path):
    return lambda url: {"url": url + path}


ROWS = {
    "discord": Row(
        discord.Discord,
        posting_to(f"/api/webhooks/{discord.WEBHOOK}/{discord.TOKEN}"),
        {"url": "{url}/api/webhooks/1906/guessed"},
        {"channel": "#done"},
        "✅ **Done** · Ada Lovelace\nshipped \\*billing\\*",
        settings=("WEB_URL",),
        secrets=(discord.TOKEN,),
    ),
    "mattermost": Row(
        mattermost.Mattermost,
        posting_to(f"/hooks/{served.KEY}"),
        {"url": "{url}/hooks/guessed"},
        {"channel": "#done"},
        "✅ **Done** · Ada Lovelace\nshipped \\*billing\\*",
        first=1,
    ),
    "mattermost with a token": Row(
        mattermost.Mattermost,
        lambda url: {"url": f"{url}/", "token": "a-token-of-ada"},
        {"url": "{url}", "token": "guessed"},
        {"channel": f"{{url}}/{mattermost.TEAM}/{mattermost.DONE}|#done"},
        "✅ **Done** · Ada Lovelace\nshipped \\*billing\\*",
        state="needs_reconnect",
        secrets=("a-token-of-ada",),
        asks=("TOKEN",),
    ),
    "rocket_chat": Row(
        rocket_chat.RocketChat,
        posting_to(f"/hooks/1815/{served.KEY}"),
        {"url": "{url}/hooks/1815/guessed"},
        {"channel": "#done"},
        "✅ *Done* · Ada Lovelace\nshipped \\*billing\\*",
        first=1,
    ),
    "rocket_chat with a token": Row(
        rocket_chat.RocketChat,
        lambda url: {"url": url, "token": "a-token-of-ada", "user": "rc1815"},
        {"url": "{url}", "token": "a-token-of-ada", "user": "rc1906"},
        {"channel": f"{{url}}/{rocket_chat.DONE}|#done"},
        "✅ *Done* · Ada Lovelace\nshipped \\*billing\\*",
        state="needs_reconnect",
        secrets=("a-token-of-ada",),
        asks=("USER", "TOKEN"),
    ),
    "google_chat": Row(
        google_chat.GoogleChat,
        posting_to(f"/v1/{google_chat.SPACE}/messages?{google_chat.QUERY}"),
        {"url": f"{{url}}/v1/{google_chat.SPACE}/messages?key=guessed"},
        {"channel": "Done"},
        "✅ *Done* · Ada Lovelace\nshipped *billing*",
        settings=("KEYS_URL",),
        first=1,
        secrets=("key-of-the-pretend-space", "token-of-the-pretend-space"),
    ),
    "microsoft_teams": Row(
        hooks.Teams,
        posting_to(f"/workflows/1/triggers/manual/paths/invoke?sig={hooks.KEY}"),
        {"url": "{url}/workflows/1/triggers/manual/paths/invoke?sig=guessed"},
        {"channel": "Done"},
        "✅ Done · Ada Lovelace\nshipped *billing*",
        first=1,
    ),
    "apprise": Row(
        apprise.Apprise,
        lambda url: {"site": url, "key": apprise.KEY},
        {"site": "{url}", "key": "guessed"},
        {"tag": "all"},
        "✅ Done · Ada Lovelace\nshipped *billing*",
        state="needs_reconnect",
        secrets=(apprise.KEY,),
        asks=("KEY",),
    ),
    "zulip": Row(
        zulip.Zulip,
        lambda url: {"site": url, "email": zulip.EMAIL, "key": zulip.KEY},
        {"site": "{url}", "email": zulip.EMAIL, "key": "guessed"},
        {"channel": "11|done", "topic": "done"},
        "✅ **Done** · Ada Lovelace\nshipped \\*billing\\*",
        state="needs_reconnect",
        secrets=(zulip.KEY, zulip.SIGNED.removeprefix("Basic ")),
        asks=("AUTHORIZATION",),
    ),
    "matrix": Row(
        matrix.Matrix,
        lambda url: {"homeserver": url, "token": matrix.TOKEN},
        {"homeserver": "{url}", "token": "guessed"},
        {"room": f"{matrix.ROOM}|Done"},
        "✅ Done · Ada Lovelace\nshipped *billing*",
        state="needs_reconnect",
        secrets=(matrix.TOKEN,),
        asks=("TOKEN",),
    ),
    "telegram": Row(
        telegram.Telegram,
        lambda url: {"token": telegram.TOKEN},
        {"token": "1815:guessed"},
        {"chat": telegram.CHAT},
        "✅ Done · Ada Lovelace\nshipped *billing*",
        settings=("API_URL",),
        secrets=(telegram.TOKEN,),
        asks=("TOKEN",),
    ),
}


def test_each_of_them_has_its_row():
    typed = {
        kind
        for kind, each in registry.integrations().items()
        if isinstance(each, Posts) and each.credentials and not isinstance(each, Tells)
    }
    assert typed == set(map(kind_of, ROWS))


def kind_of(name):
    """A partner may let in by more than one way."""
    return name.partition(" ")[0]


@pytest.fixture(params=ROWS)
def row(request):
    return ROWS[request.param]


@pytest.fixture
def kind(row):
    return kind_of(next(name for name, each in ROWS.items() if each is row))


@pytest.fixture
def partner(kind, row, monkeypatch):
    with running(row.simulator()) as url:
        for name in row.settings:
            monkeypatch.setenv(f"{kind.upper()}_{name}", url)
        yield url


@pytest.fixture
def window(client, ada, team):
    client.force_login(ada)
    return client


def connect(window, kind, typed):
    return window.post(f"/auth/{kind}/typed", {**typed, "team": "analytical-engines"})


@pytest.fixture
def link(kind, row, partner, window, team):
    there = connect(window, kind, row.typed(partner))
    assert there.status_code == 302, there.content.decode()
    assert window.get(there["Location"]).status_code == 200
    account = IntegrationUser.objects.get()
    form = {"team": team.slug, "account": account.hash_id, "kinds": ["done", "goal", "blocked"]}
    config = {name: value.format(url=partner) for name, value in row.config.items()}
    made = window.post(f"/integrations/{kind}/link", {**form, **config})
    assert made.status_code == 302, made.content.decode()
    return IntegrationLink.objects.get()


@pytest.fixture
def log(link, team, ada):
    def log(body="shipped *billing*", **facts):
        return Entry.objects.log(Draft(body=body, **facts), team=team, user=ada)

    return log


@pytest.fixture
def posts(row, partner):
    """The texts that stand there, but for the first that tries an address."""

    def posts():
        while Delivery.drain():
            pass
        [messages] = [m for m in visitor.read(partner, "messages").values() if m] or [[]]
        return [message["text"] for message in messages][row.first :]

    return posts


@pytest.fixture
def follows(kind, row):
    return isinstance(registry.integrations()[kind], Sends) and not row.first


def test_before_anybody_connects_the_form_asks_for_what_lets_in(kind, partner, window):
    page = window.get(f"/integrations/{kind}/link").content.decode()
    assert f'action="/auth/{kind}/typed"' in page and "kept encrypted" in page


def test_where_is_asked_before_what():
    for integration in registry.integrations().values():
        if isinstance(integration, Posts):
            assert list(integration.form().fields)[-1] == "kinds", integration.name


def test_what_lets_nobody_in_says_so_and_nothing_is_kept(kind, row, partner, window):
    wrong = {name: text.format(url=partner) for name, text in row.wrong.items()}
    answer = connect(window, kind, wrong)
    assert answer.status_code == 422
    assert "Nothing was connected." in answer.content.decode()
    assert not IntegrationUser.objects.exists()


def test_what_is_not_even_an_address_or_a_token_is_told_at_its_field(kind, row, partner, window):
    answer = connect(window, kind, dict.fromkeys(row.wrong, "not one"))
    assert answer.status_code in (302, 422)
    assert not IntegrationUser.objects.exists()
    assert connect(window, kind, {}).status_code == 422


def test_an_entry_is_posted(link, row, log, posts):
    log()
    assert posts() == [row.says]


def test_what_lets_in_is_kept_encrypted_and_shows_nowhere(kind, row, link, partner, window):
    typed = row.typed(partner).items()
    told = {name: text for name, text in typed if name != "user" and "@" not in text}
    secrets = [text for text in told.values() if text.rstrip("/") != partner]
    account = IntegrationUser.objects.get()
    pages = [link.get_absolute_url(), link.settings_path, f"/integrations/{kind}", "/settings"]
    shown = "".join(window.get(page).content.decode() for page in pages)
    for secret in secrets:
        assert secret not in account.sealed and secret not in str(vars(account))
        assert secret not in shown


@pytest.fixture
def tried(kind, row, partner, window, log, posts):
    """The page of an entry that was refused first, and then posted; and all that is kept of it."""
    visitor.act(partner, "faults", fault="500", times=1)
    log()
    posts()
    let_time_pass()
    posts()
    sent = Delivery.objects.get()
    page = window.get(f"/deliveries/{sent.pk}").content.decode()
    return page, json.dumps(list(sent.tries.values()), default=str, ensure_ascii=False)


def test_what_was_asked_and_answered_is_kept_and_shown_without_what_lets_in(row, tried):
    page, stored = tried
    second, first = Attempt.objects.all()
    assert first.exchange["answer"]["status"] == 500
    assert second.exchange["answer"]["status"] in range(200, 300)
    assert "shipped" in shown(page, f"body-{second.pk}") and "Done" in second.exchange["body"]
    for secret in row.secrets:
        for spelt in (secret, quote(secret, safe=""), secret.rpartition(":")[2], secret[8:]):
            assert spelt not in stored and spelt not in page


def test_the_command_does_it_again_for_who_knows_what_lets_in(row, partner, tried, posts):
    page, _ = tried
    command, typed = shown(page, "curl-"), row.typed(partner)
    known = {name.upper(): text.removeprefix(partner) for name, text in typed.items()}
    known["AUTHORIZATION"] = zulip.SIGNED.removeprefix("Basic ")
    assert set(re.findall(r'"\$(\w+)"', command)) == set(row.asks)
    answer = paste(command, **known)
    assert answer.is_success, answer.text
    assert set(posts()) == {row.says}
    refused = paste(command, **dict.fromkeys(known, "/guessed"))
    assert not refused.is_success


def test_an_edit_and_a_removal_follow_where_the_partner_lets_them(link, log, posts, follows):
    entry = log()
    posts()
    entry.edit(kind="done", body="shipped it again")
    [later] = posts()
    assert ("shipped it again" in later) == follows
    entry.delete_softly(by=entry.user)
    assert (posts() == []) == follows
    entry.restore()
    assert len(posts()) == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


def test_what_somebody_removed_there_stays_removed(link, partner, log, posts, follows):
    if not follows:
        pytest.skip("Nothing that stands there is ever touched again.")
    entry = log()
    posts()
    visitor.act(partner, "remove_all")
    entry.edit(kind="done", body="shipped it again")
    assert posts() == []
    entry.delete_softly(by=entry.user)
    assert posts() == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
    link.refresh_from_db()
    assert link.state == "active"


def test_only_what_the_link_asks_for_is_posted(link, log, posts):
    link.config |= {"kinds": ["goal"]}
    link.save()
    log("a done")
    log("a goal", kind="goal")
    [said] = posts()
    assert said.startswith("🎯") and "a goal" in said


def test_when_it_may_no_longer_post_the_link_says_so_and_holds_what_is_due(
    row, link, partner, log, posts
):
    visitor.act(partner, "faults", fault="revoked", times=0)
    log()
    assert posts() == []
    link.refresh_from_db()
    assert link.state == row.state and link.trouble.endswith(".")
    visitor.act(partner, "faults/clear")
    link.resume()
    assert len(posts()) == 1


@pytest.mark.parametrize("fault", ["429", "500", "503", "garbage"])
def test_trouble_that_passes_is_waited_out_and_nothing_is_lost(
    link, partner, log, posts, follows, fault
):
    if fault == "garbage" and not follows:
        pytest.skip("Nobody reads what it answers.")
    visitor.act(partner, "faults", fault=fault, times=1)
    log()
    assert posts() == []
    let_time_pass()
    assert len(posts()) == 1
    link.refresh_from_db()
    assert link.state == "active"
