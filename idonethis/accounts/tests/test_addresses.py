from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("addressed")]
PAGE = "/accounts/email/"


@pytest.fixture
def act(client, ada, confirm_it_is_ada):
    """Presses a button of the page of addresses as Ada, who is asked once whether it is her."""
    client.force_login(ada)

    def pressed(action, email):
        response = client.post(PAGE, {f"action_{action}": "", "email": email})
        if response.status_code == 302 and "reauthenticate" in response.url:
            response = confirm_it_is_ada(response)
        return client.get(PAGE) if response.status_code == 302 else response

    return pressed


def link():
    return re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]


def test_an_address_is_added_verified_and_made_primary(act, client, ada):
    assertContains(act("add", "lovelace@example.net"), "Not verified")
    assertContains(client.get(link()), "Is this you?")
    assert not EmailAddress.objects.get(email="lovelace@example.net").verified
    client.post(link())
    assert EmailAddress.objects.get(email="lovelace@example.net").verified
    act("primary", "lovelace@example.net")
    ada.refresh_from_db()
    assert ada.email == "lovelace@example.net"


def test_a_link_that_was_followed_says_so_the_second_time(act, client):
    act("add", "lovelace@example.net")
    client.post(link())
    assertContains(client.get(link()), "This link no longer works")


def test_an_address_that_is_not_verified_becomes_nobody_s_primary_one(act, ada):
    act("add", "lovelace@example.net")
    assertContains(act("primary", "lovelace@example.net"), "Verify this address first")
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"


@pytest.mark.parametrize("taken", ["grace@example.org", "Grace@example.org"])
def test_what_another_person_signs_in_with_cannot_be_added(act, taken):
    assertContains(act("add", taken), "Somebody else here has this address")
    assert EmailAddress.objects.filter(email="grace@example.org").count() == 1
    assert mail.outbox == []


def test_an_address_that_is_one_s_own_is_not_added_twice(act):
    assertContains(act("add", "ada@example.org"), "You have this address already")


def test_the_primary_address_stays_and_others_go(act, ada):
    EmailAddress.objects.create(user=ada, email="lovelace@example.net", verified=True)
    act("remove", "ada@example.org")
    assertNotContains(act("remove", "lovelace@example.net"), ">lovelace@example.net<")
    assert [each.email for each in EmailAddress.objects.filter(user=ada)] == ["ada@example.org"]


def test_nobody_acts_on_the_address_of_another(act, grace):
    act("remove", "grace@example.org")
    act("primary", "grace@example.org")
    address = EmailAddress.objects.get(email="grace@example.org")
    assert (address.user, address.primary) == (grace, True)


def test_a_stolen_session_does_not_reach_the_addresses(client, ada):
    client.force_login(ada)
    response = client.post(PAGE, {"action_add": "", "email": "new@example.net"})
    assert response.url.startswith(reverse("account_reauthenticate"))
    assert not EmailAddress.objects.filter(email="new@example.net").exists()


def test_who_was_invited_is_shown_how_to_verify_their_address(client, grace):
    client.force_login(grace)
    assertContains(client.get(PAGE), "Send a mail to verify it")
    client.post(PAGE, {"action_send": "", "email": "grace@example.org"})
    assert mail.outbox[0].to == ["grace@example.org"]
    client.post(link())
    assert EmailAddress.objects.get(user=grace).verified


def test_a_server_without_mail_says_where_the_mail_goes(client, ada, settings):
    client.force_login(ada)
    assertContains(client.get(PAGE), "no mail server")
    settings.EMAIL_HOST = "mail.example.org"
    assertNotContains(client.get(PAGE), "no mail server")
