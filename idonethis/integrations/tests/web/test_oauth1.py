"""The same journey to a partner that speaks OAuth 1.0a, and checks each signature itself."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client as Browser
from django.utils import timezone
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from idonethis.integrations.base import OAuth1
from idonethis.integrations.http import Failed
from idonethis.integrations.models import Authorization, IntegrationUser, PartnerApp
from idonethis.integrations.tests.web.conftest import leave, query_of
from idonethis.simulators import visitor
from idonethis.simulators.base import Simulator
from idonethis.simulators.clients import Client
from idonethis.simulators.dialect import Dialect
from idonethis.simulators.oauth1 import Handshake
from idonethis.simulators.running import running

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mill")]


class Mill(Simulator):
    name = "mill"
    title = "Mill"

    def seed(self):
        ada = {"id": "1815", "login": "ada-l", "name": "Ada Lovelace", "signs_in": True}
        return {"accounts": {"ada": ada}}

    def oauth(self):
        return Handshake(
            self.title,
            self.store,
            client=self.client,
            grants=self.grants,
            dialect=self.dialect,
            issue=self.issue,
            request_path="/request",
        ).routes()

    def routes(self):
        return [Route("/api/me", self.me)]

    async def me(self, request):
        token = self.grants.find(request.headers["authorization"].removeprefix("Bearer "))
        return JSONResponse(self.accounts[token["account"]])

    def actions(self):
        return {}

    def speak(self, fault, path):
        return PlainTextResponse("out of order", 500)


@pytest.fixture
def mill(foundry):
    """The foundry speaks OAuth 1.0a here."""
    us = Client("the-id", "the-secret", ("http://testserver/auth/foundry/callback",))
    app = Mill(us, Dialect("/authorize", "/token"), timeout=1, state_path=None, settings={})
    with running(app) as url:
        foundry.addresses = {"web": url, "api": f"{url}/api"}
        foundry.oauth = OAuth1(
            request_url="{web}/request",
            authorize_url="{web}/authorize",
            token_url="{web}/token",
            authorize_params={"name": "I Done This", "scope": "read"},
        )
        yield url


def decide(url, decision="authorize"):
    """What the person presses there; returns what they bring back."""
    return visitor.consent(url, "ada", decision=decision)


def bring(browser, brought):
    return browser.get(f"/auth/foundry/callback?{urlencode(brought)}")


def refused(response, why="This answer belongs to no journey of yours"):
    assert response.status_code == 400 and not IntegrationUser.objects.exists()
    page = response.content.decode()
    return why in page and "Nothing was changed" in page


def called(mill, path):
    return [c["status"] for c in visitor.read(mill, "journal")["calls"] if c["path"] == path]


def test_the_way_there_names_the_request_token_and_what_is_declared(as_ada, mill):
    url = leave(as_ada)
    assert url.startswith(f"{mill}/authorize?")
    assert query_of(url).keys() == {"name", "scope", "oauth_token"}
    assert query_of(url)["name"] == "I Done This"


def test_the_secret_of_the_request_token_stays_here_and_is_sealed(as_ada):
    url = leave(as_ada)
    journey = Authorization.objects.get()
    kept = parse_qs(journey.secret)
    assert kept["oauth_token"] == [query_of(url)["oauth_token"]]
    stored = " ".join(str(value) for value in Authorization.objects.values().get().values())
    (secret,) = kept["oauth_token_secret"]
    assert secret not in stored and secret not in url


def test_who_comes_back_is_connected_and_goes_on_with_what_they_chose(as_ada, ada):
    response = bring(as_ada, decide(leave(as_ada, team="analytical-engines")))
    account = IntegrationUser.objects.get()
    assert (account.user, account.uid, account.login) == (ada, "1815", "ada-l")
    assert urlsplit(response["Location"]).path == "/integrations/foundry/link"
    assert query_of(response["Location"])["team"] == "analytical-engines"
    assert account.secrets["access_token"] not in account.sealed


def test_the_integration_gets_the_token_its_secret_and_the_key(foundry):
    talk = PartnerApp.conversation(foundry)
    departure = talk.depart("a state")
    token = talk.token(decide(departure.url), secret=departure.secret)
    assert token.keys() == {"access_token", "token_secret", "consumer_key"}
    assert token["consumer_key"] == "the-id"


def test_a_refusal_says_that_nothing_was_changed_and_keeps_the_choices(as_ada):
    response = bring(as_ada, decide(leave(as_ada, team="analytical-engines"), "cancel"))
    assert refused(response, "You cancelled at Foundry.")
    assert 'href="/integrations/foundry/link?team=analytical-engines"' in response.content.decode()


@pytest.mark.parametrize("change", [{"error": "Not now"}, {"oauth_token": "", "error": "Not now"}])
def test_the_partners_own_reason_is_shown(as_ada, change):
    brought = decide(leave(as_ada), "cancel") | change
    assert refused(bring(as_ada, brought), "Foundry refused: Not now")


# Those who try to take part in somebody else's journey.


def test_a_state_is_good_once(as_ada):
    brought = decide(leave(as_ada))
    bring(as_ada, brought)
    IntegrationUser.objects.all().delete()
    assert refused(bring(as_ada, brought))


def test_a_state_of_another_person_is_refused(as_ada, as_mallory):
    assert refused(bring(as_ada, decide(leave(as_mallory))))


def test_a_state_of_another_session_is_refused(as_ada, ada):
    elsewhere = Browser()
    elsewhere.force_login(ada)
    assert refused(bring(elsewhere, decide(leave(as_ada))))


def test_a_state_is_good_for_ten_minutes(as_ada):
    brought = decide(leave(as_ada))
    Authorization.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refused(bring(as_ada, brought))


def test_a_verifier_of_another_request_is_not_even_brought_to_the_partner(as_ada, as_mallory, mill):
    mine = decide(leave(as_ada))
    theirs = decide(leave(as_mallory))
    assert refused(bring(as_ada, theirs | {"state": mine["state"]}))
    assert called(mill, "/token") == []


def test_a_verifier_that_names_no_request_is_refused(as_ada, mill):
    brought = decide(leave(as_ada))
    del brought["oauth_token"]
    assert refused(bring(as_ada, brought))
    assert called(mill, "/token") == []


def test_a_guessed_verifier_connects_nobody(as_ada):
    brought = decide(leave(as_ada)) | {"oauth_verifier": "guessed"}
    assert refused(bring(as_ada, brought), "Foundry takes this permission no longer")


# What the partner may say.


def test_a_request_token_that_has_expired_there_says_so(as_ada, mill):
    brought = decide(leave(as_ada))
    visitor.act(mill, "clock", forward=601)
    why = "no longer (token not found): it took too long, or was used already."
    assert refused(bring(as_ada, brought), why)


def test_a_partner_that_does_not_know_this_server_is_told_to_the_administrator(as_ada):
    PartnerApp.objects.get().keep({"CLIENT_SECRET": "another"})
    response = as_ada.post("/auth/foundry", {"team": "analytical-engines"})
    assert refused(response, "Foundry does not accept this server (invalid signature).")
    assert "An administrator of this server must check" in response.content.decode()
    assert not Authorization.objects.exists()


@pytest.mark.parametrize("kind", ["500", "html", "redirect", "garbage"])
def test_a_partner_that_is_out_of_order_is_not_gone_to(as_ada, mill, kind):
    visitor.act(mill, "faults", fault=kind, path="/request")
    assert refused(as_ada.post("/auth/foundry"), "Foundry did not answer properly (")


@pytest.mark.parametrize("kind", ["500", "html", "redirect", "garbage"])
def test_a_partner_that_is_out_of_order_connects_nobody(as_ada, mill, kind):
    brought = decide(leave(as_ada))
    visitor.act(mill, "faults", fault=kind, path="/token")
    assert refused(bring(as_ada, brought), "Foundry did not answer properly (")


def test_such_access_is_not_renewed(foundry):
    with pytest.raises(Failed, match="Foundry renews no access."):
        PartnerApp.conversation(foundry).refresh("anything")
