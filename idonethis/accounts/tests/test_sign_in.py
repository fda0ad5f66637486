from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from idonethis.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("addressed")]


def whoever(client):
    user = get_user(client)
    return user.email if user.is_authenticated else None


def test_a_person_signs_in_with_address_and_password(client, sign_in):
    assert sign_in("Ada@Example.org").status_code == 302
    assert whoever(client) == "ada@example.org"


def test_an_address_that_is_not_verified_yet_lets_its_person_in_too(client, sign_in):
    sign_in("grace@example.org", "cobol")
    assert whoever(client) == "grace@example.org"


def test_signing_in_leads_on_to_where_the_person_was_going(sign_in):
    assert sign_in(next="/settings").url == "/settings"


def test_signing_in_leads_to_no_other_site(sign_in):
    assert sign_in(next="https://evil.example.net/").url == "/"


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_are_told_in_the_same_words(client, sign_in, email):
    assertContains(sign_in(email, "wrong"), "do not belong together")
    assert whoever(client) is None


def test_guessing_is_slowed_down(client, sign_in, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    for _ in range(5):
        assertContains(sign_in(password="wrong"), "do not belong together")
    assertContains(sign_in(password="engine"), "Wait five minutes")
    assert whoever(client) is None


def test_an_account_that_is_closed_stays_closed(client, sign_in, ada):
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert sign_in().status_code == 302
    assert whoever(client) is None
    assertContains(client.get(reverse("account_inactive")), "This account is closed")


def test_signing_out_takes_a_button(client, sign_in):
    sign_in()
    assertContains(client.get(reverse("account_logout")), "Sign out?")
    assert whoever(client) == "ada@example.org"
    assert client.post(reverse("account_logout")).url == reverse("account_login")
    assert whoever(client) is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_makes_an_account_by_themselves(client, method):
    form = {"email": "new@example.net", "password1": "difference-engine"}
    response = getattr(client, method)(reverse("account_signup"), form)
    assertContains(response, "You need an invitation")
    assert not User.objects.with_address("new@example.net").exists()


def test_a_server_without_accounts_points_to_its_set_up_link(client):
    assertNotContains(client.get(reverse("account_login")), "setup-link")
    User.objects.all().delete()
    assertContains(client.get(reverse("account_login")), "idonethis setup-link")


class TestForgottenPassword:
    def ask(self, client, email="ada@example.org"):
        client.post(reverse("account_reset_password"), {"email": email}, HTTP_HOST="localhost")
        assert [m.to for m in mail.outbox] == [[email]]
        return mail.outbox[0].body

    def test_is_replaced_by_a_link_in_a_mail(self, client, sign_in):
        link = re.search(r"http://testserver(/\S+)", self.ask(client))[1]
        page = client.get(link, follow=True)
        assertContains(page, "Choose a new password")
        where = page.redirect_chain[-1][0]
        done = client.post(where, {"password1": "difference-engine"}, follow=True)
        assertContains(done, "Your password is changed")
        sign_in(password="difference-engine")
        assert whoever(client) == "ada@example.org"

    def test_has_a_link_that_works_once(self, client):
        link = re.search(r"http://testserver(/\S+)", self.ask(client))[1]
        where = client.get(link, follow=True).redirect_chain[-1][0]
        client.post(where, {"password1": "difference-engine"})
        client.cookies.clear()
        assertContains(client.get(link, follow=True), "This link no longer works")

    def test_cannot_be_replaced_by_a_weak_one(self, client, ada):
        link = re.search(r"http://testserver(/\S+)", self.ask(client))[1]
        where = client.get(link, follow=True).redirect_chain[-1][0]
        assertContains(client.post(where, {"password1": "12345678"}), "too common")
        ada.refresh_from_db()
        assert ada.check_password("engine")

    def test_tells_nobody_who_has_an_account(self, client):
        assert "no account here has the address" in self.ask(client, "nobody@example.org")


def test_a_password_is_changed_by_whoever_knows_it(client, ada):
    client.force_login(ada)
    change = {"oldpassword": "wrong", "password1": "difference-engine"}
    assertContains(client.post(reverse("account_change_password"), change), "not the password you")
    change["oldpassword"] = "engine"
    assert client.post(reverse("account_change_password"), change).status_code == 302
    ada.refresh_from_db()
    assert ada.check_password("difference-engine")
    assert whoever(client) == "ada@example.org"


def test_a_server_with_mail_tells_the_person_of_a_change(client, ada, settings):
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    client.force_login(ada)
    change = {"oldpassword": "engine", "password1": "difference-engine"}
    client.post(reverse("account_change_password"), change)
    assert mail.outbox[0].to == ["ada@example.org"]
    assert "If that was not you" in mail.outbox[0].body
    assert "difference-engine" not in mail.outbox[0].body


def test_the_page_to_sign_in_is_typed_into_at_once(client):
    assertContains(client.get(reverse("account_login")), "autofocus", count=1)


def test_a_mail_that_cannot_be_sent_is_told_and_breaks_nothing(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    response = client.post(
        reverse("account_reset_password"), {"email": "ada@example.org"}, follow=True
    )
    assertContains(response, "did not take the mail")
