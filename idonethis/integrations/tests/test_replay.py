"""What came in, read again by today's rules: a plan first, then the same figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.base import Revoked
from idonethis.integrations.models import (
    Delivery,
    IntegrationLink,
    IntegrationUser,
    Job,
    Receipt,
    Replay,
)
from idonethis.integrations.models.replay_plan import SAMPLE, ReplayPlan
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.tests.coming import comes, done, everything, push, standing, work_off
from idonethis.integrations.values import Reason
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As abrupt as kill -9."""


@pytest.fixture
def came(link, signed):
    return lambda *contents: comes(link, signed, *contents)


@pytest.fixture
def known(acme, grace):
    """From now on Grace is known at Acme."""
    return lambda: IntegrationUser.objects.create(integration_type="acme", uid="1906", user=grace)


def plan(link=None, **asked):
    return ReplayPlan.of(Selection(link=link.hash_id if link else "", **asked))


def replay(link=None, **asked):
    selection = Selection(link=link.hash_id if link else "", **asked)
    return work_off(Replay.begin(selection, user=None))


def test_what_waited_for_a_person_is_planned_and_then_done(came, link, known):
    came(done("gear"), done("axle", uid="1906"))
    known()
    planned = plan(link)
    assert planned.by_outcome == {"created": 1, "no_person": 1}
    assert planned.results == {"new": 1, "same": 1}
    new, same = planned.sample
    assert (new.was, new.now, new.reread.outcome.reason) == ("", "Made axle", Reason.CREATED)
    assert (same.was, same.now) == ("Made gear", "Made gear")
    assert standing() == ["Made gear"]

    job = replay(link)
    assert (job.state, job.done, job.total) == ("done", 2, 2)
    assert job.results == planned.results
    assert standing() == ["Made axle", "Made gear"]
    assert set(Receipt.objects.values_list("outcome", flat=True)) == {"created"}


def test_a_plan_writes_nothing_and_wakes_nobody(came, link, known, ada, team):
    came(done("gear"), done("axle", uid="1906"), done("rod", uid="7"))
    known()
    before, receipts = everything(), list(Receipt.objects.values())
    people = list(team.unclaimed.values())
    assert plan(link).changes == 1
    assert everything() == before and list(Receipt.objects.values()) == receipts
    assert list(team.unclaimed.values()) == people


def test_a_second_run_changes_nothing(came, link, known):
    came(done("gear"), push("a", "b"), done("axle", uid="1906"), push("c", uid="1906"))
    known()
    assert replay(link).results == {"new": 2, "same": 2}
    before, receipts = everything(), list(Receipt.objects.values())
    assert plan(link).changes == 0
    assert replay(link).results == {"same": 4}
    assert everything() == before and list(Receipt.objects.values()) == receipts


def test_what_people_edited_moved_or_deleted_stays_byte_for_byte(came, link, ada):
    came(done("gear"), done("axle"), done("rod"), push("a", "b"))
    gear, axle, rod, pushed = Entry.objects.order_by("pk")
    gear.edit(kind="done", body="Cut a gear by hand")
    axle.move_to(axle.occurred_on - timedelta(days=3))
    rod.delete_softly(by=ada)
    pushed.edit(kind="done", body="Tidied up")
    Entry.objects.filter(pk=axle.pk).update(body="Words of an older rule")
    before = everything()
    planned = plan(link)
    assert planned.results == {"same": 3, "changed": 1}
    replay(link)
    after = everything()
    others = [row for row in after[0] if row["id"] != axle.pk]
    assert others == [row for row in before[0] if row["id"] != axle.pk]
    axle.refresh_from_db()
    assert axle.body == "Made axle" and axle.occurred_on == before[0][1]["occurred_on"]


def test_words_follow_todays_rules_and_say_so(came, link, acme, monkeypatch):
    came(done("gear"), push("a", "b"))
    old = acme.hook
    monkeypatch.setattr(acme, "hook", lambda hook, link: _shouted(old(hook, link)))
    planned = plan(link)
    assert planned.results == {"changed": 2}
    assert [(each.was, each.now) for each in planned.sample] == [
        ("Made gear", "MADE GEAR"),
        ("Pushed 2 commits to main", "PUSHED 2 COMMITS"),
    ]
    assert replay(link).results == {"changed": 2}
    assert standing() == ["MADE GEAR", "PUSHED 2 COMMITS"]
    pushed = Entry.objects.exclude(counted_body="").get()
    assert [detail.text for detail in pushed.details] == ["COMMIT A", "COMMIT B"]
    assert plan(link).changes == 0


