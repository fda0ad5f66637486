"""Applications of others that people let in, from the first question to the end: the program is a
plain client that does what the RFCs say."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from idonethis.accounts.models import ApiToken, App, Code, Device
from idonethis.accounts.oauth.app import COMMAND_LINE, DEVICE_GRANT
from idonethis.accounts.tokens import LASTS, UNUSED
from idonethis.audit.models import AuditRecord

pytestmark = pytest.mark.django_db
BACK = "https://mill.example.org/back"
AUTHORIZE, TOKEN, REVOKE, DEVICE = "/oauth/authorize", "/oauth/token", "/oauth/revoke", "/device"
NOOP, TEAMS = "/api/v2/noop", "/api/v2/teams"


class Mill:
    """Somebody else's application."""

    def __init__(self, app, secret=""):
        self.app, self.secret = app, secret
        self.verifier = secrets.token_urlsafe(40)
        self.server = Client(enforce_csrf_checks=True)

    @property
    def challenge(self):
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def asks(self, **more):
        asked = {
            "response_type": "code",
            "client_id": self.app.hash_id,
            "redirect_uri": BACK,
            "scope": "read",
            "state": "1815",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        }
        return f"{AUTHORIZE}?" + urlencode({k: v for k, v in (asked | more).items() if v})

    def fetch(self, code, **more):
        said = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        return self.post(TOKEN, **{**said, "code_verifier": self.verifier, **more})

    def refresh(self, refresh_token, **more):
        said = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.post(TOKEN, **{**said, **more})

    def post(self, path, **said):
        known = {"client_id": self.app.hash_id}
        known |= {"client_secret": self.secret} if self.secret else {}
        return self.server.post(path, {k: v for k, v in (known | said).items() if v})

    def acts(self, access_token, path=NOOP):
        headers = {"Authorization": f"Bearer {access_token}"}
        return self.server.get(path, headers=headers).status_code


def register(*, secret=False, **facts):
    known = {"redirect_uris": [BACK], "scopes": ["read", "write"]}
    return Mill(*App.objects.register("Mill", secret=secret, **known | facts))


@pytest.fixture(params=["public", "with a secret"])
def mill(request, db):
    return register(secret=request.param != "public")


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


def allows(browser, url, decision="yes"):
    """Where the browser is led after the button."""
    answer = browser.post(url, {"decision": decision})
    assert answer.status_code == 302, answer.content.decode()
    place = urlsplit(answer["Location"])
    return place, {name: value for name, (value,) in parse_qs(place.query).items()}


def let_in(browser, mill, **more):
    _, told = allows(browser, mill.asks(**more))
    answer = mill.fetch(told["code"])
    assert answer.status_code == 200, answer.content
    return answer.json()


# Let in.


def test_an_application_is_let_in_acts_and_is_ended(as_ada, ada, mill):
    page = as_ada.get(mill.asks())
    text = page.content.decode()
    assert "Let Mill in?" in text and "Read: teams" in text and "Write:" not in text
    assert "form-action 'self' https://mill.example.org" in page["Content-Security-Policy"]
    place, told = allows(as_ada, mill.asks())
    assert f"{place.scheme}://{place.netloc}{place.path}" == BACK
    assert (told["state"], told["iss"]) == ("1815", "http://testserver")
    answer = mill.fetch(told["code"])
    assert "no-store" in answer["Cache-Control"]
    lent = answer.json()
    assert (lent["token_type"], lent["scope"], lent["expires_in"]) == ("Bearer", "read", 3600)
    assert mill.acts(lent["access_token"]) == 200
    token = ApiToken.objects.get()
    assert (token.user, token.app, token.name, token.scopes) == (ada, mill.app, "Mill", ["read"])
    as_ada.post(f"/settings/tokens/{token.hash_id}/revoke")
    assert mill.acts(lent["access_token"]) == 401
    assert mill.refresh(lent["refresh_token"]).status_code == 400
    actions = set(AuditRecord.objects.values_list("action", flat=True))
    assert {"app.registered", "token.lent", "token.revoked"} <= actions


