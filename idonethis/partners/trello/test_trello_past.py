"""What happened at Trello before it was linked, over real HTTP."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from idonethis.entries.models import Entry, Source
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
from idonethis.partners.trello.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.planning.trello import API, BOARD, Trello
from idonethis.simulators.running import running
from idonethis.teams.models import Team

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server")]

ACTIONS = f"{API}/boards/*/actions"
connect = partial(connected.consent, "trello")


@pytest.fixture
def settings_there(request):
    return getattr(request, "param", {})


@pytest.fixture
def partner(monkeypatch, settings_there):
    with running(Trello(settings=settings_there)) as url:
        for name, value in {
            "WEB_URL": url + API,
            "API_URL": url + API,
            "CLIENT_ID": "pretend-trello-client",
            "CLIENT_SECRET": "pretend-trello-secret",
        }.items():
            monkeypatch.setenv(f"TRELLO_{name}", value)
        yield url


@pytest.fixture
def made(window, partner, ada, grace, team):
    """Links the board, to the team or another one; of the people, both are known."""
    connect(window)
    account = IntegrationUser.objects.get()
    IntegrationUser.objects.create(integration_type="trello", uid="1906", user=grace)

    def made(team=team, **config) -> IntegrationLink:
        config = {"board": f"{BOARD['id']}|{BOARD['name']}", "lists": "Done", **config}
        return make_link(integration, team, user=ada, integration_user=account, config=config)

    return made


def a_month_of_work(partner):
    """And what was done long before, what was taken back and what was never done."""
    happens(partner, "Long ago", ago=40, card="c-1")
    happens(partner, "Oil the mill", ago=20, card="c-2", by="grace")
    happens(partner, "Wind the clock", ago=12, card="c-3", how="marked")
    happens(partner, "Born done", ago=9, card="c-4", how="made", by="grace")
    happens(partner, "Too early", ago=9, card="c-5")
    happens(partner, "Too early", ago=8, card="c-5", how="back")
    happens(partner, "Twice the same", ago=8, card="c-6")
    happens(partner, "Twice the same", ago=3, card="c-6", how="deleted")
    happens(partner, "Oil the mill well", ago=2, card="c-2", how="renamed")
    happens(partner, "Never done", ago=1, card="c-7", how="renamed")
    happens(partner, "Never done", ago=1, card="c-7", how="deleted")


def twice_done(partner):
    happens(partner, "Twice done", ago=16, card="c-8", by="grace")
    happens(partner, "Twice done", ago=15, card="c-8", how="back")
    happens(partner, "Twice done", ago=4, card="c-8", how="marked")


DONE = [
    ("ada", "Completed “Wind the clock”"),
    ("grace", "Completed “Born done”"),
    ("grace", "Completed “Oil the mill well”"),
]


def test_the_past_is_brought_in_each_on_its_day_and_told_to_nobody(partner, made, team):
    a_month_of_work(partner)
    job = bring_in(made())
    assert (job.state, job.trouble) == ("done", "")
    assert log_of(team) == DONE
    entry = Entry.objects.get(body__startswith="Completed “Oil")
    assert entry.occurred_on == (timezone.now() - timedelta(days=20)).date()
    assert entry.url == "https://trello.com/c/c2"
    assert set(Entry.objects.values_list("imported", flat=True)) == {job.hash_id}


def test_it_reads_as_the_webhooks_have_told_it(partner, made, team, ada, grace):
    others = Team.objects.create(name="Those who heard it live")
    others.join(ada, "admin")
    others.join(grace)
    made(others)
    a_month_of_work(partner)
    twice_done(partner)
    work()
    live = facts_of(others)
    bring_in(made(), days=90)
    assert len(live) == 5 and facts_of(team) == live
    assert set(keys_of(team)) < set(keys_of(others))


def test_what_comes_live_during_an_import_doubles_nothing(partner, made, team):
    happens(partner, "Oil the mill", ago=10, card="c-2")
    happens(partner, "Too early", ago=9, card="c-5")
    link = made()
    job = begin(link)
    happens(partner, "Wind the clock", card="c-3")
    happens(partner, "Too early", card="c-5", how="back")
    work()
    Job.drain()
    happens(partner, "Oil the mill", card="c-2", how="marked")
    work()
    assert work_off(job).state == "done"
    assert standing() == ["Completed “Oil the mill”", "Completed “Wind the clock”"]
    assert bring_in(link).results.get("new", 0) == 0
    assert len(standing()) == 2


@pytest.mark.parametrize("settings_there", [{}, {"most": "2"}], indirect=True)
def test_pages_are_read_to_the_end_and_weeks_one_after_the_other(partner, made, team):
    for number in range(7):
        happens(partner, f"Number {number}", ago=1, card=f"c-{number}")
        happens(partner, f"Number {number}", ago=number + 7, card=f"d-{number}")
    job = bring_in(made())
    assert len(log_of(team)) == job.done == job.total == 14


@pytest.mark.parametrize("settings_there", [{"most": "2"}], indirect=True)
def test_long_lists_are_looked_through_a_few_calls_at_a_time(partner, made):
    for number in range(14):
        happens(partner, f"Number {number}", ago=1, card=f"c-{number}")
    begin(made())
    Job.drain()
    assert asked(partner).count("/actions") == 5
    assert standing() == []


@pytest.mark.parametrize("settings_there", [{"stuck": "yes"}], indirect=True)
def test_a_list_that_goes_round_in_circles_is_not_followed_for_ever(partner, made):
    happens(partner, "Oil the mill", ago=1, card="c-2")
    job = bring_in(made())
    assert job.state == "failed" and "did not say where its list" in job.trouble


def test_lists_that_mean_done_are_those_of_the_link(partner, made):
    a_month_of_work(partner)
    bring_in(made(lists="Shipped"))
    assert standing() == ["Completed “Wind the clock”"]


def test_what_makes_no_entry_is_not_asked_for_or_leaves_nothing_behind(partner, made):
    happens(partner, "Never done", ago=1, card="c-7", how="commented")
    happens(partner, "Never done", ago=1, card="c-7", how="placed")
    happens(partner, "Never done", ago=1, card="c-7", how="renamed")
    happens(partner, "Never done", ago=1, card="c-7", how="deleted")
    job = bring_in(made())
    assert (job.results, job.done) == ({}, 3)
    assert not Source.objects.exists()
    assert "commentCard" not in asked(partner)


def test_first_it_is_shown_what_it_would_be(partner, made):
    happens(partner, "Oil the mill", ago=10, card="c-2")
    happens(partner, "Wind the clock", ago=1, card="c-3")
    link = made()
    plan = BackfillPlan.of(Past.of_days(link, 14))
    assert (plan.total, plan.seen, plan.results) == (2, 2, {"new": 2})
    assert not BackfillPlan.of(Past.of_days(link, 90)).is_whole
    assert not Entry.objects.exists()


def test_an_import_waits_out_a_limit_and_ends(partner, made, team):
    a_month_of_work(partner)
    link = made()
    job = begin(link)
    Job.drain()
    Job.drain()
    visitor.act(partner, "faults", path=ACTIONS, fault="429")
    Job.drain()
    job.refresh_from_db()
    assert job.is_waiting and log_of(team) == [("grace", "Completed “Oil the mill”")]
    Job.objects.update(due_at=timezone.now())
    work_off(job)
    assert log_of(team) == DONE


def test_a_board_that_the_account_may_not_see_says_so(partner, made):
    link = made()
    link.subject = "184200000000000000000002"
    with pytest.raises(NeedsPermission, match="does not let this account do that"):
        BackfillPlan.of(Past.of_days(link, 30))


def test_an_import_is_taken_back_whole(partner, made):
    a_month_of_work(partner)
    twice_done(partner)
    job = bring_in(made())
    assert len(standing()) == 4
    assert work_off(job.undo(by=job.user)).results == {"removed": 4}
    assert standing() == [] and not Entry.objects.exists() and not Source.objects.exists()
