"""What happened before a link was made: brought in once, in silence, and taken back exactly."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Comment, Entry, Source
from idonethis.integrations.http import Again, NeedsReconnect, Never
from idonethis.integrations.models import (
    Backfill,
    Bucket,
    Delivery,
    IntegrationLink,
    IntegrationUser,
    Job,
    Receipt,
    Replay,
)
from idonethis.integrations.models.backfill_plan import BackfillPlan
from idonethis.integrations.models.backfilling import Past, can_backfill
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.paces import Pace
from idonethis.integrations.tests.coming import comes, done, everything, push, standing, work_off

pytestmark = pytest.mark.django_db

LATER = "2026-11-21T12:00:00+00:00"


class Killed(BaseException):
    """As abrupt as kill -9."""


@pytest.fixture
def link(acme, team, ada):
    account = IntegrationUser.objects.create(integration_type="acme", uid="1815", user=ada)
    mine = {"team": team, "user": ada, "integration_user": account, "subject": "mill"}
    return IntegrationLink.objects.create(integration_type="acme", **mine)


@pytest.fixture
def came(link, signed):
    return lambda *contents: comes(link, signed, *contents)


def begin(link, days=30):
    return Backfill.begin(Past.of_days(link, days), days=days, user=link.user)


def bring_in(link):
    return work_off(begin(link))


def undo(job):
    job.refresh_from_db()
    return work_off(job.undo(by=job.user))


def again(job):
    job.refresh_from_db()
    return job


FIVE = [done(f"wheel-{number}") for number in range(5)]
MADE = [f"Made wheel-{number}" for number in range(5)]


def test_the_past_waits_where_the_partner_takes_no_more_just_now(acme, link, settings):
    settings.PACED = True
    acme.paces, acme.happened = (Pace(4, per=60, burst=2),), FIVE
    job = begin(link)
    Job.drain()
    Job.drain()
    assert (again(job).done, job.is_waiting, job.failures) == (2, True, 0)
    assert job.trouble == "Acme takes 4 a minute, and what is new goes first."
    Bucket.objects.all().delete()
    Job.objects.update(due_at=timezone.now())
    Job.drain()
    assert again(job).done == 4


def test_a_partner_that_wants_a_pause_from_questions_gets_it_from_what_is_sent(
    acme, link, settings
):
    settings.PACED = True
    acme.happened, acme.refusal = FIVE, Again("Slower, please.", after=600)
    begin(link)
    Job.drain()
    Entry.objects.log(Draft(body="Cast a gear"), team=link.team, user=link.user)
    assert (Delivery.drain(), acme.calls) == (0, [])


def test_the_past_is_brought_in_a_page_at_a_time_with_its_days(acme, link):
    acme.happened = FIVE
    job = begin(link)
    Job.drain()
    assert (again(job).done, job.total, standing()) == (2, 5, MADE[:2])
    work_off()
    assert standing() == MADE
    assert again(job).state == "done" and job.results == {"new": 5}
    days = set(Entry.objects.values_list("occurred_on", "imported", "origin_label"))
    assert days == {(date(2026, 11, 20), job.hash_id, "Acme, mill")}


def test_a_plan_counts_and_shows_and_stores_nothing(acme, link, team):
    acme.happened = [*FIVE, done("foreign", uid="7")]
    before = everything()
    plan = BackfillPlan.of(Past.of_days(link, 30))
    assert everything() == before and not team.unclaimed.exists()
    assert (plan.total, plan.seen, plan.results) == (6, 6, {"new": 5, "nothing": 1})
    assert [each.entry.body for each in plan.sample[:5]] == MADE
    assert "Nobody in this team is known" in plan.sample[5].outcome.why
    assert bring_in(link).results == plan.results


def test_nobody_is_told_of_the_past(acme, link, team, ada):
    IntegrationLink.objects.create(integration_type="acme", team=team, user=ada)
    acme.happened = FIVE
    bring_in(link)
    assert standing() == MADE and not Delivery.objects.exists()
    for entry in Entry.objects.all():
        entry.edit(kind="done", body="Said otherwise")
    assert not Delivery.objects.exists()


def test_the_same_again_makes_nothing(acme, link):
    acme.happened = [*FIVE, push("a", "b")]
    first = bring_in(link)
    before = everything()
    second = bring_in(link)
    assert second.results == {"same": 6}
    assert everything() == before
    assert set(Entry.objects.values_list("imported", flat=True)) == {first.hash_id}


@pytest.mark.parametrize("place", ["read", "keep"])
def test_a_death_in_the_middle_doubles_nothing(acme, link, monkeypatch, place):
    acme.happened = [*FIVE, push("a", "b")]
    planned = BackfillPlan.of(Past.of_days(link, 30)).results
    job = begin(link)
    Job.drain()
    owner = {"read": Past, "keep": Job}[place]

    def die(*arguments, **more):
        raise Killed

    with monkeypatch.context() as meanwhile, pytest.raises(Killed):
        meanwhile.setattr(owner, place, die)
        Job.drain()
    assert standing() == MADE[:2]
    Job.objects.update(due_at=timezone.now())
    assert work_off(job).results == planned == {"new": 6}
    assert standing() == [*MADE, "Pushed 2 commits to main"]


def test_a_limit_in_the_middle_is_waited_for(acme, link):
    acme.happened = FIVE
    job = begin(link)
    Job.drain()
    acme.refusal = Again("The limit is reached.", after=600)
    Job.drain()
    assert again(job).is_waiting and standing() == MADE[:2]
    assert Job.drain() == 0 and len(acme.asked) == 2
    Job.objects.update(due_at=timezone.now())
    assert work_off(job).results == {"new": 5}
    assert acme.asked == [{}, {"at": 2}, {"at": 2}, {"at": 4}]


def test_what_was_brought_in_before_a_stop_stays(acme, link):
    acme.happened = FIVE
    job = begin(link)
    Job.drain()
    again(job).stop()
    work_off()
    assert standing() == MADE[:2]
    undo(job)
    assert standing() == []


def test_one_import_of_a_link_is_under_way_at_a_time(acme, link):
    acme.happened = FIVE
    assert begin(link) == begin(link)
    work_off()
    assert begin(link).pk != Job.objects.earliest("pk").pk


def test_a_grant_that_ended_asks_for_a_reconnect_and_then_goes_on(acme, link):
    acme.happened, acme.refusal = FIVE, NeedsReconnect("Acme no longer lets us in.")
    job = bring_in(link)
    link.refresh_from_db()
    assert (job.state, link.state) == ("failed", "needs_reconnect")
    link.resume()
    assert job.go_on()
    work_off()
    assert standing() == MADE


def test_what_cannot_be_brought_in_says_why(acme, link):
    assert can_backfill(link)
    link.state = link.State.PAUSED
    with pytest.raises(Never, match="mill is paused."):
        Past.of_days(link, 7).page({})
    link.state, link.integration_user = link.State.ACTIVE, None
    with pytest.raises(Never, match="No account at Acme is left"):
        Past.of_days(link, 7).page({})
    assert not can_backfill(link)


def test_a_link_that_is_removed_meanwhile_ends_its_import(acme, link):
    acme.happened = FIVE
    job = begin(link)
    Job.drain()
    link.remove()
    work_off()
    assert (again(job).state, job.trouble) == ("failed", "mill is removed.")
    assert standing() == MADE[:2]


# What comes in by itself, too.


@pytest.mark.parametrize("name", ["d" * 250, "d\x001"])
def test_what_has_no_key_but_its_delivery_is_one_entry_too(acme, link, came, monkeypatch, name):
    """Whatever a row makes of the name."""
    monkeypatch.setattr(acme, "delivery_key", lambda hook: name)
    acme.happened = [done("wheel") | {"key": ""}]
    came(*acme.happened)
    bring_in(link)
    assert standing() == ["Made wheel"]


@pytest.mark.parametrize("when", ["before", "during", "after"])
def test_the_same_thing_live_is_one_entry(acme, link, came, when):
    acme.happened = FIVE
    if when == "before":
        came(FIVE[3])
    begin(link)
    Job.drain()
    Job.drain()
    if when == "during":
        came(FIVE[3])
    work_off()
    if when == "after":
        came(FIVE[3])
    assert standing() == MADE
    live = Entry.objects.get(body=MADE[3])
    assert live.imported == "" and Entry.objects.exclude(imported="").count() == 4


def test_what_comes_in_by_itself_goes_out_like_everything_else(acme, link, came, team, ada):
    IntegrationLink.objects.create(integration_type="acme", team=team, user=ada)
    acme.happened = FIVE
    bring_in(link)
    came(FIVE[3])
    came(FIVE[3])
    while Delivery.drain():
        pass
    assert list(acme.posts.values()) == [MADE[3]] and acme.calls == ["deliver"]


# Undo.


def test_undo_takes_away_exactly_what_was_brought(acme, link, came):
    came(done("mine"), push("x"))
    before = everything()
    acme.happened = [*FIVE, push("a", "b", at=LATER)]
    job = bring_in(link)
    assert len(standing()) == 8
    undone = undo(job)
    assert undone.results == {"removed": 6} and (undone.done, undone.total) == (6, 6)
    assert everything() == before
    assert undo(job).results == {}
    assert everything() == before
    assert not again(job).can_undo


def test_undo_keeps_what_people_have_changed_and_says_how_much(acme, link, ada):
    acme.happened = [*FIVE, done("goal")]
    job = bring_in(link)
    edited, moved, talked, kind, gone, _ = Entry.objects.order_by("pk")
    edited.edit(kind="done", body="Cut by hand")
    moved.move_to(moved.occurred_on - timedelta(days=1))
    Comment.objects.create(entry=talked, user=ada, body="Well done")
    kind.edit(kind="blocked", body=kind.body)
    gone.delete_softly(by=ada)
    before = everything()
    undone = undo(job)
    assert undone.results == {"kept": 4, "gone": 1, "removed": 1}
    assert standing() == ["Cut by hand", *MADE[1:4]]
    entries = everything()[0]
    assert entries == [row for row in before[0] if row["body"] != "Made goal"]
    assert undo(job).results == {"kept": 4, "gone": 1}
    bring_in(link)
    assert standing() == ["Cut by hand", "Made goal", *MADE[1:4]]


def test_undo_keeps_what_came_in_by_itself_too(acme, link, came):
    acme.happened = FIVE
    job = bring_in(link)
    came(FIVE[1])
    assert undo(job).results == {"removed": 4}
    assert standing() == [MADE[1]]


@pytest.mark.parametrize("first", ["live", "past"])
def test_undo_takes_single_details_out_of_an_entry_that_grew_by_itself(acme, link, came, first):
    acme.happened = [push("a", "b", "c")]
    if first == "live":
        came(push("x", "y"))
        job = bring_in(link)
    else:
        job = bring_in(link)
        came(push("x", "y"))
    assert standing() == ["Pushed 5 commits to main"]
    assert undo(job).results == {"lightened": 1}
    assert standing() == ["Pushed 2 commits to main"]
    came(push("a"))
    assert standing() == ["Pushed 3 commits to main"]


def test_an_import_after_an_undo_brings_everything_again(acme, link):
    acme.happened = [*FIVE, push("a", "b")]
    undo(bring_in(link))
    second = bring_in(link)
    assert second.results == {"new": 6}
    assert undo(second).results == {"removed": 6}
    assert not Entry.objects.exists() and not Source.objects.exists()


def test_two_imports_are_undone_each_for_itself(acme, link):
    acme.happened = [*FIVE[:2], push("a")]
    first = bring_in(link)
    acme.happened = [*FIVE, push("a", "b")]
    second = bring_in(link)
    assert second.results == {"same": 2, "new": 3, "changed": 1}
    assert undo(second).results == {"removed": 3, "lightened": 1}
    assert standing() == [*MADE[:2], "Pushed 1 commit to main"]
    assert undo(first).results == {"removed": 3}
    assert standing() == []


def test_an_undo_that_dies_goes_on(acme, link, monkeypatch):
    acme.page = 100
    acme.happened = [done(f"cog-{number}") for number in range(120)]
    job = bring_in(link)
    begun = again(job).undo(by=None)
    Job.drain()

    def die(*arguments, **more):
        raise Killed

    with monkeypatch.context() as meanwhile, pytest.raises(Killed):
        meanwhile.setattr(Job, "keep", die)
        Job.drain()
    assert Entry.objects.count() == 70
    Job.objects.update(due_at=timezone.now())
    assert work_off(begun).results == {"removed": 120}
    assert not Entry.objects.exists()


# In any order.

THINGS = [done("gear"), done("axle", uid="1906"), push("a", "b"), push("b", "c"), done("rod")]
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("live"), st.integers(0, len(THINGS) - 1)),
        st.tuples(st.sampled_from(["import", "step", "replay"]), st.just(0)),
    ),
    max_size=8,
)


@pytest.fixture
def both_known(grace):
    IntegrationUser.objects.create(integration_type="acme", uid="1906", user=grace)


@given(acts=ACTS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_in_whatever_order_it_is_the_same_log(acme, link, came, both_known, acts):
    for table in (Entry, Source, Receipt, Job):
        table.objects.all().delete()
    acme.happened = THINGS
    for act, number in acts:
        if act == "live":
            came(THINGS[number])
        elif act == "import":
            begin(link)
        elif act == "step":
            Job.drain()
        else:
            work_off(Replay.begin(Selection(link=link.hash_id), user=None))
    begin(link)
    work_off()
    assert standing() == ["Made axle", "Made gear", "Made rod", "Pushed 3 commits to main"]
    came_live = {THINGS[number].get("key") for act, number in acts if act == "live"} - {None}
    keys = Source.objects.filter(imported="", entry__counted_body="").values_list("key", flat=True)
    assert {key.removeprefix("acme:") for key in keys} == came_live
