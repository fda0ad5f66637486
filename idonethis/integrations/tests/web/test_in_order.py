"""What goes out by one link goes out in order and once, however many carry, and after a wait."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.models import Delivery, IntegrationLink
from idonethis.integrations.models.sweeping import sweep, take_over
from idonethis.integrations.testing import let_time_pass
from idonethis.integrations.tests.web.conftest import connect, create

pytestmark = pytest.mark.django_db

HELD = 25
CARRIERS = 6


def log(team, user, count=HELD, first=0):
    bodies = [f"Cast gear {number:02}" for number in range(first, first + count)]
    for body in bodies:
        Entry.objects.log(Draft(body=body), team=team, user=user)
    return bodies


def carry_all():
    """Several carriers at once, as in the real process, until nothing is due."""
    together = threading.Barrier(CARRIERS)

    def carry(_):
        together.wait()
        try:
            idle = 0
            while idle < 20:
                idle = 0 if Delivery.drain() else idle + 1
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CARRIERS) as carriers:
        list(carriers.map(carry, range(CARRIERS)))
    while Delivery.drain():
        pass


def posted(world):
    return list(world.posts.values())


@pytest.mark.django_db(transaction=True)
def test_several_carriers_keep_the_order(link, world, team, ada):
    bodies = log(team, ada)
    carry_all()
    assert posted(world) == bodies


@pytest.mark.django_db(transaction=True)
def test_what_was_held_goes_out_after_the_reconnect_in_order_and_once(
    link, world, team, ada, as_ada
):
    world.revoke()
    bodies = log(team, ada)
    carry_all()
    assert posted(world) == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"held"}
    assert world.calls.count(("POST", "/api/posts")) == 1, "a refused grant was tried again"

    connect(as_ada, world, link=link.hash_id)
    bodies += log(team, ada, count=3, first=HELD)
    carry_all()
    assert posted(world) == bodies
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


def drain():
    while Delivery.drain():
        pass


def test_what_follows_waits_with_what_the_partner_could_not_take(link, world, team, ada):
    world.out = 503
    bodies = log(team, ada, count=6)
    drain()
    assert world.calls.count(("POST", "/api/posts")) == 1
    world.out = None
    drain()
    assert posted(world) == []
    let_time_pass()
    drain()
    assert posted(world) == bodies


def test_what_the_partner_cannot_take_does_not_hold_up_the_rest_for_ever(link, world, team, ada):
    bodies = log(team, ada, count=4)
    world.chokes_on = bodies[0]
    for _ in range(4):
        let_time_pass()
        drain()
    assert posted(world) == bodies[1:]
    assert Delivery.objects.get(entry__body=bodies[0]).state == "due"


def test_another_link_does_not_wait_for_one_whose_partner_is_away(link, world, team, ada, as_ada):
    create(as_ada, forge="ada/other")
    Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    first = IntegrationLink.objects.order_by("pk").first()
    IntegrationLink.objects.filter(pk=first.pk).update(
        carried_until=timezone.now() + timedelta(minutes=1)
    )
    drain()
    states = dict(Delivery.objects.values_list("link", "state"))
    assert states.pop(first.pk) == "due" and set(states.values()) == {"done"}


def test_a_carrier_that_died_holds_its_link_no_longer_than_its_lease(link, world, team, ada):
    Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    IntegrationLink.objects.update(carried_until=timezone.now() + timedelta(minutes=1))
    drain()
    assert posted(world) == []
    IntegrationLink.objects.update(carried_until=timezone.now() - timedelta(seconds=1))
    drain()
    assert posted(world) == ["Cast a gear"]


def test_after_a_start_nobody_waits_for_a_carrier_of_before(link, world, team, ada):
    Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    IntegrationLink.objects.update(carried_until=timezone.now() + timedelta(minutes=1))
    take_over()
    drain()
    assert posted(world) == ["Cast a gear"]


def test_what_was_held_in_the_moment_of_the_reconnect_is_found(link, world, team, ada):
    Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    Delivery.objects.update(state="held")
    sweep()
    drain()
    assert posted(world) == ["Cast a gear"]


def test_what_is_due_by_a_paused_link_waits_too(link, world, team, ada, as_ada):
    Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    as_ada.post(f"/links/{link.hash_id}/pause")
    drain()
    assert posted(world) == [] and Delivery.objects.get().state == "held"
    as_ada.post(f"/links/{link.hash_id}/resume")
    drain()
    assert posted(world) == ["Cast a gear"]


def test_what_is_due_by_a_removed_link_goes_nowhere(link, world, team, ada, as_ada):
    Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    as_ada.post(link.delete_path)
    drain()
    assert posted(world) == [] and Delivery.objects.get().trouble == "The link was removed."
