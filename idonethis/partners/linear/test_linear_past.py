"""What was completed at Linear before it was linked, over real HTTP."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.http import NeedsPermission
from idonethis.integrations.models import IntegrationLink, IntegrationUser, Job
from idonethis.integrations.models.backfill_plan import BackfillPlan
from idonethis.integrations.models.backfilling import Past
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests import connected
from idonethis.integrations.tests.coming import standing, work, work_off
from idonethis.integrations.tests.pasts import (
    asked,
    begin,
    bring_in,
    facts_of,
    happens,
    keys_of,
    log_of,
)
from idonethis.partners.linear.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.planning.linear import Linear
from idonethis.simulators.running import running
from idonethis.teams.models import Team

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server")]

OURS, EVERY = "t-1|Difference Engine", "all:o-1|All public teams of Engines"
connect = partial(connected.consent, "linear")


@pytest.fixture
def most(request):
    return getattr(request, "param", "")


@pytest.fixture
def partner(monkeypatch, most):
    with running(Linear(settings={"most": most})) as url:
        for name, value in {
            "WEB_URL": url,
            "API_URL": url,
            "CLIENT_ID": "pretend-linear-client",
            "CLIENT_SECRET": "pretend-linear-secret",
        }.items():
            monkeypatch.setenv(f"LINEAR_{name}", value)
        yield url


@pytest.fixture
def made(window, partner, ada, grace, team):
    """Links a team of Linear's, to ours or another one; of the people, both are known."""
    connect(window)
    account = IntegrationUser.objects.get()
    IntegrationUser.objects.create(integration_type="linear", uid="1906", user=grace)

    def made(team=team, picked=OURS, **config) -> IntegrationLink:
        config = {"linear_team": picked, **config}
        return make_link(integration, team, user=ada, integration_user=account, config=config)

    return made


def a_week_of_work(partner):
    """And what was completed long before, or in a team that is not ours."""
    happens(partner, "Long ago", ago=40, whose="ada")
    happens(partner, "Oil the mill", ago=3, whose="ada", by="grace", archived=1)
    happens(partner, "Nobody is assigned", ago=2, by="grace", shipped=1)
    happens(partner, "Weave a secret", ago=2, whose="ada", team="t-2")
    happens(partner, "Loom", ago=2, kind="Project", whose="ada", team="t-2")
    happens(partner, "Engine", ago=1, kind="Project", whose="grace")
    happens(partner, "Tables", ago=1, kind="Initiative", whose="ada")


DONE = [
    ("ada", "Completed “Oil the mill” (ENG-14)"),
    ("grace", "Completed the project “Engine”"),
    ("grace", "Completed “Nobody is assigned” (ENG-15)"),
]
TABLES = ("ada", "Completed the initiative “Tables”")


def test_the_past_is_brought_in_each_on_its_day_and_told_to_nobody(partner, made, team):
    a_week_of_work(partner)
    job = bring_in(made())
    assert (job.state, job.trouble) == ("done", "")
    assert log_of(team) == DONE
    entry = Entry.objects.get(body__startswith="Completed “Oil")
    assert entry.occurred_on == (timezone.now() - timedelta(days=3)).date()
    assert entry.url == "https://linear.app/engines/issue/14"
    assert set(Entry.objects.values_list("imported", flat=True)) == {job.hash_id}


def test_initiatives_come_with_all_public_teams_alone(partner, made, team):
    a_week_of_work(partner)
    bring_in(made(picked=EVERY))
    assert log_of(team) == sorted([*DONE, TABLES])


@pytest.mark.parametrize("picked", [OURS, EVERY])
def test_it_reads_as_the_webhooks_have_told_it(partner, made, team, ada, grace, picked):
    others = Team.objects.create(name="Those who heard it live")
    others.join(ada, "admin")
    others.join(grace)
    made(others, picked=picked)
    happens(partner, "Oil the mill", ago=3, whose="ada", by="grace")
    happens(partner, "Nobody is assigned", ago=2, by="grace")
    happens(partner, "By itself", ago=2, bot=1)
    happens(partner, "Engine", ago=1, kind="Project", whose="grace")
    happens(partner, "Tables", ago=1, kind="Initiative", whose="ada")
    work()
    live = facts_of(others)
    bring_in(made(picked=picked))
    assert len(live) == (4 if picked == EVERY else 3) and facts_of(team) == live
    assert keys_of(team) == keys_of(others)


