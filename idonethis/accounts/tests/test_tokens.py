"""Tokens, on the page where a person makes and revokes them."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from idonethis.accounts.models import ApiToken, User
from idonethis.audit.models import AuditRecord

pytestmark = pytest.mark.django_db
PAGE = "/settings/tokens"
SAID = {"name": "My scripts", "scopes": ["read", "hooks"]}


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


def made_on(page) -> str:
    return re.search(r"idt_[\w-]{43}", page.content.decode())[0]


def test_a_new_token_is_shown_once_and_may_not_be_kept_by_a_browser(as_ada, ada):
    page = as_ada.post(PAGE, SAID)
    shown = made_on(page)
    assert "no-store" in page["Cache-Control"]
    found = ApiToken.objects.shown_as(shown)
    assert (found.user, found.name, found.scopes) == (ada, "My scripts", ["hooks", "read"])
    listed = as_ada.get(PAGE).content.decode()
    assert "My scripts" in listed and "never used" in listed and "idt_" not in listed


def test_the_database_does_not_know_it(as_ada):
    shown = made_on(as_ada.post(PAGE, SAID))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_apitoken")
        row = " ".join(map(str, cursor.fetchone()))
    assert shown not in row and shown.removeprefix("idt_") not in row


def test_no_two_are_alike(as_ada):
    assert made_on(as_ada.post(PAGE, SAID)) != made_on(as_ada.post(PAGE, SAID))


@pytest.mark.parametrize("wrong", [{"scopes": []}, {"scopes": ["everything"]}, {"name": " "}])
def test_a_token_without_a_name_or_for_nothing_is_not_made(as_ada, wrong):
    assert as_ada.post(PAGE, SAID | wrong).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_revoked_one_is_nobody_s(as_ada, ada):
    token, shown = ApiToken.objects.make(ada, name="Old", scopes=["read"])
    assert as_ada.post(f"{PAGE}/{token.hash_id}/revoke").url == PAGE
    assert ApiToken.objects.shown_as(shown) is None
    actions = AuditRecord.objects.values_list("action", flat=True)
    assert {"token.made", "token.revoked"} <= set(actions)


def test_nobody_sees_or_revokes_that_of_another(as_ada, mallory):
    token, shown = ApiToken.objects.make(mallory, name="Of Mallory", scopes=["read"])
    assert "Of Mallory" not in as_ada.get(PAGE).content.decode()
    assert as_ada.post(f"{PAGE}/{token.hash_id}/revoke").status_code == 404
    assert ApiToken.objects.shown_as(shown) == token


def test_whoever_may_not_sign_in_has_none(ada):
    _, shown = ApiToken.objects.make(ada, name="Old", scopes=["read"])
    User.objects.update(is_active=False)
    assert ApiToken.objects.shown_as(shown) is None


def test_they_go_with_their_person(ada):
    ApiToken.objects.make(ada, name="Old", scopes=["read"])
    ada.forget()
    assert not ApiToken.objects.exists()
