"""Webhooks that we make are signed with a secret of ours, though those that a person makes by hand
are signed with the partner's own."""

from __future__ import annotations

import pytest

from idonethis.integrations.base import SignsAsTold
from idonethis.integrations.models import IntegrationLink, RegisteredHook
from idonethis.integrations.tests.web.conftest import create
from idonethis.integrations.tests.web.foundry.integration import Foundry
from idonethis.integrations.tests.web.test_rotation import rotated, taken
from idonethis.integrations.values import Secret

pytestmark = pytest.mark.django_db


class TellingFoundry(SignsAsTold, Foundry):
    their_secret = "The foundry shows it once, under Bells."


@pytest.fixture
def foundry(foundry):
    foundry.__class__ = TellingFoundry
    return foundry


def test_the_partner_is_told_a_secret_of_ours_and_signs_with_nothing_else(link, foundry, world):
    hook, [at_partner] = link.registered_hook, world.hooks.values()
    assert at_partner["secret"] == hook.signing_secret != ""
    assert taken(foundry, hook.url, hook.signing_secret)
    assert not taken(foundry, hook.url, "") and not taken(foundry, hook.url, "mallory's")


def test_the_address_of_the_link_itself_takes_nothing(link, foundry):
    for guess in ("", "None", link.registered_hook.signing_secret):
        assert not taken(foundry, link.hook_url, guess)


def test_a_new_secret_of_ours_is_brought_there(link, as_ada, foundry, world):
    old = link.registered_hook.signing_secret
    assert "There is a new secret." in rotated(as_ada, link)
    hook, [at_partner] = RegisteredHook.objects.get(), world.hooks.values()
    assert at_partner["secret"] == hook.signing_secret != old


def test_one_made_by_hand_waits_for_the_partners_own(as_ada, foundry):
    create(as_ada, by="hand")
    link = IntegrationLink.objects.get()
    assert link.awaits_secret and link.sealed_secret == ""
    link.take_secret(Secret("forged in a foundry"))
    assert taken(foundry, link.hook_url, "forged in a foundry")
