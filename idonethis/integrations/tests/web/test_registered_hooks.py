"""Webhooks that we make at partners, when several want one at once and when somebody dies."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from idonethis.integrations.http import Again
from idonethis.integrations.models import IntegrationLink, RegisteredHook
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.web.conftest import create
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

CONFIG = {"forge": "ada/engine", "metals": ["iron"]}


def register(account):
    return RegisteredHook.objects.register("ada/engine", integration_user=account)


def later(minutes):
    RegisteredHook.objects.update(due_at=timezone.now() - timedelta(minutes=minutes))


def drain():
    while RegisteredHook.drain():
        pass


def test_a_webhook_is_not_removed_while_its_link_is_being_made(account, world):
    register(account)
    drain()
    assert len(world.hooks) == 1


def test_who_dies_before_the_link_is_kept_leaves_nothing_behind(account, world):
    register(account)
    later(minutes=0)
    drain()
    assert not world.hooks and not RegisteredHook.objects.exists()


def test_who_comes_too_late_is_told_and_may_try_again(account, world):
    hook = register(account)
    later(minutes=0)
    world.out = 503
    drain()
    with pytest.raises(Again, match="just being removed. Try again"):
        hook.stand()


def test_a_new_link_never_takes_up_a_webhook_that_has_to_go(as_ada, link, account, world):
    """Else the removal, already on its way to the partner, would take the new one down."""
    old = link.registered_hook
    as_ada.post(link.delete_path)
    create(as_ada)
    new = IntegrationLink.objects.standing().get().registered_hook
    assert new != old and new.url != old.url
    drain()
    assert [hook["url"] for hook in world.hooks.values()] == [new.url]


def test_of_two_made_at_once_one_stands_for_both(account, world):
    one, two = register(account), register(account)
    assert one.stand() == one
    assert two.stand() == one
    drain()
    assert [hook["url"] for hook in world.hooks.values()] == [one.url]


def test_a_removal_taken_back_before_it_began_is_none(as_ada, link, account, world):
    again = register(account)
    as_ada.post(link.delete_path)
    assert again.stand() == link.registered_hook
    drain()
    assert len(world.hooks) == 1


def test_the_webhooks_of_a_deleted_team_go(link, team, world):
    team.delete()
    drain()
    assert not world.hooks and not RegisteredHook.objects.exists()


def test_a_webhook_that_is_gone_at_the_partner_is_a_success(as_ada, link, world):
    world.hooks.clear()
    as_ada.post(link.delete_path)
    drain()
    assert not RegisteredHook.objects.exists()


def test_our_own_fault_keeps_it_on_the_list(as_ada, link, foundry):
    as_ada.post(link.delete_path)
    foundry.destroy_hook = None
    drain()
    assert RegisteredHook.objects.get().trouble == "Our own fault (TypeError)."


@pytest.mark.django_db(transaction=True)
def test_eight_who_link_at_once_get_one_webhook(account, world, ada):
    teams = [Team.objects.create(name=f"Team {number}") for number in range(8)]
    together = threading.Barrier(8)

    def make(team):
        together.wait()
        try:
            return make_link(
                account.integration, team, user=ada, integration_user=account, config=CONFIG
            ).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as people:
        made = set(people.map(make, teams))
    RegisteredHook.objects.filter(state="due").update(due_at=timezone.now())
    drain()
    assert len(made) == 8
    [standing] = RegisteredHook.objects.all()
    assert standing.links.count() == 8
    assert [hook["url"] for hook in world.hooks.values()] == [standing.url]


@pytest.mark.django_db(transaction=True)
def test_eight_who_make_the_same_link_at_once_make_one(account, world, ada, team):
    together = threading.Barrier(8)

    def make(_):
        together.wait()
        try:
            make_link(account.integration, team, user=ada, integration_user=account, config=CONFIG)
        except Exception as problem:
            return str(problem)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as people:
        said = [words for words in people.map(make, range(8)) if words]
    drain()
    assert said == ["Analytical Engines is linked to ada/engine already."] * 7
    assert IntegrationLink.objects.count() == 1 and len(world.hooks) == 1
