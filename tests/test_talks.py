"""Every chat in which people log by saying so, over real HTTP in both directions: a pretend partner
tells this server what they say, as its documentation has it, and shows what is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations import publishing, registry
from idonethis.integrations.base import Secret
from idonethis.integrations.kits.talks import Talks
from idonethis.integrations.models import (
    Delivery,
    IntegrationLink,
    IntegrationUser,
    PublishedKeys,
    Receipt,
    UnclaimedPerson,
)
from idonethis.integrations.models.claiming import believe
from idonethis.simulators import visitor
from idonethis.simulators.chat import discord
from idonethis.simulators.running import running
from tests.test_posts import ROWS as POSTING
from tests.test_posts import connect

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Row:
    """``theirs``: the secret that a person brings from the partner, which itself ``has`` another
    where only it can sign; none, where we make the webhook and the secret, if the form ``asks`` for
    it. ``wrong``: what somebody else would have. ``before``: how people begin what they say.
    ``uid``: of Ada there. ``edits``: they are followed."""

    theirs: str
    wrong: str
    uid: str
    before: str = ""
    edits: bool = False
    has: str = ""
    asks: dict[str, str] = field(default_factory=dict)


ROWS = {
    "google_chat": Row("181519061834", "181519061835", "users/1815"),
    "discord": Row(discord.public_key("k"), "other", "1815", before="/", has="k"),
    "mattermost": Row("token1834", "token1835", "ada1815user"),
    "rocket_chat": Row("token1834", "token1835", "rc1815", edits=True),
    "microsoft_teams": Row("dG9rZW4xODM0", "dG9rZW4xODM1", "aad-1815"),
    "telegram": Row("", "token1835", "1815", edits=True, asks={"hears": "on"}),
    "zulip": Row("token1834", "token1835", "engines/1815", before="@**Done bot** "),
}


def test_each_of_them_has_its_row():
    assert set(registry.types_able(Talks)) == set(ROWS)


@pytest.fixture(params=ROWS)
def kind(request):
    return request.param


@pytest.fixture
def row(kind):
    return ROWS[kind]


@pytest.fixture
def partner(kind, monkeypatch):
    with running(POSTING[kind].simulator()) as url:
        for name in POSTING[kind].settings:
            monkeypatch.setenv(f"{kind.upper()}_{name}", url)
        yield url


@pytest.fixture
def window(client, ada, team):
    client.force_login(ada)
    return client


@pytest.fixture(autouse=True)
def reachable(settings, live_server):
    settings.BASE_URL = live_server.url


@pytest.fixture
def link(kind, row, partner, window, team):
    """It posts into the room, and nobody has brought a secret yet."""
    connect(window, kind, POSTING[kind].typed(partner))
    account = IntegrationUser.objects.get()
    form = {"team": team.slug, "account": account.hash_id, "kinds": ["done", "goal", "blocked"]}
    made = window.post(f"/integrations/{kind}/link", {**form, **POSTING[kind].config, **row.asks})
    assert made.status_code == 302, made.content.decode()
    return IntegrationLink.objects.get()


@pytest.fixture
def told(link, row, partner, window):
    """People say something there, and this server is told."""
    if not row.theirs:
        return saying(partner)
    page = reverse("take_secret", args=[link.hash_id])
    assert window.post(page, {"secret": row.theirs}).status_code == 302
    return aim(partner, link.hook_url, row.has or row.theirs)


def aim(partner, url, secret):
    """The keys that it signs with, if it publishes any, are asked for before it says anything."""
    publishing.drain()
    visitor.act(partner, "hook", url=url, secret=secret)
    return saying(partner)


def saying(partner):
    return lambda text, **more: visitor.act(partner, "say", text=text, **more)


@pytest.fixture
def say(told, row, kind, ada):
    """The same, by Ada, whom the team knows there."""
    team = ada.memberships.get().team
    IntegrationUser.objects.create(integration_type=kind, uid=row.uid, user=ada, team=team)
    return lambda text, **more: told(row.before + text, **more)


def work():
    while Receipt.drain():
        pass
    while Delivery.drain():
        pass


def log():
    work()
    return list(Entry.objects.alive().order_by("pk").values_list("kind", "body"))


def room(partner):
    [messages] = [messages for messages in visitor.read(partner, "messages").values() if messages]
    return messages


def test_what_is_said_is_logged_and_answered_with_a_receipt(say, team):
    said = say("done shipped billing #api")
    assert said["status"] == 200
    assert "Analytical Engines" in said["answer"] and "shipped billing" in said["answer"]
    assert said["answer"].endswith(f"/t/{team.slug}")
    assert log() == [("done", "shipped billing #api")]
    assert Entry.objects.get().user.name == "Ada Lovelace"


def test_each_word_and_each_line_means_its_kind(say):
    say("goal write the docs")
    say("Blocked: waiting for DNS")
    say("done one\n[] two\n! three")
    assert log() == [
        ("goal", "write the docs"),
        ("blocked", "waiting for DNS"),
        ("done", "one"),
        ("goal", "two"),
        ("blocked", "three"),
    ]


@pytest.mark.parametrize("words", ["done", "done help", "done \n "])
def test_a_word_alone_is_answered_with_what_can_be_said(say, words):
    assert "done shipped billing" in say(words)["answer"]
    assert log() == []


def test_whom_the_team_does_not_know_is_told_so_and_loses_nothing(told, row, ada, team):
    said = told(f"{row.before}done shipped billing")
    assert "I do not know you yet" in said["answer"]
    assert said["answer"].endswith(f"/t/{team.slug}/unclaimed")
    assert log() == []
    believe(UnclaimedPerson.objects.get(), ada, evidence="claimed")
    assert log() == [("done", "shipped billing")]


def test_whom_the_team_lets_read_only_is_told_so(say, team, ada):
    team.memberships.update(role="observer")
    assert "Nothing was logged" in say("done shipped billing")["answer"]
    assert log() == []


def test_while_the_link_is_paused_it_says_so_and_keeps_it(say, link):
    link.pause()
    assert "paused" in say("done shipped billing")["answer"]
    assert log() == []
    assert Receipt.objects.get().outcome == "link_paused"


def test_the_same_request_twice_is_one_entry_and_the_same_words_twice_are_two(say, partner):
    said = say("done shipped billing")
    assert visitor.act(partner, "again")["answer"] == said["answer"]
    assert len(log()) == Receipt.objects.count() == 1
    say("done shipped billing")
    assert len(log()) == 2


def test_an_edit_is_followed_where_the_partner_tells_of_it(say, row, partner):
    said = say("done shipped biling\n[] write docs\n! DNS")
    log()
    visitor.act(partner, "clock", forward=1)
    say("done shipped billing\n[] write the docs", message=said["message"])
    if row.edits:
        assert log() == [("done", "shipped billing"), ("goal", "write the docs")]
        visitor.act(partner, "clock", forward=1)
        say("never mind", message=said["message"])
        assert log() == []
    else:
        assert len(log()) == 3


def test_until_somebody_brings_the_secret_nothing_is_taken(link, row, partner, window):
    if not row.theirs:
        pytest.skip("The secret is ours.")
    said = aim(partner, link.hook_url, row.has or row.theirs)(f"{row.before}done shipped billing")
    assert said["status"] == 401
    assert not Receipt.objects.exists()
    page = window.get(link.get_absolute_url()).content.decode()
    assert "until then nothing is taken from there" in page
    assert "Waiting for its secret" not in window.get(link.settings_path).content.decode()


def test_who_shows_another_secret_is_refused(told, link, row, partner):
    url = link.registered_hook.url if link.registered_hook else link.hook_url
    said = aim(partner, url, row.wrong)(f"{row.before}done shipped billing")
    assert said["status"] == 401
    assert not Receipt.objects.exists()


def test_who_begins_to_sign_with_a_new_key_is_taken_once_that_is_known(say, partner, kind):
    if not registry.integrations()[kind].signature.keys_at:
        pytest.skip("It publishes no keys.")
    visitor.act(partner, "rotate")
    assert say("done shipped billing")["status"] == 401
    PublishedKeys.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    assert publishing.drain() == 1
    assert say("done shipped billing")["status"] == 200
    assert log() == [("done", "shipped billing")]


def test_what_was_said_in_the_room_is_not_posted_there_again(say, partner, kind):
    say("done shipped billing")
    assert log() == [("done", "shipped billing")]
    first = POSTING[kind].first
    assert [message["who"] for message in room(partner)][first:] == ["Ada Lovelace", "I Done This"]


def test_what_is_logged_elsewhere_is_posted_there_all_the_same(say, partner, team, ada):
    say("done shipped billing")
    Entry.objects.log(Draft(body="typed on the web"), team=team, user=ada)
    work()
    assert "typed on the web" in room(partner)[-1]["text"]


def test_a_link_by_hand_takes_what_is_said_and_posts_nothing(kind, row, partner, window, team, ada):
    form = {"team": team.slug, "by": "hand", "kinds": ["done"], **POSTING[kind].config}
    window.post(f"/integrations/{kind}/link", form)
    link = IntegrationLink.objects.get()
    assert link.summary == "Logs what people say."
    waits = "Waiting for its secret" if row.theirs else "Waiting for the first event"
    assert waits in window.get(link.settings_path).content.decode()
    secret = row.has or row.theirs or link.signing_secret
    if row.theirs:
        link.take_secret(Secret(row.theirs))
    IntegrationUser.objects.create(integration_type=kind, uid=row.uid, user=ada, team=team)
    aim(partner, link.hook_url, secret)(f"{row.before}done shipped billing")
    assert log() == [("done", "shipped billing")]
    Entry.objects.log(Draft(body="typed on the web"), team=team, user=ada)
    work()
    assert not Delivery.objects.exists()


def test_no_secret_is_stored_with_what_was_said(say, row):
    say("done shipped billing")
    secret = row.theirs or IntegrationLink.objects.get().signer.signing_secret
    for receipt in Receipt.objects.all():
        stored = f"{receipt.hook.headers}{receipt.hook.query}{receipt.hook.body.decode()}"
        assert secret not in stored
