"""What the only process there is had in hand when it died, the next one takes up at once."""

from __future__ import annotations

import pytest

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.models import Delivery
from idonethis.integrations.models.deliveries import LEASE

pytestmark = pytest.mark.django_db


def test_an_entry_on_its_way_goes_out_before_later_ones(link, world, team, ada):
    Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    Delivery.objects.due().claim(4, lease=LEASE)
    Entry.objects.log(Draft(body="Cast another"), team=team, user=ada)
    assert Delivery.objects.take_over() == 1
    while Delivery.drain():
        pass
    assert list(world.posts.values()) == ["Cast a gear", "Cast another"]


def test_an_entry_that_a_partner_refused_waits_as_long_as_before(link, world, team, ada):
    world.out = 503
    Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    Delivery.drain()
    assert Delivery.objects.take_over() == 0
    assert Delivery.drain() == 0