def _shouted(events):
    for event in events:
        body = "PUSHED {count} COMMITS" if event.details else event.body.upper()
        details = tuple(replace(each, text=each.text.upper()) for each in event.details)
        yield replace(event, body=body, details=details)


def test_words_without_a_time_follow_the_one_that_made_the_entry(came, link, acme, monkeypatch):
    first, second = ({"type": "done", "key": "gear", "body": body, "uid": "1815"} for body in "AB")
    came(first, second)
    assert standing() == ["A"] and plan(link).changes == 0
    old = acme.hook
    monkeypatch.setattr(acme, "hook", lambda hook, link: _doubled(old(hook, link)))
    assert plan(link).results == {"changed": 1, "same": 1}
    replay(link)
    assert standing() == ["AA"] and plan(link).changes == 0


def _doubled(events):
    for event in events:
        yield replace(event, body=event.body * 2)


# What rules leave out by now.


@pytest.mark.parametrize("first", ["pull", "push"])
def test_what_had_joined_an_entry_that_goes_stands_alone(came, link, known, grace, first):
    known()
    pull = done("pull", uid="1906") | {"commits": ["b"]}
    came(*((pull, push("b")) if first == "pull" else (push("b"), pull)))
    assert standing() == ["Made pull"]
    link.config = {"who": "except", "people": [grace.hash_id]}
    link.save()
    planned = plan(link)
    assert planned.results["taken_back"] == 1 and planned.planned == 2
    assert standing() == ["Made pull"]
    assert replay(link).results == planned.results
    assert standing() == ["Pushed 1 commit to main"]
    assert plan(link).changes == 0


def test_what_it_gives_back_goes_too_where_the_rules_leave_that_out_as_well(
    came, link, known, grace
):
    known()
    came(push("b", uid="1906"), done("pull", uid="1906") | {"commits": ["b"]}, done("gear"))
    assert standing() == ["Made gear", "Made pull"]
    link.config = {"who": "except", "people": [grace.hash_id]}
    link.save()
    planned = plan(link)
    assert replay(link).results == planned.results
    assert standing() == ["Made gear"]
    assert plan(link).changes == 0


def test_what_is_let_through_again_is_there_again(came, link, known, grace):
    known()
    came(done("gear"), done("axle", uid="1906"))
    for rules, stands, ends in (
        ({"who": "except", "people": [grace.hash_id]}, ["Made gear"], ["created", "filtered_rule"]),
        ({}, ["Made axle", "Made gear"], ["created", "created"]),
    ):
        link.config = rules
        link.save()
        planned = plan(link)
        assert planned.changes == 1
        assert replay(link).results == planned.results
        assert standing() == stands
        assert list(Receipt.objects.order_by("pk").values_list("outcome", flat=True)) == ends
    alive = set(Entry.objects.alive().values_list("hash_id", flat=True))
    assert set(Receipt.objects.values_list("entry", flat=True)) == alive


# What is not done twice.


def test_nothing_goes_out_twice(came, acme, team, ada, known):
    came_by = IntegrationLink.objects.get()
    other = IntegrationLink.objects.create(integration_type="acme", team=team, user=ada)
    came(done("gear"), done("axle", uid="1906"))
    while Delivery.drain():
        pass
    assert list(acme.posts.values()) == ["Made gear"]
    known()
    replay(came_by)
    replay(came_by)
    while Delivery.drain():
        pass
    assert list(acme.posts.values()) == ["Made gear", "Made axle"]
    assert acme.calls == ["deliver", "deliver"]
    assert set(Delivery.objects.values_list("link_id", flat=True)) == {other.pk}


def test_what_a_person_brought_back_is_not_taken_back_again(came, link):
    came(done("gear"), {"type": "retract", "key": "gear", "uid": "1815"})
    entry = Entry.objects.get()
    entry.restore()
    assert plan(link).changes == 0
    replay(link)
    assert standing() == ["Made gear"]


def test_nobody_is_disconnected_again(came, link, acme, monkeypatch, ada):
    came(done("gear"))
    revoked = Revoked(("1815",), "It was revoked there.")
    monkeypatch.setattr(acme, "hook", lambda hook, link: [revoked])
    replay(link)
    assert IntegrationUser.objects.get(uid="1815").state == "active"


# What is selected.


def test_only_what_was_asked_for_is_read_again(came, link, known):
    came(done("gear"), done("axle", uid="1906"), done("rod", uid="1906"))
    known()
    early = Receipt.objects.order_by("pk")[1]
    Receipt.objects.filter(pk=early.pk).update(received_at=timezone.now() - timedelta(days=9))
    week = timezone.now() - timedelta(days=7)
    assert plan(link, outcomes=("no_person",)).total == 2
    assert plan(link, since=week).total == 2
    assert plan(link, until=week).total == 1
    assert plan(link, receipt=early.pk).total == 1
    assert plan(link, person="1906").total == 2
    assert plan(link, event="push").total == 0
    assert replay(link, outcomes=("no_person",), until=week).results == {"new": 1}
    assert standing() == ["Made axle", "Made gear"]


