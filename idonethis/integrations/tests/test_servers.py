"""What is kept of one server is nothing to another."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from idonethis.integrations.base import (
    Client,
    NeedsPermission,
    NeedsReconnect,
    Never,
    StandingHook,
)
from idonethis.integrations.kits.servers import AtServers, ServerForm
from idonethis.integrations.models.grant import GrantClient


class Smithy(AtServers):
    name, place, api_path = "Smithy", "forge", "/api/v1"


HOME = Client("https://code.example.org/git/api/v1")


def typed(site):
    return ServerForm({"site": site, "token": "a-token"})


@pytest.mark.parametrize(
    "site",
    ["https://Code.example.org/git/", "https://code.example.org/git", "code.example.org/git"],
)
def test_an_address_is_kept_in_one_way_however_it_is_typed(site):
    form = typed(site)
    assert form.is_valid() and form.cleaned_data["site"] == "https://code.example.org/git"
    assert Smithy().client(form.cleaned_data).base_url == HOME.base_url


@pytest.mark.parametrize(
    "site",
    [
        "https://ada:secret@code.example.org",
        "https://code.example.org@evil.example",
        "https://code.example.org/?x=",
        "https://code.example.org/#x",
    ],
)
def test_what_is_more_than_an_address_is_not_taken(site):
    assert "Type the address alone" in str(typed(site).errors)


def test_what_lies_at_the_server_is_called_as_it_calls_it():
    assert Smithy().named(HOME, "https://code.example.org/git/ada/engine") == "ada/engine"


def test_a_grant_leads_to_its_server_from_the_beginning():
    kept = {"site": "https://code.example.org/git", "token": "a-token"}
    client = GrantClient(SimpleNamespace(integration=Smithy(), secrets=kept))
    assert Smithy().named(client, "https://code.example.org/git/42") == "42"


class Unreadable:
    integration = Smithy()

    @property
    def secrets(self):
        raise NeedsReconnect("The key is gone.")


def test_a_grant_that_cannot_be_read_leads_nowhere():
    with pytest.raises(NeedsPermission):
        Smithy().named(GrantClient(Unreadable()), "https://code.example.org/git/42")


@pytest.mark.parametrize(
    "subject",
    ["https://code.example.org/gitea/42", "https://code.example.org.evil/git/42", "42", ""],
)
def test_what_lies_elsewhere_is_told_to_no_other_server(subject):
    with pytest.raises(NeedsPermission, match="lies at another server"):
        Smithy().named(HOME, subject)


def test_what_is_picked_must_lie_at_the_server_of_the_account():
    Smithy().check({"forge": "https://code.example.org/git/42|ada/engine"}, HOME)
    with pytest.raises(NeedsPermission):
        Smithy().check({"forge": "https://other.example/42|ada/engine"}, HOME)
    with pytest.raises(Never, match="Pick the forge"):
        Smithy().check({"forge": ""}, HOME)


def test_a_webhook_is_known_by_its_id_before_its_address():
    first, second = StandingHook("1", "https://here/1"), StandingHook("2", "https://here/2")
    assert StandingHook.among([first, second], url="https://here/1", remote_id="2") == second
    assert StandingHook.among([first, second], url="https://here/1", remote_id="") == first
    assert StandingHook.among([first, second], url="https://here/3", remote_id="3") is None
