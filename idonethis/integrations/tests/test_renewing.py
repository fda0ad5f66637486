"""Webhooks that run out are renewed before they do, and what either of two sends is taken once."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from idonethis.integrations import registry
from idonethis.integrations.http import Again, NeedsPermission
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    Notice,
    RegisteredHook,
    Repair,
    reconciling,
)
from idonethis.integrations.models.making import make_link
from idonethis.integrations.models.sweeping import take_over
from idonethis.integrations.tests.clock import Clock
from idonethis.integrations.tests.coming import standing, work
from idonethis.integrations.tests.sundial import TERM, Sundial
from idonethis.integrations.values import Hook
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

NO = NeedsPermission("The sundial lies in the shade.")


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock.of(monkeypatch)


@pytest.fixture
def sundial(monkeypatch) -> Sundial:
    partner = Sundial()
    monkeypatch.setattr(registry, "integrations", lambda: {"sundial": partner})
    return partner


@pytest.fixture
def link(sundial, team, ada, clock) -> IntegrationLink:
    account = IntegrationUser(integration_type="sundial", uid="1815", user=ada)
    account.secrets = {"access_token": "a token"}
    account.save()
    return make_link(sundial, team, user=ada, integration_user=account, config={"dial": "south"})


@pytest.fixture
def hook(link) -> RegisteredHook:
    return link.registered_hook


def look_after(clock, hook) -> None:
    """What the server does the next time that it looks after this webhook."""
    hook.refresh_from_db()
    clock.shift_to(max(hook.check_at, clock()))
    reconciling.drain()
    hook.refresh_from_db()


def until_renewal(clock, hook) -> None:
    hook.refresh_from_db()
    clock.shift_to(hook.renew_at)
    RegisteredHook.objects.update(check_at=clock())


def rings(client, hook, hour, *, delivery) -> int:
    body, headers = orjson.dumps({"hour": hour}), {"x-sundial-delivery": delivery}
    signed = hook.integration.signature.sign(Hook(body, headers), hook.signing_secret)
    path = f"/integrations/sundial/hook/{hook.hook_token}"
    sent = {**headers, **signed}
    answer = client.post(path, body, content_type="application/json", headers=sent)
    work()
    return int(answer.status_code)


def test_it_is_known_until_when_one_holds_and_looked_after_well_before(hook):
    now = timezone.now()
    assert timedelta(0) <= now + TERM - hook.holds_until < timedelta(minutes=1)
    assert 0.49 * TERM < hook.renew_at - now < 0.71 * TERM
    assert hook.check_at <= hook.renew_at


def test_not_all_are_renewed_at_once(hook):
    terms = set()
    for _ in range(5):
        hook.begin_term(timezone.now() + TERM)
        terms.add(hook.renew_at)
    assert max(terms) - min(terms) > timedelta(minutes=5)


def test_until_then_it_is_left_alone(clock, sundial, hook):
    look_after(clock, hook)
    assert sundial.did == ["made hook-0"]


def test_it_is_renewed_before_it_runs_out_and_the_next_stands_before_the_old_one_goes(
    clock, sundial, hook, link
):
    until = hook.holds_until
    while hook.remote_id != "hook-1":
        look_after(clock, hook)
    assert clock() < until - TERM / 5
    assert sundial.did == ["made hook-0", "made hook-1", "removed hook-0"]
    assert hook.holds_until > until and not hook.former_id
    assert not Repair.objects.exists()
    link.refresh_from_db()
    assert link.state == "active"


def test_for_a_month_there_is_no_moment_without_one(clock, sundial, hook):
    end = clock() + timedelta(days=30)
    while clock() < end:
        look_after(clock, hook)
        assert sundial.hooks == {hook.remote_id: hook.url} and hook.holds_until > clock()


def test_what_either_of_two_sends_is_taken_and_logged_once(clock, sundial, hook, link, client):
    sundial.no_removing = Again("The sundial does not answer.")
    until_renewal(clock, hook)
    look_after(clock, hook)
    assert set(sundial.hooks) == {"hook-0", "hook-1"} and hook.former_id == "hook-0"
    for delivery in ("by hook-0", "by hook-1", "by hook-0"):
        assert rings(client, hook, "noon", delivery=delivery) == 200
    assert standing() == ["Rang noon"]


def test_one_that_could_not_be_removed_goes_at_the_next_look(clock, sundial, hook):
    sundial.no_removing = Again("The sundial does not answer.")
    until_renewal(clock, hook)
    look_after(clock, hook)
    sundial.no_removing = None
    look_after(clock, hook)
    assert (set(sundial.hooks), hook.former_id) == ({"hook-1"}, "")


def test_a_team_that_joins_is_linked_although_the_one_before_cannot_be_removed_yet(
    sundial, hook, link, ada
):
    sundial.no_removing = Again("The sundial does not answer.")
    other = Team.objects.create(name="Night Shift")
    other.join(ada, "admin")
    account = link.integration_user
    second = make_link(sundial, other, user=ada, integration_user=account, config=link.config)
    assert second.registered_hook == hook and second.registered_hook.former_id == "hook-0"


def test_one_that_nobody_lets_us_remove_is_left_to_run_out(clock, sundial, hook, link):
    sundial.no_removing = NO
    until_renewal(clock, hook)
    look_after(clock, hook)
    link.refresh_from_db()
    assert (hook.former_id, hook.remote_id, link.state) == ("", "hook-1", "active")


def test_a_partner_that_is_away_is_asked_again_soon_while_the_old_one_holds(
    clock, sundial, hook, link
):
    sundial.no_making = Again("The sundial does not answer.")
    until_renewal(clock, hook)
    for _ in range(3):
        look_after(clock, hook)
        assert timedelta(minutes=15) <= hook.check_at - clock() < timedelta(minutes=16)
    sundial.no_making = None
    look_after(clock, hook)
    link.refresh_from_db()
    assert (hook.remote_id, link.state) == ("hook-1", "active")


def test_a_pause_that_it_asks_for_is_kept(clock, sundial, hook):
    sundial.no_making = Again("Later.", after=3 * 3600)
    until_renewal(clock, hook)
    look_after(clock, hook)
    assert hook.check_at - clock() >= timedelta(hours=3)


def test_a_clear_no_shows_at_the_link_and_is_told(clock, sundial, hook, link, ada):
    sundial.no_making = NO
    until_renewal(clock, hook)
    look_after(clock, hook)
    link.refresh_from_db()
    assert (link.state, link.trouble) == ("needs_permission", str(NO))
    assert Notice.objects.filter(user=ada).exists()
    assert timedelta(hours=19) < hook.check_at - clock() < timedelta(hours=29)
    sundial.no_making = None
    look_after(clock, hook)
    link.refresh_from_db()
    assert (link.state, hook.remote_id) == ("active", "hook-1")


def test_one_that_ran_out_and_cannot_be_made_is_missing(clock, sundial, hook, link):
    sundial.no_making = NO
    clock.shift(TERM + timedelta(days=1))
    look_after(clock, hook)
    link.refresh_from_db()
    assert link.state == "remote_missing"


def test_one_that_ran_out_while_the_server_was_away_is_made_again_at_its_start(
    clock, sundial, hook, link
):
    clock.shift(2 * TERM)
    sundial.hooks.clear()
    take_over()
    clock.shift(timedelta(seconds=6))
    reconciling.drain()
    hook.refresh_from_db()
    assert sundial.hooks == {hook.remote_id: hook.url}
    assert hook.holds_until > clock()
    assert [note.kind for note in Repair.objects.all()] == ["run_out"]


def test_a_partner_that_says_the_past_is_not_asked_for_ever(clock, hook):
    hook.begin_term(clock() - TERM)
    assert hook.renew_at - clock() >= timedelta(minutes=4)


def test_with_the_last_link_both_go(clock, sundial, hook, link):
    sundial.no_removing = Again("The sundial does not answer.")
    until_renewal(clock, hook)
    look_after(clock, hook)
    sundial.no_removing = None
    link.remove()
    RegisteredHook.drain()
    link.refresh_from_db()
    assert (sundial.hooks, link.state) == ({}, "removed")
    assert not RegisteredHook.objects.exists()


def test_one_that_has_run_out_is_removed_although_nobody_lets_us(clock, sundial, hook, link):
    sundial.no_removing = NO
    link.remove()
    RegisteredHook.drain()
    link.refresh_from_db()
    assert link.state == "removing"
    clock.shift(TERM)
    RegisteredHook.objects.update(due_at=clock())
    RegisteredHook.drain()
    link.refresh_from_db()
    assert link.state == "removed" and not RegisteredHook.objects.exists()


def test_a_new_secret_takes_another_webhook_and_the_old_one_goes(sundial, hook):
    before = hook.signing_secret
    hook.rotate_secret()
    hook.refresh_from_db()
    assert hook.signing_secret != before and set(sundial.hooks) == {hook.remote_id} == {"hook-1"}
