from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from idonethis.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client, ada):
    client.post("/accounts/login/", {"login": "ada@example.org", "password": "engine"})
    assert client.get("/settings").status_code == 200
    return client


def key(browser):
    return browser.cookies["session"].value


def with_key(value):
    other = Client()
    other.cookies["session"] = value
    return other.get("/settings").status_code


def test_who_has_the_key_is_signed_in(browser):
    assert with_key(key(browser)) == 200


def test_what_stands_in_the_database_is_no_key(browser):
    stored = Session.objects.get().session_key
    assert stored != key(browser)
    assert with_key(stored) == 302


def test_the_database_does_not_know_what_a_session_holds(client, ada):
    """Django signs it, and would leave it legible."""
    client.force_login(ada)
    session = client.session
    session["reset key"] = "1-planted"
    session.save()
    stored = Session.objects.get().session_data
    assert client.session["reset key"] == "1-planted"
    assert stored.startswith("gAAAA") and ":" not in stored


def test_where_the_encryption_key_is_gone_everybody_signs_in_once_more(browser, settings):
    settings.ENCRYPTION_KEYS = ["another", *settings.ENCRYPTION_KEYS]
    assert with_key(key(browser)) == 200
    settings.ENCRYPTION_KEYS = ["another"]
    assert with_key(key(browser)) == 302


def test_one_that_has_run_out_is_none(browser):
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))
    assert with_key(key(browser)) == 200
    Session.objects.update(expire_date=timezone.now())
    assert with_key(key(browser)) == 302


def test_nor_is_that_of_an_account_that_is_closed_or_gone(browser, ada):
    User.objects.update(is_active=False)
    assert with_key(key(browser)) == 302
    User.objects.update(is_active=True)
    assert with_key(key(browser)) == 200
    ada.delete()
    assert with_key(key(browser)) == 302


def test_signing_in_makes_a_new_key(client, ada):
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = True
    session.save()
    before = key(client)
    client.post("/accounts/login/", {"login": "ada@example.org", "password": "engine"})
    assert key(client) != before
    assert with_key(before) == 302


def test_signing_out_ends_it_everywhere(browser):
    before = key(browser)
    browser.post("/accounts/logout/")
    assert with_key(before) == 302
    assert not Session.objects.filter(session_data__contains="_auth_user").exists()


def test_a_new_password_ends_the_sessions_elsewhere(browser, ada):
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": "ada@example.org", "password": "engine"})
    browser.post("/accounts/reauthenticate/", {"password": "engine"})
    said = {"oldpassword": "engine", "password1": "difference-engine"}
    assert browser.post("/accounts/password/change/", said).status_code == 302
    assert elsewhere.get("/settings").status_code == 302
    assert browser.get("/settings").status_code == 200


@pytest.mark.parametrize("said", ["", "x", "é" * 40, "\0", "a" * 5000])
def test_a_key_that_nobody_was_given_is_nobody_s(db, said):
    assert with_key(said) == 302
