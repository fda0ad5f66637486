"""The dance of OAuth 1.0a, and who is not let into it."""

from __future__ import annotations

import secrets
import time
from urllib.parse import parse_qs, urlencode

import httpx
import pytest

from idonethis.simulators.oauth1 import escaped, signature
from idonethis.simulators.planning.trello import Trello
from idonethis.simulators.running import running
from idonethis.simulators.visitor import act, consent

BACK = "http://localhost:9/back?state=s"
KEY, SECRET = "pretend-trello-client", "pretend-trello-secret"


@pytest.fixture
def there():
    with running(Trello()) as url:
        yield url


def call(url, *, secret=SECRET, token_secret="", **changes):
    """A signed call; ``changes`` are made before it is signed."""
    said = {
        "oauth_consumer_key": KEY,
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(time.time())),
        "oauth_nonce": secrets.token_hex(8),
        **changes,
    }
    signed = signature("POST", url, said.items(), secret=secret, token_secret=token_secret)
    return send(url, {**said, "oauth_signature": signed})


def send(url, said):
    listed = ", ".join(f'{name}="{escaped(value)}"' for name, value in said.items())
    return httpx.post(url, headers={"Authorization": f"OAuth {listed}"})


def form(answer):
    return {name: values[0] for name, values in parse_qs(answer.text).items()}


def begin(there, **changes):
    return call(f"{there}/1/OAuthGetRequestToken", **{"oauth_callback": BACK, **changes})


def decide(there, requested, **asked):
    query = urlencode({"oauth_token": requested["oauth_token"], **asked})
    return consent(f"{there}/1/OAuthAuthorizeToken?{query}", "ada")


def finish(there, requested, verifier, **changes):
    return call(
        f"{there}/1/OAuthGetAccessToken",
        oauth_token=requested["oauth_token"],
        oauth_verifier=verifier,
        **{"token_secret": requested["oauth_token_secret"], **changes},
    )


def me(there, token):
    proof = f'OAuth oauth_consumer_key="{KEY}", oauth_token="{token}"'
    return httpx.get(f"{there}/1/members/me", headers={"Authorization": proof})


def test_a_signature_is_what_the_rfc_says_it_is():
    """https://datatracker.ietf.org/doc/html/rfc5849#section-1.2"""
    said = {
        "oauth_consumer_key": "dpf43f3p2l4k3l03",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131200",
        "oauth_nonce": "wIjqoS",
        "oauth_callback": "http://printer.example.com/ready",
    }
    url = "https://photos.example.net/initiate"
    made = signature("POST", url, said.items(), secret="kd94hf93k423kf44", token_secret="")
    assert made == "74KNZJeDHnMBp0EMJ9ZHt/XKycU="


def test_three_steps_make_a_token_that_opens_the_account(there):
    requested = form(begin(there))
    assert requested["oauth_callback_confirmed"] == "true"
    brought = decide(there, requested)
    assert (brought["state"], brought["oauth_token"]) == ("s", requested["oauth_token"])
    granted = form(finish(there, requested, brought["oauth_verifier"]))
    assert me(there, granted["oauth_token"]).json()["username"] == "ada"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"oauth_consumer_key": "another"}, "invalid key"),
        ({"secret": "another"}, "invalid signature"),
        ({"oauth_signature_method": "PLAINTEXT"}, "invalid signature"),
        ({"oauth_timestamp": "137131200"}, "invalid timestamp"),
        ({"oauth_nonce": ""}, "nonce already used"),
        ({"oauth_callback": "https://mallory.example.net/"}, "invalid callback"),
    ],
)
def test_a_request_that_is_not_ours_is_refused(there, changes, why):
    answer = begin(there, **changes)
    assert (answer.status_code, answer.text) == (401, why)


def test_a_nonce_is_good_once(there):
    same = {"oauth_nonce": "n", "oauth_timestamp": str(int(time.time()))}
    assert begin(there, **same).status_code == 200
    assert begin(there, **same).text == "nonce already used"


def test_what_was_signed_cannot_be_changed(there):
    said = {"oauth_consumer_key": KEY, "oauth_signature": "74KNZJeDHnMBp0EMJ9ZHt/XKycU="}
    assert send(f"{there}/1/OAuthGetRequestToken", said).text == "invalid signature"


def test_nobody_gets_a_token_before_somebody_has_said_yes(there):
    requested = form(begin(there))
    assert finish(there, requested, "guessed").text == "invalid verifier"


@pytest.mark.parametrize("changes", [{"token_secret": "another"}, {"oauth_verifier": "another"}])
def test_a_request_token_is_spent_at_the_first_try(there, changes):
    requested = form(begin(there))
    verifier = decide(there, requested)["oauth_verifier"]
    assert finish(there, requested, **{"verifier": verifier, **names(changes)}).status_code == 401
    assert finish(there, requested, verifier).text == "token not found"


def names(changes):
    return {name.removeprefix("oauth_"): value for name, value in changes.items()}


def test_a_request_token_is_good_for_ten_minutes(there):
    requested = form(begin(there))
    verifier = decide(there, requested)["oauth_verifier"]
    act(there, "clock", forward=601)
    late = str(int(time.time()) + 601)
    answer = finish(there, requested, verifier, oauth_timestamp=late)
    assert answer.text == "token not found"


@pytest.mark.parametrize(("asked", "status"), [({}, 401), ({"expiration": "never"}, 200)])
def test_a_token_lasts_a_month_unless_more_was_asked_for(there, asked, status):
    requested = form(begin(there))
    verifier = decide(there, requested, **asked)["oauth_verifier"]
    token = form(finish(there, requested, verifier))["oauth_token"]
    act(there, "clock", forward=31 * 86_400)
    assert me(there, token).status_code == status