def test_a_member_is_found_by_what_they_are_called_at_each_partner(came, link, grace, known):
    came(done("gear"), done("axle", uid="1906"))
    assert plan(link, person=grace.hash_id).total == 0
    known()
    assert plan(link, person=grace.hash_id).total == 1


def test_a_team_and_a_server_replay_what_is_theirs(came, link, team, mallory, acme, signed):
    others = Team.objects.create(name="Night Shift")
    others.join(mallory, "admin")
    theirs = IntegrationLink.objects.create(integration_type="acme", team=others, user=mallory)
    came(done("gear"))
    comes(theirs, signed, done("axle"))
    assert plan(team=team.hash_id).total == 1
    assert plan().total == 2
    assert Replay.begin(Selection(team=team.hash_id), user=None).team == team
    assert Replay.begin(Selection(), user=None).team is None


def test_what_came_by_a_removed_link_is_left_out_and_counted(came, link, team):
    came(done("gear"), done("axle"))
    link.remove()
    assert plan(team=team.hash_id).facts()["left_out"] == 2
    assert plan(team=team.hash_id).total == 0
    assert replay(team=team.hash_id).done == 0


def test_what_comes_in_after_the_plan_is_not_part_of_it(came, link):
    came(done("gear"))
    job = Replay.begin(Selection(link=link.hash_id), user=None)
    came(done("axle"))
    assert work_off(job).done == 1
    empty = Replay.begin(Selection(link=link.hash_id, event="nothing"), user=None)
    assert work_off(empty).done == 0


def test_what_came_during_a_pause_still_says_so_until_it_is_over(came, link):
    link.pause()
    came(done("gear"))
    assert replay(link).results == {"nothing": 1}
    link.resume()
    assert replay(link).results == {"new": 1}
    assert Receipt.objects.get().outcome == "created"


def test_what_has_an_entry_keeps_it_whatever_the_rules_say_today(came, link):
    came(done("gear"))
    link.pause()
    assert replay(link).results == {"nothing": 1}
    assert Receipt.objects.get().outcome == "created"
    assert standing() == ["Made gear"]


# Deaths.


@pytest.mark.parametrize("name", ["reread", "note"])
def test_a_death_between_entries_and_their_receipts_is_made_up_for(
    came, link, known, monkeypatch, name
):
    came(*[done(f"axle-{number}", uid="1906") for number in range(60)])
    known()
    planned = plan(link).results
    job = Replay.begin(Selection(link=link.hash_id), user=None)
    Job.drain()

    def die(*arguments):
        raise Killed

    module = "idonethis.integrations.models.replaying"
    with monkeypatch.context() as meanwhile, pytest.raises(Killed):
        meanwhile.setattr(f"{module}.{name}", die)
        Job.drain()
    Job.objects.update(due_at=timezone.now())
    job = work_off(job)
    assert job.results == planned == {"new": 60}
    assert len(standing()) == 60
    assert set(Receipt.objects.values_list("outcome", flat=True)) == {"created"}


def test_a_stopped_replay_keeps_what_it_did_with_the_receipts_marked(came, link, known):
    came(*[done(f"axle-{number}", uid="1906") for number in range(60)])
    known()
    job = Replay.begin(Selection(link=link.hash_id), user=None)
    Job.drain()
    Job.objects.get().stop()
    work_off()
    assert len(standing()) == 25
    assert job.go_on()
    work_off()
    assert len(standing()) == 60
    assert set(Receipt.objects.values_list("outcome", flat=True)) == {"created"}


def test_a_hook_that_cannot_be_read_stops_nothing(came, link, acme, monkeypatch, known):
    came(done("gear"), done("axle", uid="1906"))
    known()
    old = acme.hook

    def careless(hook, link):
        if b"gear" in hook.body:
            raise ZeroDivisionError
        return old(hook, link)

    monkeypatch.setattr(acme, "hook", careless)
    assert plan(link).results == replay(link).results == {"nothing": 1, "new": 1}


def test_a_plan_shows_changes_first_and_not_too_much(came, link, known):
    came(*[done(f"gear-{number}") for number in range(30)], done("axle", uid="1906"))
    known()
    sample = plan(link).sample
    assert len(sample) == SAMPLE and sample[0].now == "Made axle"
