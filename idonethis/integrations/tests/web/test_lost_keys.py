"""The encryption key is gone: nothing breaks, nothing is believed, and everything says how it is
put right."""

from __future__ import annotations

import pytest
from django.test import Client

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.models import (
    Delivery,
    IntegrationLink,
    IntegrationUser,
    PartnerApp,
    Receipt,
    RegisteredHook,
)
from idonethis.integrations.models.lost_keys import replace_lost
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.acme import Acme
from idonethis.integrations.tests.web.conftest import connect
from idonethis.integrations.values import Hook

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_hand(foundry, team, ada):
    """A link whose secret Ada has brought to the sender herself."""
    acme = Acme()
    acme.integration_type = "acme"
    return make_link(acme, team, user=ada, integration_user=None, config={})


@pytest.fixture
def lost(link, by_hand, settings, as_ada, ada):
    """Everything was encrypted with a key that nobody has any more; Ada has signed in once more."""
    settings.ENCRYPTION_KEYS = ["another key"]
    as_ada.force_login(ada)
    return link


def test_a_page_does_not_break_over_what_cannot_be_read(lost, by_hand, as_ada):
    for path in (lost.get_absolute_url(), by_hand.get_absolute_url(), "/integrations/foundry"):
        assert as_ada.get(path).status_code == 200
    shown = as_ada.post(f"/links/{by_hand.hash_id}/secret")
    assert shown.status_code == 503
    assert "make a new secret on the page of the link" in shown.content.decode()


def test_no_hook_is_believed_and_none_is_refused_for_good(lost):
    path = f"/integrations/foundry/hook/{lost.registered_hook.hook_token}"
    assert Client().post(path, b"{}", content_type="application/json").status_code == 503
    assert not Receipt.objects.exists()


def test_what_goes_out_is_held_and_the_link_asks_for_a_reconnect(lost, team, ada, world):
    Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    Delivery.drain()
    delivery = Delivery.objects.get(link=lost)
    assert (delivery.state, delivery.link.state) == ("held", "needs_reconnect")
    assert "Connect the account again" in delivery.link.trouble
    assert world.posts == {}


def test_after_a_restore_everything_says_what_it_needs(lost, by_hand):
    assert replace_lost() == (1, 1, 1, 0)
    lost.refresh_from_db()
    by_hand.refresh_from_db()
    assert (lost.state, by_hand.state) == ("needs_reconnect", "needs_secret")
    assert "Bring it to the sender" in by_hand.trouble
    assert PartnerApp.missing(lost.integration)
    assert replace_lost() == (0, 0, 0, 0)


def test_a_reconnect_brings_the_new_secret_to_the_webhook_that_stands(lost, world, as_ada):
    replace_lost()
    app = PartnerApp.objects.get()
    app.keep({"CLIENT_ID": "the-id", "CLIENT_SECRET": "the-secret", "FLOOR": "3"})
    connect(as_ada, world)
    assert IntegrationLink.objects.get(pk=lost.pk).state == "active"
    assert IntegrationUser.objects.get().secrets["access_token"] == world.grants[-1].access
    hook = RegisteredHook.objects.get()
    assert hook.trouble == ""
    told = next(iter(world.hooks.values()))
    assert told["secret"] == str(hook.signing_secret)


def test_a_sender_by_hand_is_heard_again_with_its_new_secret(lost, by_hand, as_ada):
    replace_lost()
    by_hand.refresh_from_db()
    page = as_ada.post(f"/links/{by_hand.hash_id}/secret").content.decode()
    assert str(by_hand.signing_secret) in page
    hook = Hook(b"{}", {})
    signed = by_hand.integration.signature.sign(hook, by_hand.signing_secret)
    by_hand.integration.signature.check(Hook(b"{}", signed), by_hand.valid_secrets)
