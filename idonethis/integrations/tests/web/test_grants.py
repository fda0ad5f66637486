"""Tokens that run out: renewed once, by one worker, and never thrown away."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.http import Again, NeedsReconnect
from idonethis.integrations.models import Delivery, IntegrationUser
from idonethis.integrations.tests.web.conftest import connect, create, leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def lasting(foundry, world, as_ada):
    """Ada's account, whose token is good for an hour."""
    world.lifetime = 3600
    connect(as_ada, world)
    return IntegrationUser.objects.get()


def expire(account):
    account.secrets = {**account.secrets, "expires_at": int(time.time()) + 30}
    account.save()


def stored():
    return IntegrationUser.objects.get()


def test_how_long_a_token_is_good_for_is_kept_with_it(lasting, world):
    secrets = lasting.secrets
    assert secrets["refresh_token"] == world.grants[0].refresh
    assert 3500 < secrets["expires_at"] - time.time() <= 3600


def test_a_token_that_is_good_is_used_as_it_is(lasting, world):
    lasting.client().get("/me")
    assert world.refreshed == 0


def test_a_token_about_to_run_out_is_renewed_first(lasting, world):
    expire(lasting)
    assert lasting.client().get("/me").json["login"] == "ada-l"
    assert world.refreshed == 1
    kept = stored().secrets
    assert kept["access_token"] == world.grants[-1].access
    assert kept["refresh_token"] == world.grants[-1].refresh
    assert kept["expires_at"] > time.time() + 3000


def test_a_partner_that_no_longer_rotates_keeps_the_old_refresh_token(lasting, world):
    expire(lasting)
    world.says = (200, {"access_token": "access-9", "expires_in": 60 * 60})
    lasting.fresh()
    assert stored().secrets["refresh_token"] == world.grants[0].refresh


def test_a_token_that_now_lasts_for_ever_is_not_renewed_again(lasting, world):
    expire(lasting)
    world.says = (200, {"access_token": "access-9"})
    lasting.fresh()
    assert "expires_at" not in stored().secrets


def test_a_token_refused_before_its_time_is_renewed_and_the_call_repeated(lasting, world):
    client = lasting.client()
    world.grants[0].access = "revoked for safety"
    assert client.get("/me").json["login"] == "ada-l"
    assert world.refreshed == 1


def test_a_token_that_somebody_else_renewed_meanwhile_is_taken_up(lasting, world):
    late = stored().client()
    expire(lasting)
    lasting.fresh()
    assert late.get("/me").json["login"] == "ada-l"
    assert world.refreshed == 1


def test_who_comes_late_finds_it_renewed(lasting, world):
    expire(lasting)
    late = stored()
    stored().fresh()
    assert late.fresh()["access_token"] == world.grants[-1].access
    assert world.refreshed == 1


def test_a_grant_without_refresh_token_that_is_refused_needs_a_person(foundry, world, as_ada):
    connect(as_ada, world)
    world.revoke()
    with pytest.raises(NeedsReconnect):
        stored().client().get("/me")


def test_a_dead_grant_is_told_and_kept(lasting, world):
    expire(lasting)
    world.revoke()
    with pytest.raises(NeedsReconnect, match="Connect the account again"):
        lasting.client().get("/me")
    kept = stored()
    assert kept.state == "needs_reconnect" and "invalid_grant" in kept.trouble
    assert kept.secrets["refresh_token"] == world.grants[0].refresh


PASSING = [
    (503, "<h1>Out of order</h1>"),
    (429, {"error": "slow_down"}),
    (200, {"error": "temporarily_unavailable"}),
    (404, "<h1>Proxy</h1>"),
    (401, {"error": "invalid_client"}),
]


@pytest.mark.parametrize(("status", "content"), PASSING)
def test_trouble_that_passes_changes_nothing(lasting, world, status, content):
    expire(lasting)
    before = IntegrationUser.objects.values().get()
    world.says = (status, content)
    with pytest.raises(Again):
        lasting.client().get("/me")
    assert IntegrationUser.objects.values().get() == before
    world.says = None
    assert lasting.client().get("/me").json["login"] == "ada-l"


def test_a_dead_grant_stops_its_links_and_a_new_one_sends_what_was_held(
    foundry, world, as_ada, team, ada
):
    world.lifetime = 3600
    connect(as_ada, world)
    create(as_ada)
    expire(stored())
    world.revoke()
    entry = Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    Delivery.drain()
    held = Delivery.objects.get()
    assert (held.state, held.link.state) == ("held", "needs_reconnect")

    response = as_ada.get(f"/links/{held.link.hash_id}")
    assert "Reconnect" in response.content.decode()
    response = connect(as_ada, world, link=held.link.hash_id)
    assert response["Location"] == f"/links/{held.link.hash_id}"
    while Delivery.drain():
        pass
    assert list(world.posts.values()) == [entry.body]
    held.link.refresh_from_db()
    assert held.link.state == "active" and stored().state == "active"


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_renews_and_all_go_on(lasting, world):
    expire(lasting)
    world.slow = 0.3
    together = threading.Barrier(6)

    def call(_):
        own = IntegrationUser.objects.get()
        together.wait()
        try:
            return own.client().get("/me").json["login"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as workers:
        assert list(workers.map(call, range(6))) == ["ada-l"] * 6
    assert world.refreshed == 1
    assert stored().renewing_until is None


@pytest.mark.django_db(transaction=True)
def test_a_slow_partner_does_not_hold_up_other_writes(lasting, world, team):
    expire(lasting)
    world.slow = 2
    renewing = threading.Thread(target=lambda: (lasting.fresh(), connections.close_all()))
    renewing.start()
    time.sleep(0.3)
    started = time.monotonic()
    team.save()
    assert time.monotonic() - started < 1
    renewing.join()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_died_while_renewing_is_not_waited_for_for_ever(lasting, monkeypatch):
    expire(lasting)
    assert lasting._claim()
    monkeypatch.setattr("idonethis.integrations.models.grant.PATIENCE", timedelta(seconds=0.2))
    with pytest.raises(Again, match="being renewed"):
        stored().fresh()


def test_who_connects_anew_while_an_old_grant_is_refused_is_not_disturbed(lasting, world, as_ada):
    expire(lasting)
    old = stored()
    connect(as_ada, world)
    new = stored().secrets
    world.says = (400, {"error": "invalid_grant"})
    assert old._renew() is None
    assert stored().secrets == new and stored().state == "active"


def test_leaving_for_another_account_keeps_the_first(lasting, world, as_ada):
    assert leave(as_ada)
    assert stored().secrets == lasting.secrets
