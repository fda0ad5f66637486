"""A secret is replaced while hooks come in, and none of them is lost."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from idonethis.integrations.models import IntegrationLink, RegisteredHook
from idonethis.integrations.tests.web.conftest import create
from idonethis.integrations.tests.web.test_link_page import page_of, press
from idonethis.integrations.values import Hook

pytestmark = pytest.mark.django_db

NUMBERS = count()


@pytest.fixture
def by_hand(as_ada, foundry) -> IntegrationLink:
    create(as_ada, by="hand")
    return IntegrationLink.objects.get()


def taken(foundry, url, secret) -> bool:
    """Whether a hook that is signed with this secret is taken."""
    body = b'{"body": "Cast", "id": "%d", "who": "1815", "login": ""}' % next(NUMBERS)
    headers = foundry.signature.sign(Hook(body), secret)
    path, kind = urlsplit(url).path, "application/json"
    status = Client().post(path, body, content_type=kind, headers=headers).status_code
    assert status in (200, 401)
    return status == 200


def rotated(browser, link) -> str:
    page = press(browser, link, "secret/rotate")
    link.refresh_from_db()
    return page


def a_day_later() -> None:
    """Every overlap that is under way has just ended."""
    for signed in (IntegrationLink, RegisteredHook):
        signed.objects.exclude(previous_until=None).update(previous_until=timezone.now())


def test_both_secrets_are_taken_for_a_day_and_then_the_new_one_alone(as_ada, by_hand, foundry):
    old = by_hand.signing_secret
    assert "There is a new secret." in rotated(as_ada, by_hand)
    new, url = by_hand.signing_secret, by_hand.hook_url
    left = by_hand.previous_until - timezone.now()
    assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)
    assert new != old and taken(foundry, url, new) and taken(foundry, url, old)
    a_day_later()
    assert taken(foundry, url, new) and not taken(foundry, url, old)
    assert not taken(foundry, url, "")


def test_pressed_twice_it_makes_one_new_secret(as_ada, by_hand, foundry):
    old = by_hand.signing_secret
    rotated(as_ada, by_hand)
    new = by_hand.signing_secret
    page = rotated(as_ada, by_hand)
    assert "The secret before the last one is still taken. Nothing was changed." in page
    assert by_hand.valid_secrets == (new, old)


def test_after_the_day_there_may_be_another(as_ada, by_hand, foundry):
    first = by_hand.signing_secret
    rotated(as_ada, by_hand)
    second = by_hand.signing_secret
    a_day_later()
    rotated(as_ada, by_hand)
    assert by_hand.previous_secret == second
    assert not taken(foundry, by_hand.hook_url, first)


def test_a_secret_that_leaked_can_be_refused_at_once(as_ada, by_hand, foundry):
    old = by_hand.signing_secret
    rotated(as_ada, by_hand)
    assert "refused from now on" in press(as_ada, by_hand, "secret/end")
    by_hand.refresh_from_db()
    assert not taken(foundry, by_hand.hook_url, old)
    assert taken(foundry, by_hand.hook_url, by_hand.signing_secret)


def test_the_page_says_what_holds_until_when(as_ada, by_hand):
    assert "Rotate secret" in page_of(as_ada, by_hand)
    rotated(as_ada, by_hand)
    page = page_of(as_ada, by_hand)
    assert "Bring it to the sender in time: the one before ends" in page and "in 23 hours" in page
    assert "Refuse the one before now" in page and "Rotate secret" not in page
    a_day_later()
    assert "Rotate secret" in page_of(as_ada, by_hand)


def test_neither_secret_lies_open_or_opens_in_the_place_of_the_other(as_ada, by_hand):
    rotated(as_ada, by_hand)
    row = str(IntegrationLink.objects.values().get())
    assert not any(secret in row for secret in by_hand.valid_secrets)
    by_hand.sealed_secret = by_hand.sealed_previous_secret
    with pytest.raises(Exception, match="does not belong to its row"):
        by_hand.valid_secrets  # noqa: B018


# A webhook that we made.


def test_a_partner_gets_the_new_secret_from_us(as_ada, link, foundry, world):
    hook = link.registered_hook
    old = hook.signing_secret
    assert "There is a new secret." in rotated(as_ada, link)
    hook.refresh_from_db()
    [at_partner] = world.hooks.values()
    assert at_partner["secret"] == hook.signing_secret != old
    assert taken(foundry, hook.url, hook.signing_secret) and taken(foundry, hook.url, old)
    a_day_later()
    assert not taken(foundry, hook.url, old)


def test_without_an_answer_both_are_taken_until_the_partner_has_the_new_one(
    as_ada, link, foundry, world
):
    hook = link.registered_hook
    old, world.out = hook.signing_secret, 503
    page = rotated(as_ada, link)
    assert "Both secrets are taken" in page and "has not confirmed the new secret yet" in page
    hook.refresh_from_db()
    new = hook.signing_secret
    a_day_later()
    assert taken(foundry, hook.url, old) and taken(foundry, hook.url, new)
    assert "Both secrets are taken" in press(as_ada, link, "secret/end")

    world.out = None
    rotated(as_ada, link)
    hook.refresh_from_db()
    assert [h["secret"] for h in world.hooks.values()] == [new] == [hook.signing_secret]
    a_day_later()
    assert not taken(foundry, hook.url, old) and taken(foundry, hook.url, new)


def test_after_a_clear_no_the_secret_is_what_it_was(as_ada, link, world):
    hook = link.registered_hook
    old, world.out = hook.signing_secret, 403
    assert "Nothing was changed." in rotated(as_ada, link)
    hook.refresh_from_db()
    assert hook.valid_secrets == (old,)


def test_a_no_after_silence_takes_nothing_back(as_ada, link, foundry, world):
    """The silent call may have reached the partner."""
    hook, world.out = link.registered_hook, 503
    rotated(as_ada, link)
    world.out = 403
    rotated(as_ada, link)
    hook.refresh_from_db()
    assert len(hook.valid_secrets) == 2 and hook.is_unconfirmed


def test_a_link_that_joins_brings_the_partner_the_new_secret_too(as_ada, link, account, world):
    hook, world.out = link.registered_hook, 503
    rotated(as_ada, link)
    world.out = None
    RegisteredHook.objects.register("ada/engine", integration_user=account)
    hook.refresh_from_db()
    assert [h["secret"] for h in world.hooks.values()] == [hook.signing_secret]
    assert not hook.is_unconfirmed


def test_of_two_calls_at_once_the_partner_ends_with_the_newest(link, account, foundry, world):
    tell, hook, interrupted = foundry.create_hook, link.registered_hook, []

    def interrupt(*arguments, **keywords):
        if not interrupted:
            interrupted.append(True)
            RegisteredHook.objects.get().rotate_secret()
        return tell(*arguments, **keywords)

    foundry.create_hook = interrupt
    hook.create_at_partner(account)
    newest = RegisteredHook.objects.get().signing_secret
    assert [h["secret"] for h in world.hooks.values()] == [newest]


def test_without_an_account_a_webhook_keeps_its_secret(as_ada, link, account):
    account.delete()
    assert "No account of this team is connected that may do it." in rotated(as_ada, link)
