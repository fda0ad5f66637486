"""Every page of the accounts, and every way to ask for it, by everybody."""

from __future__ import annotations

import pytest
from allauth.urls import urlpatterns as of_allauth
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

from idonethis.accounts.urls import urlpatterns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("addressed", "team")]
WHO = ("anonymous", "mallory", "grace", "ada")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
LOGIN = "sign in first"
SAID = {"name": "Somebody", "time_zone": "UTC", "day_ends_at": "0", "theme": ""}

#: What each method answers to whoever is signed in; to everybody else it says: sign in first.
SIGNED_IN = {
    "user_settings": {"GET": 200, "HEAD": 200, "POST": 302},
    "my_connections": {"GET": 200, "HEAD": 200},
    # What is posted here lacks the scopes.
    "my_tokens": {"GET": 200, "HEAD": 200, "POST": 422},
    # No application is named, and no code.
    "authorize": {"GET": 400, "HEAD": 400, "POST": 400},
    "device": {"GET": 200, "HEAD": 200, "POST": 404},
}
#: For applications, which show no session.
OF_APPLICATIONS = {"oauth_described", "oauth_token", "oauth_revoke", "oauth_device"}
#: What is theirs alone by its name, which test_tokens follows.
OF_ONE = {"revoke_token"}
#: What allauth's pages answer to a GET: to anybody, and to whoever is signed in.
ALLAUTH = {
    "account_login": (200, 302),
    "account_logout": (LOGIN, 200),
    "account_inactive": (200, 200),
    "account_signup": (200, 302),
    "account_reauthenticate": (LOGIN, 200),
    "account_email": (LOGIN, 200),
    "account_email_verification_sent": (200, 200),
    "account_change_password": (LOGIN, 200),
    "account_set_password": (LOGIN, 302),
    "account_reset_password": (200, 200),
    "account_reset_password_done": (200, 200),
    "account_reset_password_from_key_done": (200, 200),
    "mfa_index": (LOGIN, 200),
    "mfa_authenticate": (LOGIN, 302),
    "mfa_reauthenticate": (LOGIN, "reauthenticate"),
    "mfa_activate_totp": (LOGIN, "reauthenticate"),
    "mfa_deactivate_totp": (LOGIN, 404),
    "mfa_view_recovery_codes": (LOGIN, 404),
    "mfa_generate_recovery_codes": (LOGIN, "reauthenticate"),
    "mfa_download_recovery_codes": (LOGIN, 404),
}
#: Pages that take a key from a mail, which test_sign_in and test_addresses follow.
BY_MAIL = {"account_confirm_email", "account_reset_password_from_key"}
#: Sends on to a page for a code by mail, which we do not use.
UNUSED = {"account_confirm_login_code"}


def answer(response):
    url = response.get("Location", "")
    if response.status_code == 302 and url.startswith(reverse("account_login")):
        return LOGIN
    return "reauthenticate" if "reauthenticate" in url else response.status_code


def names(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        else:
            yield from names(pattern.url_patterns)


def test_every_route_stands_in_the_tables():
    assert set(names(urlpatterns)) == set(SIGNED_IN) | OF_ONE | OF_APPLICATIONS
    assert set(names(of_allauth)) == set(ALLAUTH) | BY_MAIL | UNUSED


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_route_answers_as_the_table_says(visitor, name, method, who):
    expected = LOGIN if who == "anonymous" else SIGNED_IN[name].get(method, 405)
    response = visitor(who).generic(
        method,
        reverse(name),
        "&".join(f"{key}={value}" for key, value in SAID.items()),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer(response) == expected


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", ALLAUTH)
def test_a_page_of_signing_in_shows_in_our_look(visitor, name, who):
    response = visitor(who).get(reverse(name))
    to_anybody, to_whoever_is_in = ALLAUTH[name]
    assert answer(response) == (to_anybody if who == "anonymous" else to_whoever_is_in)
    if response.status_code == 200:
        assert 'class="wordmark"' in response.content.decode()
        assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", [*SIGNED_IN, *ALLAUTH])
def test_looking_changes_nothing(visitor, name, who):
    client = visitor(who)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        client.get(reverse(name))
    writes = [q["sql"] for q in seen if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert [sql for sql in writes if "django_session" not in sql] == []


@pytest.mark.parametrize("name", ["user_settings", "account_email", "account_logout"])
def test_nothing_is_taken_without_the_token_of_a_page_of_ours(ada, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    assert client.post(reverse(name), SAID).status_code == 403


def test_nobody_changes_another(client, ada, mallory):
    client.force_login(mallory)
    client.post("/settings", SAID | {"id": ada.pk, "email": "ada@example.org", "is_staff": "on"})
    ada.refresh_from_db()
    mallory.refresh_from_db()
    assert (ada.name, mallory.name) == ("Ada Lovelace", "Somebody")
    assert (mallory.email, mallory.is_staff) == ("mallory@example.net", False)
