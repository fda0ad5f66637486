"""The journey to a partner and back, and those who try to take part in somebody else's."""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from idonethis.entries.drafts import Actor
from idonethis.integrations.models import (
    Authorization,
    IntegrationLink,
    IntegrationUser,
    Proving,
    Taken,
)
from idonethis.integrations.tests.web.conftest import connect, create, decide, leave, query_of
from idonethis.integrations.values import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _partner(foundry):
    """Every test here has a partner to go to."""


def nobody_is_connected():
    return not IntegrationUser.objects.exists()


def test_the_address_asks_for_what_is_declared(as_ada, foundry):
    url = leave(as_ada)
    asked = query_of(url)
    assert url.startswith(f"{foundry.address('web')}/authorize?")
    assert asked["client_id"] == "the-id"
    assert asked["scope"] == "castings,hooks"
    assert asked["redirect_uri"] == "http://testserver/auth/foundry/callback"
    assert asked["code_challenge_method"] == "S256"


def test_state_and_verifier_are_not_stored_in_the_clear(as_ada):
    state = query_of(leave(as_ada))["state"]
    row = Authorization.objects.get()
    stored = " ".join(str(value) for value in Authorization.objects.values().get().values())
    assert len(base64.urlsafe_b64decode(state + "==")) >= 32
    assert state not in stored and row.secret not in stored


def test_the_challenge_is_the_hash_of_the_verifier(as_ada):
    challenge = query_of(leave(as_ada))["code_challenge"]
    digest = hashlib.sha256(Authorization.objects.get().secret.encode()).digest()
    assert challenge == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def test_without_pkce_there_is_no_challenge(as_ada, foundry):
    foundry.oauth = type(foundry.oauth)(**{**vars(foundry.oauth), "pkce": False})
    assert "code_challenge" not in query_of(leave(as_ada))


def test_who_comes_back_is_connected_and_goes_on_with_what_they_chose(as_ada, ada, world):
    response = connect(as_ada, world, team="analytical-engines", forge="ada/engine")
    account = IntegrationUser.objects.get()
    assert (account.user, account.uid, account.login) == (ada, "1815", "ada-l")
    assert account.secrets["access_token"] == world.grants[0].access
    onwards = query_of(response["Location"])
    assert urlsplit(response["Location"]).path == "/integrations/foundry/link"
    assert onwards["team"] == "analytical-engines" and onwards["forge"] == "ada/engine"
    page = as_ada.get(response["Location"]).content.decode()
    assert "Connected as <strong>ada-l</strong>" in page
    assert re.search(r'value="ada/engine"[^>]*checked', page)


def test_tokens_are_not_stored_in_the_clear(as_ada, world):
    connect(as_ada, world)
    stored = " ".join(str(value) for value in IntegrationUser.objects.values().get().values())
    assert world.grants[0].access not in stored


def test_a_refusal_says_that_nothing_was_changed_and_keeps_the_choices(as_ada):
    response = as_ada.get(decide(leave(as_ada, team="analytical-engines"), "no"))
    page = response.content.decode()
    assert response.status_code == 400 and nobody_is_connected()
    assert "You cancelled at Foundry. Nothing was changed." in page
    assert 'href="/integrations/foundry/link?team=analytical-engines"' in page


def test_the_partners_own_reason_is_shown_and_escaped(as_ada):
    back = decide(leave(as_ada), "no").replace("access_denied", "%3Cb%3Eno")
    page = as_ada.get(back).content.decode()
    assert "Foundry refused: &lt;b&gt;no" in page


REFUSALS = [
    (200, {"error": "bad_verification_code", "error_description": "Too late."}, "Too late."),
    (200, {"ok": False, "error": "code_already_used"}, "code_already_used"),
    (200, {"ok": False}, "no reason given"),
    (400, {"error": "invalid_grant"}, "invalid_grant"),
    (401, {"error": "invalid_client"}, "administrator of this server must check"),
    (200, {"error": "incorrect_client_credentials"}, "administrator of this server must check"),
    (200, {"token_type": "bearer"}, "did not answer properly"),
    (200, "<html>", "did not answer properly"),
    (200, "[1]", "did not answer properly"),
    (500, {"access_token": "x"}, "did not answer properly"),
    (302, "", "did not answer properly"),
]


@pytest.mark.parametrize(("status", "content", "said"), REFUSALS)
def test_a_token_endpoint_that_says_no_ends_on_a_page_that_says_so(
    as_ada, world, status, content, said
):
    world.says = (status, content)
    response = connect(as_ada)
    assert response.status_code == 400 and nobody_is_connected()
    page = response.content.decode()
    assert said in page and "Nothing was changed" in page and "Try again" in page


def test_an_api_that_is_out_of_order_connects_nobody(as_ada, world):
    world.out = 503
    response = connect(as_ada)
    assert response.status_code == 400 and nobody_is_connected()
    assert "answered 503" in response.content.decode()