def test_nobody_is_asked_who_is_not_signed_in(client, mill):
    answer = client.get(mill.asks())
    assert answer["Location"].startswith("/accounts/login/?next=/oauth/authorize")


def test_a_no_is_told_and_lets_nobody_in(as_ada, mill):
    _, told = allows(as_ada, mill.asks(), decision="no")
    assert (told["error"], told["state"]) == ("access_denied", "1815")
    assert not Code.objects.exists() and not ApiToken.objects.exists()


def test_looking_at_the_page_says_nothing_yet(as_ada, mill):
    as_ada.get(mill.asks())
    assert not Code.objects.exists()


def test_a_button_of_another_site_says_nothing(ada, mill):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    assert browser.post(mill.asks(), {"decision": "yes"}).status_code == 403
    assert not Code.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"client_id": "nobody"}, {"redirect_uri": "https://evil.example.org/back"},
     {"redirect_uri": BACK + "/x"}, {"redirect_uri": BACK + "?x=1"}, {"client_id": None}],
)  # fmt: skip
def test_who_is_not_known_or_not_there_is_led_nowhere(as_ada, mill, wrong):
    for answer in (as_ada.get(mill.asks(**wrong)), as_ada.post(mill.asks(**wrong))):
        assert answer.status_code == 400 and "Location" not in answer
        assert "Nobody was let in" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"scope": "hooks"}, "invalid_scope"),
        ({"scope": "read everything"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_what_is_asked_wrongly_is_told_to_the_application(as_ada, mill, wrong, error):
    place, told = allows(as_ada, mill.asks(**wrong))
    assert (place.netloc, told["error"]) == ("mill.example.org", error)
    assert not Code.objects.exists()


# Codes.


def test_a_code_serves_once_and_the_second_time_ends_what_it_became(as_ada, mill):
    _, told = allows(as_ada, mill.asks())
    lent = mill.fetch(told["code"]).json()
    assert mill.fetch(told["code"]).json()["error"] == "invalid_grant"
    assert mill.acts(lent["access_token"]) == 401


@pytest.mark.parametrize(
    "wrong",
    [{"code_verifier": "x" * 43}, {"code_verifier": None}, {"code": "guessed"},
     {"redirect_uri": "https://mill.example.org/other"}, {"client_id": "nobody"}],
)  # fmt: skip
def test_a_code_is_worth_nothing_to_whoever_stole_it(as_ada, mill, wrong):
    _, told = allows(as_ada, mill.asks())
    answer = mill.fetch(**{"code": told["code"], **wrong})
    assert answer.status_code in (400, 401) and not ApiToken.objects.exists()


def test_it_is_that_of_its_application(as_ada, mill):
    _, told = allows(as_ada, mill.asks())
    other = register()
    other.verifier = mill.verifier
    assert other.fetch(told["code"]).json()["error"] == "invalid_grant"


def test_an_application_with_a_secret_shows_it(as_ada):
    mill = register(secret=True)
    _, told = allows(as_ada, mill.asks())
    for mill.secret in ("", "wrong"):
        assert mill.fetch(told["code"]).json()["error"] == "invalid_client"
    assert not ApiToken.objects.exists()


def test_a_code_does_not_wait_for_long(as_ada, mill):
    _, told = allows(as_ada, mill.asks())
    Code.objects.update(expires_at=timezone.now())
    assert mill.fetch(told["code"]).json()["error"] == "invalid_grant"


def test_the_database_knows_none_of_it(as_ada, mill):
    _, told = allows(as_ada, mill.asks())
    lent = mill.fetch(told["code"]).json()
    kept = str([*App.objects.values(), *Code.objects.values(), *ApiToken.objects.values()])
    for secret in (told["code"], lent["access_token"], lent["refresh_token"], mill.secret or "-x-"):
        assert secret not in kept


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("http://127.0.0.1:4711/back", True),
        ("http://127.0.0.1/back", True),
        ("http://127.0.0.1:4711/other", False),
        ("http://127.0.0.1:4711@evil.example/back", False),
        ("http://evil.example:4711/back", False),
        ("https://127.0.0.1:4711/back", False),
        ("http://127.0.0.1:x/back", False),
    ],
)
def test_a_program_on_somebody_s_machine_chooses_its_port(db, asked, leads):
    app = register(redirect_uris=["http://127.0.0.1/back"]).app
    assert app.check_redirect_uri(asked) is leads


