"""What happened at a Gitea before it was linked, over real HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.http import NeedsPermission
from idonethis.integrations.models import IntegrationLink, IntegrationUser, Job
from idonethis.integrations.models.backfill_plan import BackfillPlan
from idonethis.integrations.models.backfilling import Past
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.coming import work, work_off
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
from idonethis.simulators.planning.gitea import Gitea
from idonethis.simulators.running import running
from idonethis.teams.models import Team

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server")]


@pytest.fixture
def partner():
    with running(Gitea()) as url:
        yield url


@pytest.fixture
def made(client, partner, ada, grace, team):
    """Links the repository, to the team or another one; of the people, both are known."""
    client.force_login(ada)
    token = visitor.act(partner, "let_in", account="ada")["access_token"]
    form = {"team": team.slug, "site": f"{partner}/", "token": token}
    assert client.post("/auth/gitea/typed", form).status_code == 302
    account = IntegrationUser.objects.get()
    hers = f"{partner.removeprefix('http://')}/1906"
    IntegrationUser.objects.create(integration_type="gitea", uid=hers, user=grace)

    def made(team=team, **config) -> IntegrationLink:
        picked = {"repository": f"{partner}/analytical/engine|analytical/engine", **config}
        gitea = registry.integrations()["gitea"]
        return make_link(gitea, team, user=ada, integration_user=account, config=picked)

    return made


def a_week_of_work(partner):
    """And what was done long before, of which one has been talked about since."""
    happens(partner, "Long ago", ago=40, pull=1, touched=1)
    happens(partner, "Oil the mill", ago=3, pull=1, author="ada", by="grace")
    happens(partner, "The crank squeaks", ago=3, assignees="ada", by="grace")
    happens(partner, "Nobody is assigned", ago=2, by="grace")
    publishes(partner, "v1.1", ago=40)
    publishes(partner, "v1.2", ago=2)


DONE = [
    ("ada", "Closed “The crank squeaks” (#6)"),
    ("ada", "Merged “Oil the mill” (#5)"),
    ("ada", "Released v1.2 of analytical/engine"),
    ("grace", "Closed “Nobody is assigned” (#7)"),
]


def test_the_past_is_brought_in_each_on_its_day_and_told_to_nobody(partner, made, team):
    a_week_of_work(partner)
    job = bring_in(made())
    assert (job.state, job.trouble) == ("done", "")
    assert log_of(team) == DONE
    merged = Entry.objects.get(body__startswith="Merged")
    assert merged.occurred_on == (timezone.now() - timedelta(days=3)).date()
    assert merged.url == f"{partner}/analytical/engine/pulls/5"
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
    assert len(live) == 6 and facts_of(team) == live
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


@pytest.mark.parametrize("most", [50, 2])
def test_pages_are_read_to_the_end_however_few_a_server_shows_at_once(partner, made, team, most):
    becomes(partner, "most", str(most))
    for number in range(13):
        happens(partner, f"Number {number}", ago=1)
    job = bring_in(made(events=["issues"]))
    assert len(log_of(team)) == 13
    assert job.done == job.total == 13


def test_only_what_the_link_logs_is_asked_for(partner, made, team):
    a_week_of_work(partner)
    link = made(events=["release"])
    bring_in(link)
    assert log_of(team) == [DONE[2]]
    assert "/issues" not in asked(partner) and "/pulls" not in asked(partner)
    for events, new in (["issues"], 2), (["push"], 0):
        link.config["events"] = events
        link.save()
        assert bring_in(link).results.get("new", 0) == new
    assert log_of(team) == [DONE[0], DONE[2], DONE[3]]
    assert "/pulls/" not in asked(partner)


def test_first_it_is_said_how_much_it_is(partner, made):
    a_week_of_work(partner)
    plan = BackfillPlan.of(Past.of_days(made(events=["issues", "pull_request"]), 30))
    assert (plan.total, plan.seen, plan.results["new"]) == (4, 4, 3)
    assert not Entry.objects.exists()


def test_an_old_server_that_does_not_say_who_closed_an_issue_makes_it_nobodys(partner, made, team):
    happens(partner, "Nobody is assigned", ago=2, by="grace")
    happens(partner, "The crank squeaks", ago=3, assignees="ada", by="grace")
    becomes(partner, "old")
    bring_in(made())
    assert log_of(team) == [("ada", "Closed “The crank squeaks” (#5)")]


def test_an_import_waits_out_a_limit_and_ends(partner, made, team):
    a_week_of_work(partner)
    link = made()
    visitor.act(partner, "faults", path="*/issues", fault="429", retry_after=60)
    job = begin(link)
    Job.drain()
    job.refresh_from_db()
    assert job.is_waiting and log_of(team) == []
    Job.objects.update(due_at=timezone.now())
    work_off(job)
    assert log_of(team) == DONE


def test_a_repository_that_was_renamed_says_what_to_do(partner, made):
    link = made()
    becomes(partner, "renamed", "analytical/loom")
    with pytest.raises(NeedsPermission, match="Pick it again"):
        BackfillPlan.of(Past.of_days(link, 30))
