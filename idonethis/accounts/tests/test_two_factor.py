from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import get_user
from django.urls import reverse
from pytest_django.asserts import assertContains

from idonethis.accounts.two_factor import TwoFactorAdapter, forget_unreadable
from idonethis.keys import Sealed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("addressed")]


@pytest.fixture(autouse=True)
def _unhurried(settings):
    """A code is still good just after its half minute, so that no test fails on the stroke."""
    settings.MFA_TOTP_TOLERANCE = 1


def code(secret, later=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


@pytest.fixture
def turn_on(client, confirm_it_is_ada):
    def turned_on(user):
        client.force_login(user)
        url = reverse("mfa_activate_totp")
        confirm_it_is_ada(client.get(url), {"ada": "engine", "grace": "cobol"}[user.nickname])
        page = client.get(url)
        secret = page.context["form"].secret
        client.post(url, {"code": code(secret)})
        return secret

    return turned_on


def signed_in(client):
    return get_user(client).is_authenticated


def test_the_picture_to_scan_needs_nothing_from_elsewhere(client, ada, confirm_it_is_ada):
    client.force_login(ada)
    url = reverse("mfa_activate_totp")
    confirm_it_is_ada(client.get(url))
    page = client.get(url)
    assertContains(page, '<img class="qr" src="data:image/svg+xml;base64,')
    assert "img-src 'self' data:" in page["Content-Security-Policy"]


def test_a_wrong_code_turns_nothing_on(client, ada, confirm_it_is_ada):
    client.force_login(ada)
    url = reverse("mfa_activate_totp")
    confirm_it_is_ada(client.get(url))
    client.get(url)
    assertContains(client.post(url, {"code": "000000"}), "not the right code")
    assert not Authenticator.objects.exists()


def test_from_then_on_the_password_alone_lets_nobody_in(client, ada, turn_on, sign_in):
    secret = turn_on(ada)
    client.logout()
    assert sign_in().url == reverse("mfa_authenticate")
    assert not signed_in(client)
    assertContains(client.post(reverse("mfa_authenticate"), {"code": "000000"}), "not the right")
    assert not signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(secret, later=1)})
    assert signed_in(client)


def test_a_recovery_code_works_once(client, ada, turn_on, sign_in):
    turn_on(ada)
    recovery = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(recovery) == 10
    client.logout()
    sign_in()
    client.post(reverse("mfa_authenticate"), {"code": recovery[0]})
    assert signed_in(client)
    client.logout()
    sign_in()
    client.post(reverse("mfa_authenticate"), {"code": recovery[0]})
    assert not signed_in(client)


def test_who_was_invited_and_has_no_verified_address_may_turn_it_on_too(client, grace, turn_on):
    turn_on(grace)
    assert Authenticator.objects.filter(user=grace, type="totp").exists()


def test_it_is_turned_off_by_the_person_alone(client, ada, turn_on):
    turn_on(ada)
    client.logout()
    client.force_login(ada)
    assert "reauthenticate" in client.post(reverse("mfa_deactivate_totp")).url
    assert Authenticator.objects.exists()


def test_turned_off_the_password_is_enough_again(client, ada, turn_on, sign_in):
    turn_on(ada)
    client.post(reverse("mfa_deactivate_totp"))
    client.logout()
    sign_in()
    assert signed_in(client)


def test_its_key_is_not_stored_in_the_clear(ada, turn_on):
    secret = turn_on(ada)
    for authenticator in Authenticator.objects.all():
        assert secret not in str(authenticator.data)
        assert authenticator.data.get("seed", "gAAAA").startswith("gAAAA")


class TestTheBox:
    def test_opens_with_an_older_key_too(self, settings):
        settings.ENCRYPTION_KEYS = ["old"]
        stored = TwoFactorAdapter().encrypt("secret")
        settings.ENCRYPTION_KEYS = ["new", "old"]
        assert TwoFactorAdapter().decrypt(stored) == "secret"

    def test_stays_closed_without_the_key(self, settings):
        settings.ENCRYPTION_KEYS = ["old"]
        stored = TwoFactorAdapter().encrypt("secret")
        settings.ENCRYPTION_KEYS = ["new"]
        with pytest.raises(Sealed):
            TwoFactorAdapter().decrypt(stored)

    def test_a_factor_whose_key_is_gone_can_be_forgotten(self, ada, grace, settings):
        settings.ENCRYPTION_KEYS = ["old"]
        for type_, name in (("totp", "secret"), ("recovery_codes", "seed")):
            data = {name: TwoFactorAdapter().encrypt("secret")}
            Authenticator.objects.create(user=ada, type=type_, data=data)
        assert forget_unreadable() == 0
        settings.ENCRYPTION_KEYS = ["new"]
        data = {"secret": TwoFactorAdapter().encrypt("secret")}
        Authenticator.objects.create(user=grace, type="totp", data=data)
        assert forget_unreadable() == 1
        assert Authenticator.objects.get().user == grace
