"""Webhooks that we make are signed with the client secret, those made by hand with their own."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

from idonethis.integrations.base import SignsAsClient
from idonethis.integrations.models import IntegrationLink, PartnerApp
from idonethis.integrations.tests.web.conftest import create
from idonethis.integrations.tests.web.foundry.integration import Foundry
from idonethis.integrations.values import Hook, Secret

pytestmark = pytest.mark.django_db


class ClientFoundry(SignsAsClient, Foundry):
    pass


@pytest.fixture
def foundry(foundry):
    foundry.__class__ = ClientFoundry
    return foundry


@pytest.fixture
def by_hand(foundry, as_ada):
    create(as_ada, by="hand")
    return IntegrationLink.objects.get()


def answer(foundry, url, secret):
    body = b'{"body": "Cast a gear", "id": "1", "who": "1815", "login": "ada-l"}'
    signed = foundry.signature.sign(Hook(body, url=url), Secret(secret))
    path = urlsplit(url).path
    sent = Client().post(path, body, content_type="application/json", headers=signed)
    return sent.status_code


def test_ours_is_signed_with_the_client_secret_alone(link, foundry):
    hook = link.registered_hook
    assert answer(foundry, hook.url, "the-secret") == 200
    assert answer(foundry, hook.url, hook.signing_secret) == 401


def test_another_client_secret_counts_at_once(link, foundry):
    PartnerApp.objects.get().keep({"CLIENT_SECRET": "another"})
    assert answer(foundry, link.registered_hook.url, "the-secret") == 401
    assert answer(foundry, link.registered_hook.url, "another") == 200


def test_without_a_client_secret_nothing_is_taken(link, foundry):
    PartnerApp.objects.all().delete()
    for secret in ("the-secret", link.registered_hook.signing_secret):
        assert answer(foundry, link.registered_hook.url, secret) == 401


def test_one_made_by_hand_is_signed_with_its_own(by_hand, foundry):
    assert answer(foundry, by_hand.hook_url, by_hand.signing_secret) == 200
    assert answer(foundry, by_hand.hook_url, "the-secret") == 401
