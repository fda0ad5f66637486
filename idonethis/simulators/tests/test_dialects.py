"""A partner as data: what else a dialect can say."""

from __future__ import annotations

from types import SimpleNamespace

import httpx
import pytest

from idonethis.simulators.base import Simulator
from idonethis.simulators.clients import Client
from idonethis.simulators.dialect import Dialect
from idonethis.simulators.running import running
from idonethis.simulators.visitor import consent

CALLBACK = "http://localhost:9/back"
ASKED = {"client_id": "id", "redirect_uri": CALLBACK, "response_type": "code"}


class Plain(Simulator):
    name = "plain"
    title = "Plain"

    def seed(self):
        return {"accounts": {"ada": {"name": "Ada Lovelace", "signs_in": True}}}

    def routes(self):
        return []

    def actions(self):
        return {}


@pytest.fixture
def partner(request):
    """A partner that speaks the dialect of the test's parameter."""
    app = Plain(Client("id", "secret"), request.param, timeout=1, state_path=None, settings={})
    with running(app) as url:
        yield SimpleNamespace(url=url, code=lambda **more: code(url, **more))


def code(url, **more):
    query = httpx.QueryParams({**ASKED, "scope": "read write", **more})
    return consent(f"{url}/oauth/authorize?{query}", "ada")["code"]


def fields(code, **more):
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        **more,
    }


SECRET = {"client_id": "id", "client_secret": "secret"}


@pytest.mark.parametrize("partner", [Dialect(client_auth="basic")], indirect=True)
def test_basic_takes_the_secret_in_the_header_alone(partner):
    there = f"{partner.url}/oauth/token"
    in_body = httpx.post(there, data=fields(partner.code(), **SECRET))
    assert (in_body.status_code, in_body.json()) == (400, {"error": "invalid_client"})
    in_header = httpx.post(there, data=fields(partner.code()), auth=("id", "secret"))
    assert in_header.json()["token_type"] == "Bearer"
    assert in_header.json()["scope"] == "read write"


@pytest.mark.parametrize("partner", [Dialect(client_auth="post")], indirect=True)
def test_post_takes_the_secret_in_the_body_alone(partner):
    there = f"{partner.url}/oauth/token"
    in_header = httpx.post(there, data=fields(partner.code()), auth=("id", "secret"))
    assert in_header.json() == {"error": "invalid_client"}
    in_body = httpx.post(there, data=fields(partner.code(), **SECRET))
    assert "access_token" in in_body.json()


@pytest.mark.parametrize("partner", [Dialect(body="json")], indirect=True)
def test_json_takes_no_form(partner):
    there = f"{partner.url}/oauth/token"
    form = httpx.post(there, data=fields(partner.code(), **SECRET))
    assert form.json() == {"error": "invalid_client"}
    assert "access_token" in httpx.post(there, json=fields(partner.code(), **SECRET)).json()


@pytest.mark.parametrize("partner", [Dialect(pkce="required")], indirect=True)
def test_where_pkce_is_required_nobody_comes_without(partner):
    back = consent(f"{partner.url}/oauth/authorize?{httpx.QueryParams(ASKED)}", "ada")
    assert back["error"] == "invalid_request"


@pytest.mark.parametrize("partner", [Dialect(scopes=frozenset({"read"}))], indirect=True)
def test_an_unknown_scope_is_named(partner):
    query = httpx.QueryParams({**ASKED, "scope": "read fly"})
    back = consent(f"{partner.url}/oauth/authorize?{query}", "ada")
    assert (back["error"], back["error_description"]) == ("invalid_scope", "Unknown: fly")


@pytest.mark.parametrize("partner", [Dialect(lifetime=60, rotates=False)], indirect=True)
def test_without_rotation_the_refresh_token_stays(partner):
    there = f"{partner.url}/oauth/token"
    first = httpx.post(there, data=fields(partner.code(), **SECRET)).json()
    renew = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], **SECRET}
    for _ in range(2):
        again = httpx.post(there, data=renew).json()
        assert again["refresh_token"] == first["refresh_token"]
        assert again["access_token"] != first["access_token"]


@pytest.mark.parametrize("partner", [Dialect()], indirect=True)
def test_the_plain_dialect_asks_for_grant_type_and_address(partner):
    there = f"{partner.url}/oauth/token"
    untyped = httpx.post(there, data={**fields(partner.code(), **SECRET), "grant_type": ""})
    assert untyped.json() == {"error": "unsupported_grant_type"}
    homeless = httpx.post(there, data={**fields(partner.code(), **SECRET), "redirect_uri": ""})
    assert homeless.json() == {"error": "invalid_grant"}
