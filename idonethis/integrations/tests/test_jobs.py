"""Long work: a step at a time, once, whatever happens to who does it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.http import Again, Never
from idonethis.integrations.models import Job
from idonethis.integrations.models.lease import BACKOFF
from idonethis.integrations.models.work import Step, Work

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As abrupt as kill -9: nobody catches it."""


class Counting(Work):
    """Logs one entry a step, up to five."""

    kind = "counting"
    words = {"new": ("entry made", "entries made")}
    #: What happens in the next step, at this place: before, inside or after storing.
    mishaps = {}

    @property
    def title(self):
        return "Counting to five"

    def fetch(self):
        self.happen("before")

    def apply(self, fetched):
        number = self.job.cursor.get("number", 0) + 1
        draft = Draft(body=f"Number {number}")
        Entry.objects.log(draft, team=self.job.team, user=self.job.team.members.first())
        self.happen("inside")
        cursor = {"number": number} if number < 5 else None
        return Step(cursor, done=1, total=5, results=Counter(new=1))

    @classmethod
    def happen(cls, place):
        if mishap := cls.mishaps.pop(place, None):
            raise mishap


@pytest.fixture
def job(team, ada):
    Counting.mishaps = {}
    yield Job.begin("counting", team=team, user=ada)
    Counting.mishaps = {}


def bodies():
    return list(Entry.objects.order_by("pk").values_list("body", flat=True))


def again():
    """As the row has it."""
    return Job.objects.get()


def lease_ends():
    Job.objects.update(due_at=timezone.now())


def work_off():
    while Job.drain():
        pass


FIVE = [f"Number {number}" for number in range(1, 6)]


def test_a_job_is_done_a_step_at_a_time(job):
    assert Job.drain() == 1
    assert (again().done, again().total, again().state) == (1, 5, "due")
    work_off()
    assert bodies() == FIVE
    ended = again()
    assert (ended.state, ended.done, ended.results) == ("done", 5, {"new": 5})
    assert ended.ended_at


@pytest.mark.parametrize("place", ["before", "inside"])
def test_a_death_in_the_middle_doubles_nothing_and_leaves_nothing_out(job, place):
    Job.drain()
    Counting.mishaps = {place: Killed()}
    with pytest.raises(Killed):
        Job.drain()
    assert Job.drain() == 0
    lease_ends()
    work_off()
    assert bodies() == FIVE
    assert again().results == {"new": 5}


def test_a_death_between_the_entries_and_the_cursor_takes_both_back(job, monkeypatch):
    def die(*arguments, **more):
        raise Killed

    with monkeypatch.context() as meanwhile, pytest.raises(Killed):
        meanwhile.setattr(Job, "keep", die)
        Job.drain()
    assert bodies() == []
    lease_ends()
    work_off()
    assert bodies() == FIVE


def test_the_next_start_takes_over_what_a_dead_process_held(job):
    Counting.mishaps = {"inside": Killed()}
    with pytest.raises(Killed):
        Job.drain()
    assert Job.drain() == 0
    assert Job.objects.take_over() == 1
    work_off()
    assert bodies() == FIVE


def test_who_was_overtaken_stores_nothing(job):
    slow = Job.objects.next().claim(1, lease=timedelta(0))[0]
    quick = Job.objects.next().claim(1, lease=timedelta(minutes=1))[0]
    quick.take_step()
    slow.take_step()
    assert bodies() == ["Number 1"]
    assert (again().done, again().cursor) == (1, {"number": 1})


def test_a_stopped_job_keeps_what_it_did_and_goes_on_when_told_to(job):
    Job.drain()
    assert again().stop()
    assert Job.drain() == 0
    assert (again().state, bodies()) == ("stopped", ["Number 1"])
    assert again().go_on()
    work_off()
    assert bodies() == FIVE


def test_a_step_that_is_under_way_when_it_is_stopped_is_the_last(job):
    claimed = Job.objects.next().claim(1, lease=timedelta(minutes=1))[0]
    again().stop()
    claimed.take_step()
    assert (again().state, again().cursor, bodies()) == ("stopped", {"number": 1}, ["Number 1"])
    assert Job.drain() == 0


def test_what_has_ended_is_not_stopped(job):
    work_off()
    assert not again().stop()
    assert again().state == "done"


def test_a_partner_that_says_when_is_asked_then(job):
    Counting.mishaps = {"before": Again("The limit is reached.", after=3600)}
    Job.drain()
    waiting = again()
    assert waiting.is_waiting and waiting.trouble == "The limit is reached."
    assert timedelta(minutes=59) < waiting.waits_until - timezone.now() < timedelta(minutes=61)
    assert Job.drain() == 0
    assert Job.objects.take_over() == 0, "A restart does not ask sooner."
    Job.objects.update(due_at=timezone.now(), waits_until=timezone.now())
    work_off()
    assert bodies() == FIVE
    assert (again().trouble, again().waits_until) == ("", None)


def test_trouble_is_waited_out_longer_and_longer_and_then_somebody_is_needed(job):
    waits = []
    for _ in BACKOFF:
        Counting.mishaps = {"before": Again("It did not answer.")}
        Job.drain()
        waits.append((again().due_at - timezone.now()).total_seconds())
        lease_ends()
    assert waits == sorted(waits)
    Job.drain()
    assert again().state == "failed" and "got nowhere" in again().trouble
    assert again().go_on()
    work_off()
    assert bodies() == FIVE


def test_a_step_that_always_kills_its_worker_ends_as_failed(job):
    for _ in BACKOFF:
        Counting.mishaps = {"inside": Killed()}
        with pytest.raises(Killed):
            Job.drain()
        lease_ends()
    Job.drain()
    assert (again().state, bodies()) == ("failed", [])


def test_a_clear_no_fails_the_job_at_once_with_its_reason(job):
    Counting.mishaps = {"before": Never("There is no such thing.")}
    Job.drain()
    assert (again().state, again().trouble) == ("failed", "There is no such thing.")


def test_our_own_fault_is_tried_again_and_stores_nothing(job):
    Counting.mishaps = {"inside": ZeroDivisionError()}
    Job.drain()
    assert bodies() == [] and again().trouble == "Our own fault (ZeroDivisionError)."
    lease_ends()
    work_off()
    assert bodies() == FIVE


def test_a_long_job_does_not_hold_up_a_short_one(job, team):
    Job.drain()
    late = Job.begin("counting", team=team)
    Job.drain()
    Job.drain()
    assert set(Job.objects.values_list("pk", "done")) == {(job.pk, 2), (late.pk, 1)}


def test_how_long_it_takes_is_said_only_once_enough_is_done(job):
    job.total, job.done, job.worked = 100, 4, 8.0
    assert job.left is None
    job.done, job.worked = 5, 10.0
    assert job.left == timedelta(seconds=190)


def test_who_may_look_and_who_may_stop(job, ada, grace, mallory, team):
    people = (ada, grace, mallory)
    assert [Job.objects.visible_to(who).count() for who in people] == [1, 1, 0]
    assert [Job.objects.manageable_by(who).count() for who in people] == [1, 0, 0]
    job.user = grace
    job.save()
    assert Job.objects.manageable_by(grace).exists()
    team.memberships.filter(user=grace).delete()
    assert not Job.objects.manageable_by(grace).exists()


def test_what_is_of_no_team_is_the_administrators(ada, grace):
    ada.is_staff = True
    Job.begin("counting")
    assert Job.objects.visible_to(ada).exists() and Job.objects.manageable_by(ada).exists()
    assert not Job.objects.visible_to(grace).exists()