# Renewing.


def test_a_pair_is_renewed_and_the_one_before_is_over(as_ada, mill):
    first = let_in(as_ada, mill)
    second = mill.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"] and second["scope"] == "read"
    assert (mill.acts(first["access_token"]), mill.acts(second["access_token"])) == (401, 200)
    assert ApiToken.objects.count() == 1


def test_a_refresh_token_that_comes_twice_ends_everything(as_ada, mill):
    first = let_in(as_ada, mill)
    second = mill.refresh(first["refresh_token"]).json()
    third = mill.refresh(second["refresh_token"]).json()
    assert mill.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert mill.acts(third["access_token"]) == 401
    assert mill.refresh(third["refresh_token"]).status_code == 400


def test_it_is_that_of_its_application_and_of_a_person_who_is_here(as_ada, ada, mill):
    lent = let_in(as_ada, mill)
    assert register().refresh(lent["refresh_token"]).status_code == 400
    assert mill.refresh(lent["refresh_token"] + "x").status_code == 400
    assert (
        mill.refresh(lent["refresh_token"], scope="read write").json()["error"] == "invalid_scope"
    )
    ada.is_active = False
    ada.save()
    assert mill.refresh(lent["refresh_token"]).status_code == 400
    assert mill.acts(lent["access_token"]) == 401


def test_what_is_lent_runs_out_and_what_lies_unused_is_lent_no_more(as_ada, mill):
    lent = let_in(as_ada, mill)
    ApiToken.objects.update(expires_at=timezone.now())
    assert mill.acts(lent["access_token"]) == 401
    lent = mill.refresh(lent["refresh_token"]).json()
    assert mill.acts(lent["access_token"]) == 200
    late = timezone.now() - UNUSED - timedelta(seconds=1)
    ApiToken.objects.update(expires_at=late)
    assert mill.refresh(lent["refresh_token"]).status_code == 400
    assert lent["expires_in"] == LASTS.total_seconds()


# Acting and ending.


def test_its_scopes_are_those_of_tokens(as_ada, team, mill):
    said = {"body": "Turned the crank", "team_id": team.hash_id}
    statuses = []
    for scope in ("read", "read write"):
        shown = let_in(as_ada, mill, scope=scope)["access_token"]
        headers = {"Authorization": f"Bearer {shown}"}
        statuses.append(Client().post("/api/v2/entries", said, headers=headers).status_code)
        assert mill.acts(shown, f"{TEAMS}/{team.hash_id}/entries") == 200
    assert statuses == [403, 200]


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_an_application_ends_it_by_itself(as_ada, mill, which):
    lent = let_in(as_ada, mill)
    theirs = register().post(REVOKE, token=lent[which])
    assert theirs.status_code == 400 and mill.acts(lent["access_token"]) == 200
    assert mill.post(REVOKE, token=lent[which]).status_code == 200
    assert mill.acts(lent["access_token"]) == 401 and not ApiToken.objects.exists()
    assert mill.post(REVOKE, token=lent[which]).status_code == 200


def test_a_token_made_by_hand_is_no_application_s_to_end(as_ada, ada, mill):
    _, shown = ApiToken.objects.make(ada, name="By hand", scopes=["read"])
    assert mill.post(REVOKE, token=shown).status_code == 400
    assert mill.acts(shown) == 200


def test_an_application_that_is_removed_is_let_in_nowhere(as_ada, mill):
    lent = let_in(as_ada, mill)
    mill.app.remove()
    assert mill.acts(lent["access_token"]) == 401
    assert mill.refresh(lent["refresh_token"]).json()["error"] == "invalid_client"


# By a code that is typed.


@pytest.fixture
def line(db):
    """Our own command line, which every server knows."""
    return Mill(App(hash_id=COMMAND_LINE))


