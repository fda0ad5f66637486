"""What came in, what it became and what went out is counted, by type and by result."""

from __future__ import annotations

import pytest
from django.test import Client

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.models import Delivery
from idonethis.integrations.models.measures import held, links
from idonethis.integrations.tests.web.conftest import casts
from idonethis.metrics import REGISTRY

pytestmark = pytest.mark.django_db


def counted(name, **labels):
    return REGISTRY.get_sample_value(f"idonethis_{name}_total", {"type": "foundry", **labels}) or 0


@pytest.fixture
def gained():
    """By how much a counter has grown since it was last asked."""
    seen: dict[str, float] = {}

    def gain(name, **labels):
        key = f"{name} {labels}"
        before, seen[key] = seen.get(key, 0), counted(name, **labels)
        return seen[key] - before

    return gain


def test_hooks_are_counted_by_what_they_heard(link, gained):
    kinds = ("stored", "bad_signature", "unknown_endpoint")
    for kind in kinds:
        gained("hooks", result=kind)
    casts(link)
    forged = f"/integrations/foundry/hook/{link.registered_hook.hook_token}"
    Client().post(forged, b"{}", content_type="application/json")
    Client().post("/integrations/foundry/hook/guessed", b"{}", content_type="application/json")
    assert [gained("hooks", result=kind) for kind in kinds] == [1, 1, 1]


def test_what_hooks_became_is_counted(link, gained):
    gained("receipts", outcome="created")
    gained("receipts", outcome="no_person")
    casts(link)
    casts(link, who="1791", key="2")
    assert gained("receipts", outcome="created") == 1
    assert gained("receipts", outcome="no_person") == 1


def test_what_went_out_is_counted(link, world, team, ada, gained):
    results = ("done", "again", "held")
    for result in results:
        gained("deliveries", result=result)
    for status in (None, 503, 401):
        world.out = status
        Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
        Delivery.drain()
        link.rest(None)
    assert [gained("deliveries", result=result) for result in results] == [1, 1, 1]
    assert held() == {("foundry",): 1}
    assert links() == {("foundry", "needs_reconnect"): 1}
