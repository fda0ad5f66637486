from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from idonethis.accounts.models import ApiToken, App
from idonethis.commands import idonethis

pytestmark = pytest.mark.django_db
ADD = ["app", "add", "Mill", "--scope", "read"]
BACK = ["--redirect", "https://mill.example.org/back"]


def run(*arguments):
    return CliRunner().invoke(idonethis, list(arguments))


def test_an_application_is_registered_listed_and_removed(ada):
    made = json.loads(run(*ADD, *BACK, "--secret", "--json").output)
    app = App.objects.get(hash_id=made["client_id"])
    assert app.check_client_secret(made["client_secret"]) and not app.check_client_secret("")
    ApiToken.objects.lend(ada, app, ["read"])
    listed = json.loads(run("app", "list", "--json").output)
    assert (listed["name"], listed["scopes"], listed["people"]) == ("Mill", ["read"], 1)
    assert run("app", "remove", app.hash_id).exit_code == 0
    assert not App.objects.exists() and not ApiToken.objects.exists()
    assert "There is no application" in run("app", "remove", app.hash_id).output


@pytest.mark.parametrize(
    "address",
    ["http://mill.example.org/back", "javascript:alert(1)", "https://mill.example.org/back#x",
     "https://ada@mill.example.org/", "mill:/back", "https://mill.example.org/;script-src *",
     "https://", "data:text/html,x", "https://mill.example.org:x/"],
)  # fmt: skip
def test_an_address_that_leads_anywhere_is_none(db, address):
    told = run(*ADD, "--redirect", address)
    assert told.exit_code == 1 and "Nothing was registered" in told.output
    assert not App.objects.exists()


@pytest.mark.parametrize(
    "address", ["https://mill.example.org/back?x=1", "http://127.0.0.1/back", "org.example.mill:/x"]
)
def test_an_address_of_a_server_or_of_somebody_s_machine_is_one(db, address):
    assert run(*ADD, "--redirect", address).exit_code == 0


@pytest.mark.parametrize("missing", [["app", "add", "Mill", *BACK], ADD])
def test_what_it_needs_is_said(db, missing):
    told = run(*missing)
    assert told.exit_code == 2 and "Say by" in told.output
