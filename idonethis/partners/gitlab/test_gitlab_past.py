"""What happened at a GitLab before it was linked, over real HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.models import IntegrationLink, IntegrationUser, Job
from idonethis.integrations.models.backfill_plan import BackfillPlan
from idonethis.integrations.models.backfilling import Past
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.coming import standing, work, work_off
from idonethis.integrations.tests.connected import token
from idonethis.integrations.tests.pasts import (
    asked,
    becomes,
    begin,
    bring_in,
    facts_of,
    happens,
    keys_of,
    log_of,
    publishes,
)
from idonethis.simulators import visitor
from idonethis.simulators.planning.gitlab import GitLab
from idonethis.simulators.running import running
from idonethis.teams.models import Team

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server")]


@pytest.fixture
def partner():
    with running(GitLab()) as url:
        yield url


@pytest.fixture
def made(window, partner, ada, grace, team):
    """Links the project, to the team or another one; of the people, both are known."""
    form = {"team": team.slug, "site": f"{partner}/", "token": token(partner)}
    assert window.post("/auth/gitlab/typed", form).status_code == 302
    account = IntegrationUser.objects.get()
    hers = f"{partner.removeprefix('http://')}/1906"
    IntegrationUser.objects.create(integration_type="gitlab", uid=hers, user=grace)

    def made(team=team, **config) -> IntegrationLink:
        picked = {"project": f"{partner}/42|analytical/engine", **config}
        gitlab = registry.integrations()["gitlab"]
        return make_link(gitlab, team, user=ada, integration_user=account, config=picked)

    return made


def a_week_of_work(partner):
    """And what was done long before, of which two have been talked about since."""
    happens(partner, "Long ago", ago=40, pull=1, touched=1)
    happens(partner, "Oil the mill", ago=3, pull=1, author="ada", by="grace")
    happens(partner, "As long ago", ago=40, touched=1)
    happens(partner, "The crank squeaks", ago=3, assignees="ada", by="grace", touched=1)
    happens(partner, "Nobody is assigned", ago=2, by="grace")
    publishes(partner, "v1.1", ago=40)
    publishes(partner, "v1.2", ago=2)


DONE = [
    ("ada", "Closed “The crank squeaks” (#7)"),
    ("ada", "Merged “Oil the mill” (!5)"),
    ("ada", "Released v1.2 of analytical/engine"),
    ("grace", "Closed “Nobody is assigned” (#8)"),
]


def test_the_past_is_brought_in_each_on_its_day_and_told_to_nobody(partner, made, team):
    a_week_of_work(partner)
    job = bring_in(made())
    assert (job.state, job.trouble) == ("done", "")
    assert log_of(team) == DONE
    three = (timezone.now() - timedelta(days=3)).date()
    for body, path in (("Merged", "merge_requests/5"), ("Closed “The crank", "issues/7")):
        entry = Entry.objects.get(body__startswith=body)
        assert entry.url == f"{partner}/analytical/engine/-/{path}"
        assert entry.occurred_on == three
    assert set(Entry.objects.values_list("imported", flat=True)) == {job.hash_id}


def test_it_reads_as_the_webhooks_have_told_it(partner, made, team, ada, grace):
    others = Team.objects.create(name="Those who heard it live")
    others.join(ada, "admin")
    others.join(grace)
    made(others)
    a_week_of_work(partner)
    work()
    live = facts_of(others)
    bring_in(made(), days=90)
    assert len(live) == 7 and facts_of(team) == live
    assert keys_of(team) == keys_of(others)


def test_what_comes_live_during_an_import_doubles_nothing(partner, made, team):
    happens(partner, "Oil the mill", ago=1, pull=1, author="ada")
    link = made()
    job = begin(link)
    happens(partner, "The crank squeaks", assignees="ada")
    work()
    Job.drain()
    publishes(partner, "v1.2")
    work()
    assert work_off(job).state == "done"
    assert len(log_of(team)) == 3
    assert bring_in(link).results.get("new", 0) == 0
    assert len(log_of(team)) == 3


@pytest.mark.parametrize(("most", "many"), [("100", ""), ("2", ""), ("2", "yes")])
def test_pages_are_read_to_the_end_and_even_where_nobody_says_how_many(
    partner, made, team, most, many
):
    becomes(partner, "most", most)
    if many:
        becomes(partner, "many", many)
    for number in range(5):
        happens(partner, f"Issue {number}", ago=1)
        happens(partner, f"Request {number}", ago=1, pull=1)
        publishes(partner, f"v{number}", ago=1)
    job = bring_in(made())
    assert len(log_of(team)) == job.done == job.total == 15


def test_what_is_taken_up_again_meanwhile_hides_nothing_from_the_next_page(partner, made, team):
    becomes(partner, "most", "2")
    for number in range(5):
        happens(partner, f"Issue {number}", ago=1)
    job = begin(made(events=["issue"]))
    Job.drain()
    visitor.act(partner, "reopen", thing="4", by="ada")
    visitor.act(partner, "reopen", thing="5", by="ada")
    work_off(job)
    work()
    assert standing() == [f"Closed “Issue {number}” (#{number + 4})" for number in (2, 3, 4)]


def test_what_makes_no_entry_live_makes_none_from_the_past(partner, made, team):
    happens(partner, "A secret", ago=1, confidential=1)
    happens(partner, "The same again", ago=1, duplicate_of=4)
    happens(partner, "Goes on elsewhere", ago=1, moved_to_id=77)
    visitor.act(partner, "reopen", thing="3", by="ada")
    job = bring_in(made())
    assert standing() == []
    assert job.reasons == {"private_policy": 1, "filtered_rule": 2}


def test_only_what_the_link_logs_is_asked_for(partner, made, team):
    a_week_of_work(partner)
    link = made(events=["release"])
    bring_in(link)
    assert log_of(team) == [DONE[2]]
    assert "/issues" not in asked(partner) and "/merge_requests" not in asked(partner)
    for events, new in (["issue"], 2), (["push"], 0):
        link.config["events"] = events
        link.save()
        assert bring_in(link).results.get("new", 0) == new
    assert log_of(team) == [DONE[0], DONE[2], DONE[3]]
    assert "/merge_requests" not in asked(partner)


def test_first_it_is_said_how_much_it_is(partner, made):
    a_week_of_work(partner)
    plan = BackfillPlan.of(Past.of_days(made(events=["merge_request", "issue"]), 30))
    assert (plan.total, plan.seen, plan.results["new"]) == (5, 5, 3)
    assert not Entry.objects.exists()


def test_a_release_is_of_the_day_of_which_it_is_live_announced_ahead_or_told_late(
    partner, made, team
):
    week = str(7 * 24 * 3600)
    publishes(partner, "v2", ago=3, released=week)
    publishes(partner, "v1", ago=35, released=week)
    publishes(partner, "v0", ago=1, released=str(-40 * 24 * 3600))
    bring_in(made())
    entry = Entry.objects.get()
    assert entry.body == "Released v2 of analytical/engine"
    assert entry.occurred_on == (timezone.now() - timedelta(days=3)).date()


def test_an_old_server_that_does_not_say_the_ids_of_releases_brings_none(partner, made, team):
    a_week_of_work(partner)
    becomes(partner, "old")
    job = bring_in(made())
    assert job.state == "done" and log_of(team) == [DONE[0], DONE[1], DONE[3]]


def test_releases_that_are_not_told_for_another_reason_are_asked_for_again(partner, made, team):
    a_week_of_work(partner)
    becomes(partner, "slow")
    job = bring_in(made(events=["release"]))
    assert job.is_waiting and "did not say which releases" in job.trouble


def test_an_import_waits_out_a_limit_and_ends(partner, made, team):
    a_week_of_work(partner)
    link = made()
    visitor.act(partner, "faults", path="*/issues", fault="429", retry_after=60)
    job = begin(link)
    Job.drain()
    Job.drain()
    job.refresh_from_db()
    assert job.is_waiting and log_of(team) == [DONE[1]]
    left = (job.waits_until - timezone.now()).total_seconds()
    assert 50 < left <= 60
    Job.objects.update(due_at=timezone.now())
    work_off(job)
    assert log_of(team) == DONE


def test_an_import_is_taken_back_whole(partner, made):
    a_week_of_work(partner)
    job = bring_in(made())
    assert work_off(job.undo(by=job.user)).results == {"removed": 4}
    assert standing() == [] and not Entry.objects.exists()
