"""Partners that sign with keys which they publish, over real HTTP: asked ahead, never by a hook."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from starlette.responses import JSONResponse

from idonethis.entries.models import Entry
from idonethis.integrations import publishing, registry
from idonethis.integrations.base import Draft, PublishedJwt, Receives, Secret
from idonethis.integrations.models import IntegrationLink, IntegrationUser, PublishedKeys, Receipt
from idonethis.simulators import visitor
from idonethis.simulators.chat.app import Call, Chat, Talk
from idonethis.simulators.keyring import Keyring
from idonethis.simulators.running import running

pytestmark = pytest.mark.django_db

ISSUER, AUDIENCE = "smith@engines.example.org", "1842"
KEYRING = Keyring()
LASTS = {"cache-control": "public, max-age=20000"}


def keys(rooms, request, said):
    told = rooms.settings.get("told")
    return JSONResponse(told or KEYRING.published, headers=rooms.settings.get("lasts", LASTS))


class Smithy(Chat):
    name = title = "smithy"
    talk = Talk(
        calls=(Call("GET", "/keys/smith", keys),),
        rooms={},
        refusals={"500": (500, {}), "revoked": (404, {})},
    )


class Smith(Receives):
    integration_type = "smith"
    name = "Smith"
    their_secret = "The smith says to whom it makes its tokens out."
    signature = PublishedJwt(ISSUER, "{keys}/keys/smith")

    def __init__(self, url):
        self.addresses = {"keys": url}

    def hook(self, hook, link):
        yield Draft(body=hook.json["made"], key=hook.json["made"])


@pytest.fixture
def smithy():
    simulator = Smithy()
    with running(simulator) as url:
        simulator.url = url
        yield simulator


@pytest.fixture(autouse=True)
def smith(smithy, monkeypatch):
    made = Smith(smithy.url)
    monkeypatch.setattr(registry, "integrations", lambda: {"smith": made})
    publishing._wanted.clear()
    return made


@pytest.fixture
def link(smith, team, ada):
    IntegrationUser.objects.create(integration_type="smith", uid="1815", user=ada)
    made = IntegrationLink.objects.create(integration_type="smith", team=team, user=ada)
    made.take_secret(Secret(AUDIENCE))
    return made


@pytest.fixture
def send(link, client):
    """The smith sends a hook; returns the status of the answer."""

    def sent(made="wheel 7", *, to=None, **claims):
        now = int(time.time())
        said = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 300, **claims}
        path = f"/integrations/smith/hook/{to or link.hook_token}"
        shown = {"authorization": f"Bearer {KEYRING.token(said)}"}
        body = json.dumps({"made": made})
        return client.post(path, body, content_type="application/json", headers=shown).status_code

    return sent


def asked(smithy):
    return len(visitor.read(smithy.url, "journal")["calls"])


def test_who_asks_for_a_key_that_a_hook_named_may_be_another_process(send, smithy):
    publishing.drain()
    let_pass(minutes=2)
    send(iss="somebody else")
    publishing.want(registry.get("smith"))
    publishing.pass_on()
    assert not publishing._wanted
    before = asked(smithy)
    publishing.drain()
    assert asked(smithy) == before + 1


def let_pass(**span):
    """As if everything about the keys had happened so much earlier."""
    row = PublishedKeys.objects.get()
    for name in ("asked_at", "renew_at", "good_until"):
        setattr(row, name, getattr(row, name) - timedelta(**span))
    row.save()


def test_keys_are_asked_for_ahead_and_what_is_signed_with_them_is_taken(send, smithy):
    assert publishing.drain() == 1
    assert send() == 200
    while Receipt.drain():
        pass
    assert Entry.objects.get().body == "wheel 7"
    assert asked(smithy) == 1


def test_before_they_are_known_nothing_is_taken_and_no_hook_asks_for_them(send, smithy):
    assert send() == 401
    assert not Receipt.objects.exists()
    assert asked(smithy) == 0
    publishing.drain()
    assert send() == 200


def test_a_new_key_is_refused_until_it_was_asked_for_and_the_old_one_is_not(send, smithy):
    publishing.drain()
    KEYRING.rotate()
    let_pass(minutes=2)
    assert send() == 401
    assert publishing.drain() == 1
    assert send() == 200
    assert asked(smithy) == 2


def test_whatever_hooks_name_it_is_asked_once_a_minute(send, smithy):
    publishing.drain()
    KEYRING.rotate()
    for _ in range(5):
        assert send() == 401
        assert publishing.drain() == 0
    assert asked(smithy) == 1
    let_pass(seconds=61)
    assert [publishing.drain(), publishing.drain()] == [1, 0]
    assert asked(smithy) == 2


def test_what_comes_to_no_address_of_ours_has_nobody_asked(send, smithy):
    publishing.drain()
    let_pass(minutes=2)
    KEYRING.rotate()
    assert send(to="nobodys") == 401
    assert publishing.drain() == 0
    assert asked(smithy) == 1


def test_who_is_known_with_a_wrong_token_has_nobody_asked(send, smithy):
    publishing.drain()
    let_pass(minutes=2)
    assert send(aud="1843") == send(iss="mallory@example.net") == 401
    assert publishing.drain() == 0


def test_they_are_renewed_when_half_of_their_time_is_over(link, smithy):
    publishing.drain()
    row = PublishedKeys.objects.get()
    assert timedelta(seconds=19_900) < row.good_until - timezone.now() <= timedelta(seconds=20_000)
    let_pass(seconds=9_000)
    assert publishing.drain() == 0
    let_pass(seconds=2_000)
    assert publishing.drain() == 1


def test_while_the_partner_is_away_they_hold_for_their_time_and_no_longer(send, smithy):
    publishing.drain()
    visitor.act(smithy.url, "faults", fault="500", times=0)
    let_pass(seconds=19_000)
    assert publishing.drain() == 0
    assert send() == 200
    let_pass(seconds=1_001)
    assert send() == 401
    assert publishing.drain() == 0
    visitor.act(smithy.url, "faults/clear")
    let_pass(seconds=61)
    assert publishing.drain() == 1
    assert send() == 200


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ({"cache-control": "max-age=0"}, 1 / 6),
        ({"cache-control": "no-store"}, 1),
        ({}, 1),
        ({"cache-control": "public, max-age=7200, must-revalidate"}, 2),
        ({"cache-control": "max-age=99999999"}, 24),
    ],
)
def test_they_hold_as_long_as_the_partner_says_within_reason(link, smithy, said, hours):
    smithy.settings["lasts"] = said
    publishing.drain()
    left = PublishedKeys.objects.get().good_until - timezone.now()
    assert abs(left - timedelta(hours=hours)) < timedelta(seconds=30)


@pytest.mark.parametrize("told", [{"keys": [1]}, {"error": "no"}, [1]])
def test_an_answer_without_a_key_changes_nothing(send, smithy, told):
    publishing.drain()
    smithy.settings["told"] = told
    let_pass(seconds=11_000)
    assert publishing.drain() == 0
    assert send() == 200


def test_where_no_link_can_receive_nobody_is_asked(smithy, team, ada, link):
    link.remove()
    IntegrationLink.objects.create(integration_type="smith", team=team, user=ada)
    assert publishing.drain() == 0
    assert asked(smithy) == 0