def test_an_answer_that_is_not_understood_connects_nobody(as_ada, world):
    world.me = {"identity": "1815"}
    response = connect(as_ada)
    assert response.status_code == 400 and nobody_is_connected()
    assert "answered something that we do not understand" in response.content.decode()


# Those who try to take part in somebody else's journey.


def refused(response, *, why="This answer belongs to no journey of yours"):
    assert response.status_code == 400 and nobody_is_connected()
    page = response.content.decode()
    return why in page and "Nothing was changed" in page


def test_a_state_is_good_once(as_ada):
    back = decide(leave(as_ada))
    as_ada.get(back)
    IntegrationUser.objects.all().delete()
    assert refused(as_ada.get(back))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_bring_the_same_state_at_once_one_is_let_in(as_ada, ada):
    state = query_of(leave(as_ada))["state"]
    session = as_ada.session.session_key
    together = threading.Barrier(8)

    def redeem(_):
        together.wait()
        try:
            kind = {"integration_type": "foundry", "session": session}
            return Authorization.redeem(state, ada, **kind) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as people:
        assert sum(people.map(redeem, range(8))) == 1


def test_a_state_of_another_session_is_refused(as_ada, ada):
    elsewhere = Client()
    elsewhere.force_login(ada)
    assert refused(elsewhere.get(decide(leave(as_ada))))


def test_a_state_of_another_person_is_refused(as_ada, as_mallory):
    assert refused(as_ada.get(decide(leave(as_mallory))))


def test_a_state_is_refused_for_whom_it_was_not_made_even_in_the_same_session(as_ada, mallory):
    back = decide(leave(as_ada))
    Authorization.objects.update(user=mallory)
    assert refused(as_ada.get(back))


def test_a_state_is_refused_once_somebody_else_is_signed_in(as_ada, mallory):
    back = decide(leave(as_ada))
    as_ada.force_login(mallory)
    assert refused(as_ada.get(back))


def test_a_state_of_another_integration_is_refused(as_ada, foundry):
    Authorization.objects.all().delete()
    back = decide(leave(as_ada))
    Authorization.objects.update(integration_type="acme")
    assert refused(as_ada.get(back))


@pytest.mark.parametrize(
    "state", ["", "state=", "state=guessed", "state=%ff", "state=" + "a" * 9000]
)
def test_a_missing_or_guessed_state_is_refused(as_ada, state):
    leave(as_ada)
    assert refused(as_ada.get(f"/auth/foundry/callback?code=code-1&{state}"))


def test_a_state_is_good_for_ten_minutes(as_ada):
    back = decide(leave(as_ada))
    Authorization.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refused(as_ada.get(back))
    soon = Authorization.objects.model._meta.get_field("expires_at").default()
    assert soon - timezone.now() < timedelta(minutes=10, seconds=1)


def test_a_code_that_was_used_already_connects_nobody(as_ada, world):
    url = leave(as_ada)
    back = decide(url)
    world.codes.clear()
    assert refused(as_ada.get(back), why="Foundry refused: invalid_grant")


def test_a_stolen_code_is_worthless_without_the_verifier(as_mallory, as_ada):
    stolen = query_of(decide(leave(as_ada)))["code"]
    own = query_of(leave(as_mallory))["state"]
    response = as_mallory.get(f"/auth/foundry/callback?code={stolen}&state={own}")
    assert refused(response, why="Foundry refused: invalid_grant")


@pytest.mark.parametrize(
    "issuer", ["https://evil.example", "http://foundry.example", "x", "{origin}.evil.example"]
)
def test_an_answer_of_another_partner_is_refused(as_ada, foundry, world, issuer):
    back = decide(leave(as_ada)) + f"&iss={issuer.format(origin=foundry.address('web'))}"
    assert refused(as_ada.get(back))
    assert not world.grants, "The code was not even brought to the partner."


def test_an_answer_that_names_its_partner_is_taken(as_ada, foundry):
    back = decide(leave(as_ada)) + f"&iss={foundry.address('web')}/"
    as_ada.get(back)
    assert IntegrationUser.objects.get().uid == "1815"


def test_a_partner_may_have_another_name_for_itself(as_ada, foundry):
    foundry.oauth = replace(foundry.oauth, issuer="https://id.foundry.example")
    assert refused(as_ada.get(decide(leave(as_ada)) + f"&iss={foundry.address('web')}"))
    as_ada.get(decide(leave(as_ada)) + "&iss=https://id.foundry.example")
    assert IntegrationUser.objects.get().uid == "1815"


