from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from pytest_django.asserts import assertContains

from idonethis.accounts import setup
from idonethis.accounts.models import User
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db
ADA = {
    "name": "Ada Lovelace",
    "email": "Ada@example.org",
    "password": "difference-engine",
    "team": "Analytical Engines",
    "time_zone": "Europe/London",
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("IDONETHIS_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def link():
    return setup.setup_url().removeprefix("http://testserver")


def test_the_first_account_and_the_first_team_are_made_and_signed_in(client, link):
    assert client.post(link, ADA).url == "/t/analytical-engines"
    ada = get_user(client)
    assert (ada.email, ada.name, ada.time_zone) == (
        "ada@example.org",
        "Ada Lovelace",
        "Europe/London",
    )
    assert ada.is_superuser and ada.is_staff
    assert Team.objects.get(slug="analytical-engines").has_admin(ada)
    assert [team.name for team in Team.objects.for_user(ada)] == ["My log", "Analytical Engines"]


def test_the_address_of_whoever_sets_up_is_trusted(client, link):
    client.post(link, ADA)
    address = EmailAddress.objects.get()
    assert (address.email, address.verified, address.primary) == ("ada@example.org", True, True)


def test_the_link_works_once(client, link, folder, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(link, ADA)
    assert not (folder / "setup_token").exists()
    for response in (client.get(link), client.post(link, ADA | {"email": "mallory@example.net"})):
        assert response.status_code == 404
    assert User.objects.count() == 1


def test_of_two_who_hold_the_link_at_once_one_sets_up(client, link, monkeypatch):
    """The other one's page was open already, and is sent just after."""
    client.post(link, ADA)
    monkeypatch.setattr(setup, "opens", lambda token: True)
    assert client.post(link, ADA | {"email": "mallory@example.net"}).status_code == 404
    assert User.objects.count() == 1


@pytest.mark.parametrize("token", ["wrong", "%00", "é"])
def test_a_wrong_link_leads_nowhere(client, link, token):
    assert client.get(f"/setup/{token}").status_code == 404
    assert client.post(f"/setup/{token}", ADA).status_code == 404
    assert not User.objects.exists()


def test_no_browser_and_no_proxy_keeps_the_page(client, link):
    assert "no-store" in client.get(link)["Cache-Control"]


def test_the_browser_is_asked_for_its_time_zone_until_the_person_has_spoken(client, link):
    assertContains(client.get(link), "data-time-zone")
    refused = client.post(link, ADA | {"name": ""})
    assert "data-time-zone" not in refused.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "This field is required"),
        ("email", "ada", "Enter a valid email address"),
        ("password", "engine", "too short"),
        ("password", "12345678", "too common"),
        ("password", "ada@example.org", "too similar"),
        ("team", "", "This field is required"),
        ("time_zone", "Mars/Olympus", "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(client, link, field, value, said):
    response = client.post(link, ADA | {field: value})
    assertContains(response, said, status_code=422)
    assert not User.objects.exists() and not Team.objects.exists()
    assert setup.setup_url().endswith(link)


def test_a_refused_page_does_not_send_the_password_back(client, link):
    page = client.post(link, ADA | {"name": ""}).content.decode()
    assert "difference-engine" not in page
