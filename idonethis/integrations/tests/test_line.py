"""One line for each link: in order, one at a time, and nobody waits for a stranger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from idonethis import background
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.http import Again, Away
from idonethis.integrations.models import Delivery, IntegrationLink
from idonethis.integrations.models.line import MOST_TRIES, wait_after
from idonethis.integrations.models.sweeping import take_over
from idonethis.integrations.testing import let_time_pass

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(link, team, ada):
    def log(*bodies: str) -> None:
        for body in bodies:
            Entry.objects.log(Draft(body=body), team=team, user=ada)

    return log


@pytest.fixture
def fails(acme, monkeypatch):
    """Entries with this word make Acme fail, every time."""

    def fails(word: str, problem: Exception) -> None:
        deliver = acme.deliver

        def bad_day(entry, link, client):
            if word in entry.body:
                acme.calls.append("failed")
                raise problem
            return deliver(entry, link, client)

        monkeypatch.setattr(acme, "deliver", bad_day)

    return fails


def drain() -> None:
    while Delivery.drain():
        pass


def try_again(times: int = 1) -> None:
    for _ in range(times):
        let_time_pass()
        drain()


def picked_up() -> IntegrationLink | None:
    return Delivery.objects.pick_up_link()


def test_while_one_carrier_has_a_link_no_other_gets_it(log, link):
    log("first", "second")
    assert [picked_up(), picked_up()] == [link, None]


def test_two_links_do_not_wait_for_each_other(log, link, team, ada):
    other = IntegrationLink.objects.create(integration_type="acme", team=team, user=ada)
    log("to both")
    assert [picked_up(), picked_up(), picked_up()] == [link, other, None]


def test_the_link_whose_turn_is_longest_ago_comes_first(log, link, team, ada):
    log("first", "second")
    served = picked_up()
    served.put_down()
    fresh = IntegrationLink.objects.create(integration_type="acme", team=team, user=ada)
    log("third")
    assert (served, picked_up()) == (link, fresh)


def test_after_an_outage_everything_arrives_in_the_order_in_which_it_was_logged(acme, log):
    acme.failure = Again("Acme is away.")
    log("first", "second", "third")
    try_again(9)
    log("fourth")
    drain()
    acme.failure = None
    try_again()
    assert list(acme.posts.values()) == ["first", "second", "third", "fourth"]


def test_a_partner_that_is_away_is_asked_by_the_head_of_the_line_alone(acme, log):
    acme.failure = Again("Acme is away.")
    log("first", "second", "third")
    drain()
    assert acme.calls == ["deliver"]


def test_a_partner_that_asks_for_a_pause_gets_it_from_the_whole_line(acme, log):
    acme.failure = Again("Slower, please.", after=60)
    log("first", "second")
    drain()
    log("third")
    drain()
    assert acme.calls == ["deliver"]


def test_also_from_those_that_have_failed_often(acme, log):
    acme.failure = Again("Acme is away.")
    log("first", "second")
    try_again(6)
    acme.calls.clear()
    acme.failure = Again("Slower, please.", after=60)
    try_again()
    log("third")
    drain()
    assert acme.calls == ["deliver"]


def test_one_that_fails_again_and_again_lets_the_others_pass(acme, log, fails):
    fails("cursed", Again("Acme chokes on it."))
    log("cursed", "second")
    for _ in range(3):
        let_time_pass()
        drain()
        assert list(acme.posts.values()) == []
    try_again()
    assert list(acme.posts.values()) == ["second"]


def test_where_nobody_is_there_to_answer_nobody_passes(acme, log, fails):
    fails("first", Away("Acme cannot be reached."))
    log("first", "second")
    try_again(9)
    assert list(acme.posts.values()) == []


def test_who_passes_and_fails_waits_behind_the_one_that_was_passed(acme, log):
    acme.failure = Again("Acme is away.")
    log("first", "second")
    try_again(5)
    first, second = Delivery.objects.order_by("pk")
    assert second.attempts > 0
    assert second.due_at >= first.due_at > timezone.now()


def test_several_that_fail_stop_the_line(acme, log, fails):
    fails("cursed", Again("Acme chokes on it."))
    log("cursed 1", "cursed 2", "cursed 3", "last")
    try_again(20)
    Delivery.objects.filter(state="due", attempts__gt=0).update(
        due_at=timezone.now() + timedelta(hours=1)
    )
    drain()
    assert "last" not in acme.posts.values()


def test_once_one_gets_through_the_others_wait_no_longer(acme, log):
    acme.failure = Again("Acme is away.")
    log("first", "second")
    try_again(5)
    acme.failure = None
    IntegrationLink.objects.update(rests_until=None)
    Delivery.objects.filter(entry__body="first").update(due_at=timezone.now())
    drain()
    assert list(acme.posts.values()) == ["first", "second"]


def test_what_comes_while_the_partner_is_away_waits_behind_what_came_before(acme, log):
    acme.failure = Again("Acme is away.")
    log("first")
    drain()
    acme.failure = None
    log("second")
    drain()
    assert list(acme.posts.values()) == []
    try_again()
    assert list(acme.posts.values()) == ["first", "second"]


def test_a_pause_that_is_asked_for_is_no_try_however_often(acme, log):
    acme.failure = Again("Slower, please.", after=1)
    log("first")
    try_again(MOST_TRIES + 1)
    assert Delivery.objects.get().state == "due"


def test_a_partner_that_asks_for_no_time_at_all_is_not_asked_without_end(acme, log):
    acme.failure = Again("Now, please.", after=0)
    log("first")
    drain()
    assert acme.calls == ["deliver"]


def test_who_starts_leaves_the_partner_the_pause_that_it_asked_for(acme, log):
    acme.failure = Again("Slower, please.", after=60)
    log("first")
    drain()
    take_over()
    log("second")
    drain()
    assert acme.calls == ["deliver"]


def test_after_three_days_nothing_is_tried_any_more(acme, log):
    acme.failure = Again("Acme is away.")
    log("first")
    Delivery.objects.update(attempts=MOST_TRIES - 1)
    drain()
    assert (Delivery.objects.get().state, Delivery.objects.get().trouble) == (
        "failed",
        "Acme is away.",
    )


def test_while_the_database_is_away_no_line_is_left_behind(acme, log, link, monkeypatch):
    """The partner has it; then the disk is full for a moment."""
    monkeypatch.setattr(background, "BREATH", 0)
    monkeypatch.setattr(background, "close_old_connections", lambda: None)
    sent, troubles = IntegrationLink.sent, [OperationalError("full"), OperationalError("full")]

    def full_for_a_moment(link):
        if troubles:
            raise troubles.pop()
        sent(link)

    monkeypatch.setattr(IntegrationLink, "sent", full_for_a_moment)
    log("first", "second")
    drain()
    assert list(acme.posts.values()) == ["first", "second"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.parametrize(
    ("problem", "attempts", "seconds"),
    [
        (Again("Away"), 1, 5),
        (Again("Away"), 2, 60),
        (Again("Away"), 3, 300),
        (Again("Away"), 4, 900),
        (Again("Away"), 99, 900),
        (Again("Wait", after=42), 3, 42),
        (Again("Wait", after=0), 1, 1),
    ],
)
def test_each_try_waits_longer_unless_the_partner_says_how_long(problem, attempts, seconds):
    assert wait_after(problem, attempts) == seconds
