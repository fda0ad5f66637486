"""A partner that says that something has changed is asked what, at once and no oftener than it
bears."""

from __future__ import annotations

from datetime import timedelta

import pytest

from idonethis.integrations import polling, registry
from idonethis.integrations.http import Again, NeedsPermission, NeedsReconnect
from idonethis.integrations.models import (
    Bucket,
    IntegrationLink,
    IntegrationUser,
    Receipt,
    RegisteredHook,
    reconciling,
)
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.bell import Bell
from idonethis.integrations.tests.clock import Clock
from idonethis.integrations.tests.coming import standing, work
from idonethis.integrations.tests.sundial import TERM
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock.of(monkeypatch)


@pytest.fixture
def bell(monkeypatch) -> Bell:
    partner = Bell()
    monkeypatch.setattr(registry, "integrations", lambda: {"bell": partner})
    return partner


@pytest.fixture
def account(bell, team, ada) -> IntegrationUser:
    made = IntegrationUser(integration_type="bell", uid="1815", user=ada)
    made.secrets = {"access_token": "a token"}
    made.save()
    return made


def linked(bell, team, account) -> IntegrationLink:
    made = make_link(
        bell, team, user=account.user, integration_user=account, config={"dial": "south"}
    )
    ask()
    return made


@pytest.fixture
def link(bell, account, team, clock) -> IntegrationLink:
    return linked(bell, team, account)


def ask() -> None:
    while polling.drain():
        pass
    work()


@pytest.fixture
def nudge(client, link):
    def nudge(token=None):
        hook = link.registered_hook
        hook.refresh_from_db()
        sent = {"x-bell-token": str(hook.signing_secret) if token is None else token}
        path = f"/integrations/bell/hook/{hook.hook_token}"
        return client.post(path, b"", content_type="text/plain", headers=sent)

    return nudge


def test_it_is_asked_within_seconds_of_saying_that_there_is_something(bell, clock, nudge):
    bell.rung.append("noon")
    clock.shift(MINUTE)
    ask()
    assert standing() == []
    assert nudge().status_code == 200
    clock.shift(timedelta(seconds=3))
    ask()
    assert (standing(), bell.polls) == (["Rang noon"], 2)


def test_what_says_no_more_is_not_stored(bell, nudge):
    nudge()
    assert not Receipt.objects.exists()


def test_ten_in_one_go_are_asked_about_once(bell, clock, nudge):
    for _ in range(10):
        nudge()
    clock.shift(timedelta(seconds=3))
    ask()
    clock.shift(MINUTE)
    ask()
    assert bell.polls == 2


def test_whoever_has_news_every_second_is_asked_all_the_same(bell, clock, nudge):
    for _ in range(10):
        nudge()
        clock.shift(timedelta(seconds=1))
        ask()
    assert 4 <= bell.polls <= 6


def test_where_nothing_is_said_it_is_asked_every_quarter_of_an_hour(clock, link):
    link.refresh_from_db()
    assert 13 * MINUTE < link.poll_at - clock() < 17 * MINUTE


@pytest.mark.parametrize("token", ["", "x", "not the token"])
def test_what_is_not_genuine_wakes_nobody(bell, clock, nudge, token):
    assert nudge(token).status_code == 401
    clock.shift(MINUTE)
    ask()
    assert bell.polls == 1


def test_what_comes_while_it_is_asked_is_asked_about_again(bell, clock, nudge):
    def ring():
        bell.meanwhile = lambda: None
        bell.rung.append("one")
        nudge()

    bell.meanwhile = ring
    nudge()
    for _ in range(2):
        clock.shift(timedelta(seconds=3))
        ask()
    assert standing() == ["Rang one"]


def test_one_that_is_in_trouble_is_left_in_peace(bell, clock, link, nudge):
    bell.no_answer = Again("The bell does not answer.", after=1800)
    clock.shift(17 * MINUTE)
    ask()
    asked = bell.polls
    assert nudge().status_code == 200
    clock.shift(5 * MINUTE)
    ask()
    assert bell.polls == asked


def test_a_pause_that_it_wants_holds_for_all_that_it_counts_together(bell, clock, link, settings):
    settings.PACED = True
    bell.no_answer = Again("The bell does not answer.", after=1800)
    clock.shift(17 * MINUTE)
    ask()
    assert Bucket.objects.wait([name for name, _ in Bucket.objects.of(link)]) > 1700


def test_what_is_asked_meanwhile_does_not_cut_its_pause_short(bell, clock, link, nudge):
    def refuse():
        nudge()
        raise Again("The bell does not answer.", after=1800)

    bell.meanwhile = refuse
    nudge()
    clock.shift(timedelta(seconds=3))
    ask()
    link.refresh_from_db()
    assert link.poll_at - clock() > 25 * MINUTE


def test_all_links_to_it_are_woken(bell, clock, link, nudge, account, ada):
    other = Team.objects.create(name="Night Shift")
    other.join(ada, "admin")
    second = linked(bell, other, account)
    assert second.registered_hook == link.registered_hook
    bell.rung.append("noon")
    nudge()
    clock.shift(timedelta(seconds=3))
    ask()
    assert standing() == ["Rang noon"] * 2


def test_after_one_ran_out_it_is_asked_for_what_was_missed(bell, clock, link):
    clock.shift(2 * TERM)
    IntegrationLink.objects.update(poll_at=clock() + 14 * MINUTE)
    bell.rung.append("noon")
    RegisteredHook.objects.update(check_at=clock())
    reconciling.drain()
    clock.shift(timedelta(seconds=3))
    ask()
    assert standing() == ["Rang noon"]


def test_where_no_webhook_can_be_made_it_is_asked_now_and_then(bell, clock, team, account):
    bell.no_making = NeedsPermission("The bell has no rope.")
    made = linked(bell, team, account)
    assert made.registered_hook is None and not RegisteredHook.objects.exists()
    bell.rung.append("noon")
    clock.shift(17 * MINUTE)
    ask()
    assert standing() == ["Rang noon"]


@pytest.mark.parametrize("problem", [Again("Later."), NeedsReconnect("The rope is cut.")])
def test_but_not_where_it_may_be_made_later_or_nobody_lets_us_in(bell, team, account, problem):
    bell.no_making = problem
    with pytest.raises(type(problem)):
        linked(bell, team, account)
    assert not IntegrationLink.objects.exists()


def test_an_answer_does_not_hide_that_the_webhook_cannot_be_renewed(bell, clock, link):
    bell.no_making = NeedsPermission("The bell has no rope.")
    clock.shift(TERM)
    RegisteredHook.objects.update(check_at=clock())
    reconciling.drain()
    ask()
    link.refresh_from_db()
    assert (link.state, link.trouble) == ("remote_missing", "The bell has no rope.")
    bell.no_making = None
    RegisteredHook.objects.update(check_at=clock())
    reconciling.drain()
    link.refresh_from_db()
    assert link.state == "active"


def test_it_is_not_linked_by_hand_since_it_must_be_asked(bell):
    assert not registry.takes_own_hooks(bell)