def polls(line, told):
    answer = line.post(TOKEN, grant_type=DEVICE_GRANT, device_code=told["device_code"])
    Device.objects.update(asked_at=None)
    return answer.json()


def asks_for_device(line, **said):
    answer = line.post("/oauth/device", **{"scope": "read write", **said})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_person_types_the_code_that_a_program_shows(as_ada, ada, line):
    told = asks_for_device(line)
    assert told["verification_uri"] == "http://testserver/device"
    assert (told["expires_in"], told["interval"]) == (900, 5)
    assert polls(line, told)["error"] == "authorization_pending"
    code = told["user_code"]
    assert code in as_ada.get(f"{DEVICE}?user_code={code}").content.decode()
    page = as_ada.post(DEVICE, {"user_code": code.lower().replace("-", "")}).content.decode()
    assert "Let Command line in?" in page and "Write: log entries" in page
    assert polls(line, told)["error"] == "authorization_pending"
    decided = as_ada.post(DEVICE, {"user_code": code, "decision": "yes"})
    assert "Command line is let in" in decided.content.decode()
    lent = polls(line, told)
    assert lent["scope"] == "read write" and line.acts(lent["access_token"]) == 200
    assert line.acts(line.refresh(lent["refresh_token"]).json()["access_token"]) == 200
    assert ApiToken.objects.get().user == ada


def test_a_device_code_serves_once(as_ada, line):
    told = asks_for_device(line)
    as_ada.post(DEVICE, {"user_code": told["user_code"], "decision": "yes"})
    lent = polls(line, told)
    assert "error" in polls(line, told) and line.acts(lent["access_token"]) == 401


def test_a_no_is_told_to_the_program(as_ada, line):
    told = asks_for_device(line)
    as_ada.post(DEVICE, {"user_code": told["user_code"], "decision": "no"})
    assert polls(line, told)["error"] == "access_denied"
    assert as_ada.post(DEVICE, {"user_code": told["user_code"]}).status_code == 404


def test_who_asks_too_often_is_told_to_slow_down(line):
    told = asks_for_device(line)
    said = {"grant_type": DEVICE_GRANT, "device_code": told["device_code"]}
    errors = [line.post(TOKEN, **said).json()["error"] for _ in range(2)]
    assert errors == ["authorization_pending", "slow_down"]


def test_a_code_that_ran_out_or_is_none_lets_nobody_in(as_ada, line):
    told = asks_for_device(line)
    assert as_ada.post(DEVICE, {"user_code": "BBBB-BBBB", "decision": "yes"}).status_code == 404
    Device.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert as_ada.post(DEVICE, {"user_code": told["user_code"]}).status_code == 404
    assert polls(line, told)["error"] == "expired_token"


def test_nobody_guesses_codes_for_long(as_ada, settings):
    settings.ACCOUNT_RATE_LIMITS = {"guess": "3/m/ip"}
    cache.clear()
    tries = [as_ada.post(DEVICE, {"user_code": f"BBBB-BBB{n}"}).status_code for n in range(4)]
    assert tries == [404, 404, 404, 429]
    cache.clear()


def test_nobody_fills_the_table_with_codes(line, settings):
    settings.ACCOUNT_RATE_LIMITS = {"device": "2/m/ip"}
    cache.clear()
    tries = [line.post("/oauth/device", scope="read").status_code for _ in range(3)]
    assert tries == [200, 200, 429] and Device.objects.count() == 2
    cache.clear()


def test_not_every_application_may_ask_like_that(mill):
    assert mill.post("/oauth/device", scope="read").json()["error"] == "invalid_request"
    assert not Device.objects.exists()


# What there is.


def test_it_describes_itself(client, db):
    told = client.get("/.well-known/oauth-authorization-server").json()
    assert told["issuer"] == "http://testserver"
    assert told["token_endpoint"] == "http://testserver/oauth/token"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["scopes_supported"] == ["read", "write", "draft", "hooks"]
    for name in ("authorization", "token", "revocation", "device_authorization"):
        path = urlsplit(told[f"{name}_endpoint"]).path
        assert client.get(path).status_code in (302, 405)