@pytest.mark.parametrize("more", ["&state=guessed", "&code=other", "&error=access_denied"])
def test_of_an_answer_that_says_two_things_nothing_is_stolen(as_ada, world, more):
    """The last of two counts, and it counts alone: the code is exchanged, or nothing is."""
    response = as_ada.get(decide(leave(as_ada)) + more)
    assert response.status_code in (302, 400)
    assert len(world.grants) == IntegrationUser.objects.count() <= 1


def test_a_state_is_spent_by_a_refusal_too(as_ada):
    url = leave(as_ada)
    as_ada.get(decide(url, "no"))
    assert refused(as_ada.get(decide(url)))


def test_who_is_signed_out_must_sign_in_first(as_ada):
    back = decide(leave(as_ada))
    response = Client().get(back)
    assert response.status_code == 302 and "/accounts/login" in response["Location"]
    assert nobody_is_connected()


def test_no_page_elsewhere_can_start_a_journey(ada):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    assert browser.get("/auth/foundry").status_code == 405
    assert browser.post("/auth/foundry").status_code == 403
    assert not Authorization.objects.exists()


# One account at a partner belongs to one person here.


def test_an_account_that_somebody_has_is_not_taken_over(as_ada, as_mallory, ada, world):
    connect(as_ada, world)
    before = IntegrationUser.objects.values().get()
    response = connect(as_mallory, world)
    assert response.status_code == 400
    assert "already connected by somebody else" in response.content.decode()
    assert IntegrationUser.objects.values().get() == before


@pytest.mark.django_db(transaction=True)
def test_of_many_who_bring_the_same_account_at_once_one_gets_it(django_user_model, foundry):
    people = [django_user_model.objects.create_user(f"{n}@example.org") for n in range(6)]
    together = threading.Barrier(len(people))

    def establish(person):
        together.wait()
        try:
            IntegrationUser.objects.establish(
                Account("1815", "ada-l", secrets={"access_token": "x"}),
                integration_type="foundry",
                user=person,
            )
            return True
        except Taken:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as threads:
        assert sum(threads.map(establish, people)) == 1
    assert IntegrationUser.objects.count() == 1


def test_a_claim_does_not_take_an_account_over(as_mallory, as_ada, ada, world):
    """Whoever holds a claim link of an account that somebody has proved gets nothing by it."""
    connect(as_ada, world)
    before = IntegrationUser.objects.values().get()
    link = urlsplit(Proving("foundry").claim_url(Actor("1815", "ada-l"))).path
    response = as_mallory.post(link)
    assert response.status_code == 400
    assert "already belongs to somebody else" in response.content.decode()
    assert IntegrationUser.objects.values().get() == before


def test_one_person_may_have_two_accounts(as_ada, ada, world):
    connect(as_ada, world)
    response = connect(as_ada, world, who="1906")
    assert IntegrationUser.objects.filter(user=ada).count() == 2
    page = as_ada.get(response["Location"]).content.decode()
    assert "Connected as <strong>grace-h</strong>" in page and "Use ada-l" in page


# Nobody is sent to an address of somebody else's choosing.

EVIL = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "https:evil.example",
    "%2f%2fevil.example",
    "\\\\evil.example",
    "http:///evil.example",
    "/%09/evil.example",
    "javascript:alert(1)",
    "／／evil.example",
    "?next=//evil.example",
    ".evil.example",
    "@evil.example",
]


@pytest.mark.parametrize("evil", EVIL)
def test_the_way_back_leads_nowhere_else(as_ada, world, evil):
    everywhere = dict.fromkeys(("team", "link", "next", "return_to", "choices", "forge"), evil)
    response = connect(as_ada, world, **everywhere)
    there = httpx.URL("http://testserver").join(response["Location"])
    assert (there.host, there.path) == ("testserver", "/integrations/foundry/link")


def test_the_way_back_leads_to_no_link_of_others(as_mallory, as_ada, world):
    connect(as_ada, world)
    create(as_ada)
    theirs = IntegrationLink.objects.get()
    theirs.integration_user.needs_reconnect("It was revoked there.")
    response = connect(as_mallory, world, who="1906", link=theirs.hash_id)
    assert response["Location"].startswith("/integrations/foundry/link?")
    theirs.refresh_from_db()
    assert theirs.integration_user.uid == "1815" and theirs.state == "needs_reconnect"


@pytest.mark.parametrize("evil", EVIL)
def test_a_refused_journey_offers_no_way_elsewhere(as_ada, evil):
    page = as_ada.get(decide(leave(as_ada, team=evil, next=evil), "no")).content.decode()
    assert f'"{evil}"' not in page and 'href="/integrations/foundry/link?' in page


@pytest.mark.parametrize("evil", EVIL)
def test_signing_in_leads_nowhere_else(ada, evil):
    login = {"login": "ada@example.org", "password": "engine"}
    response = Client().post(f"/accounts/login/?next={evil}", {**login, "next": evil})
    there = httpx.URL("http://testserver").join(response["Location"])
    assert there.host == "testserver"