def test_what_comes_live_during_an_import_doubles_nothing(partner, made, team):
    happens(partner, "Oil the mill", ago=1, whose="ada")
    link = made()
    job = begin(link)
    happens(partner, "Wind the clock", whose="ada")
    work()
    Job.drain()
    happens(partner, "Engine", kind="Project", whose="ada")
    work()
    assert work_off(job).state == "done"
    assert len(log_of(team)) == 3
    assert bring_in(link).results.get("new", 0) == 0
    assert len(log_of(team)) == 3


@pytest.mark.parametrize("most", ["", "2"], indirect=True)
def test_pages_are_read_to_the_end(partner, made, team, most):
    for number in range(5):
        happens(partner, f"Number {number}", ago=1, whose="ada")
        happens(partner, f"Project {number}", ago=1, kind="Project", whose="ada")
    job = bring_in(made())
    assert len(log_of(team)) == job.done == job.total == 10


def test_what_was_deleted_or_reopened_is_left_out(partner, made):
    happens(partner, "Gone", ago=1, whose="ada", trashed=1)
    visitor.act(partner, "finish", thing="ENG-12", by="ada")
    visitor.act(partner, "reopen", thing="ENG-12", by="ada")
    bring_in(made())
    assert standing() == []


def test_what_an_integration_has_completed_is_a_bots_and_of_nobody_makes_no_entry(partner, made):
    happens(partner, "By itself", ago=1, bot=1)
    happens(partner, "By nobody knows whom", ago=1, silent=1)
    happens(partner, "Engine", ago=1, kind="Project")
    link = made()
    job = bring_in(link)
    assert standing() == [] and job.reasons == {"bot": 1}
    link.config["bots"] = True
    link.save()
    bring_in(link)
    assert standing() == []


def test_who_has_only_moved_it_on_or_changed_it_later_has_not_completed_it(partner, made, team):
    happens(partner, "Nobody is assigned", ago=1, by="ada", shipped=1)
    bring_in(made())
    assert log_of(team) == [("ada", "Completed “Nobody is assigned” (ENG-13)")]


def test_only_what_the_link_logs_is_asked_for(partner, made, team):
    a_week_of_work(partner)
    bring_in(made(events=["Project"]))
    assert log_of(team) == [DONE[1]]
    assert " issues (" not in asked(partner) and " initiatives (" not in asked(partner)


def test_first_it_is_shown_what_it_would_be(partner, made):
    a_week_of_work(partner)
    plan = BackfillPlan.of(Past.of_days(made(), 30))
    assert plan.results["new"] == 3 and plan.is_whole
    assert not Entry.objects.exists()


@pytest.mark.parametrize("most", ["1"], indirect=True)
def test_of_what_is_more_than_is_shown_nobody_says_that_this_is_all(partner, made, most):
    for number in range(5):
        happens(partner, f"Number {number}", ago=1, whose="ada")
    assert not BackfillPlan.of(Past.of_days(made(), 30)).is_whole


def test_an_import_waits_out_a_limit_and_ends(partner, made, team):
    a_week_of_work(partner)
    link = made()
    visitor.act(partner, "faults", path="/graphql", fault="429", words=" projects (")
    job = begin(link)
    Job.drain()
    Job.drain()
    job.refresh_from_db()
    assert job.is_waiting and log_of(team) == [DONE[0], DONE[2]]
    left = (job.waits_until - timezone.now()).total_seconds()
    assert 50 < left <= 60
    Job.objects.update(due_at=timezone.now())
    work_off(job)
    assert log_of(team) == DONE


def test_a_team_that_is_hidden_from_the_account_says_so(partner, made):
    link = made()
    link.subject = "t-9"
    with pytest.raises(NeedsPermission, match="does not show that team"):
        BackfillPlan.of(Past.of_days(link, 30))


def test_an_import_is_taken_back_whole(partner, made):
    a_week_of_work(partner)
    job = bring_in(made())
    assert work_off(job.undo(by=job.user)).results == {"removed": 3}
    assert standing() == [] and not Entry.objects.exists()
