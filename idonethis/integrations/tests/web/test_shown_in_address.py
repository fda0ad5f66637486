"""Webhooks that we make at a partner that signs nothing: the address that it is told has the secret
in it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

from idonethis.integrations.base import InAddress
from idonethis.integrations.models import IntegrationUser, RegisteredHook, reconciling
from idonethis.integrations.tests.web.conftest import create
from idonethis.integrations.tests.web.foundry.integration import Foundry
from idonethis.integrations.tests.web.test_rotation import rotated

pytestmark = pytest.mark.django_db


class PlainFoundry(Foundry):
    signature = InAddress()


@pytest.fixture
def foundry(foundry):
    foundry.__class__ = PlainFoundry
    return foundry


def answer(url):
    parts = urlsplit(url)
    body = b'{"id": "1", "body": "A wheel", "who": "u1", "login": "ada"}'
    sent = Client().post(f"{parts.path}?{parts.query}", body, content_type="application/json")
    return sent.status_code


def told(world):
    [hook] = world.hooks.values()
    return hook["url"]


def test_the_partner_is_told_an_address_with_the_secret_in_it(link, world):
    hook = link.registered_hook
    assert told(world) == f"{hook.url}?key={hook.signing_secret}"
    assert answer(told(world)) == 200
    assert answer(hook.url) == answer(f"{hook.url}?key=mallory") == 401


def test_it_is_left_as_it_is_while_it_stands_so(link, world):
    before = told(world)
    reconciling.check(link.registered_hook)
    assert told(world) == before and not link.registered_hook.repairs.exists()


def test_an_address_whose_secret_somebody_changed_is_put_right(link, world):
    before = told(world)
    for hook in world.hooks.values():
        hook["url"] = f"{link.registered_hook.url}?key=mallory"
    reconciling.check(link.registered_hook)
    assert told(world) == before


def test_a_new_secret_is_brought_there_in_the_address(link, as_ada, world):
    before = told(world)
    assert "There is a new secret." in rotated(as_ada, link)
    assert told(world) != before and answer(told(world)) == answer(before) == 200


def test_a_webhook_whose_secret_nobody_can_read_any_more_still_goes(
    link, as_ada, ada, world, settings
):
    settings.ENCRYPTION_KEYS = ["another key"]
    as_ada.force_login(ada)
    grant = IntegrationUser.objects.get()
    grant.secrets = {"access_token": world.grants[-1].access}
    grant.save()
    link.remove()
    RegisteredHook.drain()
    assert not world.hooks and not RegisteredHook.objects.exists()


def test_a_second_link_shares_it(link, as_ada, world):
    create(as_ada)
    assert answer(told(world)) == 200 and len(world.hooks) == 1
