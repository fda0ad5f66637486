"""What happened before a link was made, brought in as if its webhooks had brought it."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.http import Again
from idonethis.integrations.models import Backfill, IntegrationLink, IntegrationUser, Job
from idonethis.integrations.models.backfill_plan import BackfillPlan
from idonethis.integrations.models.backfilling import Past
from idonethis.integrations.tests.every import Linked
from idonethis.partners.github.pretending import ENGINE, OLD_NAME
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

integration = registry.integrations()["github"]
PEOPLE = {"ada": "1815", "grace": "1906"}


@pytest.fixture
def known(ada, grace):
    for user in (ada, grace):
        uid = PEOPLE[user.nickname]
        IntegrationUser.objects.create(integration_type="github", uid=uid, user=user)


@pytest.fixture
def link(github, known, team, ada):
    account = IntegrationUser.objects.get(uid="1815")
    account.secrets = github.token_of("ada")
    account.save()
    return make_link(team, ada, integration_user=account)


def make_link(team, user, *, repository=ENGINE, **fields):
    config = {"repository": repository, "private": "title"} | fields.pop("config", {})
    return IntegrationLink.objects.create(
        integration_type="github",
        team=team,
        user=user,
        subject=repository.lower(),
        config=config,
        **fields,
    )


def a_week_of_work(github):
    """Twelve things, of which GitHub tells in every way it has."""
    github.ago(days=6)
    github.happens("push", actor="ada", messages=["Oil the mill", "Carry the tens"])
    github.happens("push", actor="grace", messages=["Found a moth"], author="ada")
    github.ago(days=5)
    for method, title in (("merge", "Fix the roof"), ("squash", "Print"), ("rebase", "Count")):
        github.happens("open_pull_request", title=title, branch=title)
        github.happens("submit_review", actor="grace", state="commented")
        github.happens("submit_review", actor="grace", state="approved")
        github.happens("merge_pull_request", actor="grace", method=method)
    github.ago(days=4)
    github.happens("open_pull_request", title="Never mind")
    github.happens("close_pull_request")
    github.happens("open_issue", title="The mill squeaks", assignees=["ada"])
    github.happens("close_issue", actor="grace")
    github.happens("open_issue", title="Nobody's")
    github.happens("close_issue", actor="grace")
    github.happens("open_issue", title="Not now")
    github.happens("close_issue", reason="not_planned")
    github.happens("open_issue", title="Still open")
    github.ago(days=2)
    github.happens("push", actor="dependabot[bot]", commits=1)
    github.happens("push", actor="ada", branch="main", force=True, messages=["Carry the tens"])
    github.happens("publish_release", actor="grace", tag="v2")
    github.ago()


def log_of(team):
    return sorted(
        (
            entry.user.email,
            entry.kind,
            entry.body,
            entry.url if not entry.counted_body else "",
            str(entry.occurred_on),
            sorted(entry.details.values_list("text", "url")),
        )
        for entry in Entry.objects.for_team(team).alive()
    )


def hear(link, *sent):
    """What its webhook would have brought."""
    for number, (event, body) in enumerate(sent):
        headers = {"x-github-event": event, "x-github-delivery": f"{link.pk}-{event}-{number}"}
        assert Linked(integration, link).post(orjson.dumps(body), headers).status == 200


def bring_in(link, days=30):
    job = Backfill.begin(Past.of_days(link, days), days=days, user=link.user)
    while Job.drain():
        pass
    job.refresh_from_db()
    return job


def test_the_past_reads_as_the_webhooks_would_have_told_it(github, link, team, ada, grace):
    url, secret = "http://127.0.0.1:9/", link.signing_secret
    integration.create_hook(github.client_of("ada"), ENGINE, url=url, secret=secret)
    a_week_of_work(github)
    others = Team.objects.create(name="Those who heard it live")
    others.join(ada, "admin")
    others.join(grace)
    hear(make_link(others, ada), *github.sent())
    job = bring_in(link)
    assert (job.state, job.trouble) == ("done", "")
    live = log_of(others)
    assert len(live) > 8
    assert log_of(team) == live
    assert set(Entry.objects.for_team(team).values_list("imported", flat=True)) == {job.hash_id}


def test_it_is_brought_in_once_however_often(github, link, team):
    a_week_of_work(github)
    first = bring_in(link)
    log = log_of(team)
    second = bring_in(link)
    assert log_of(team) == log
    assert first.results["new"] == len(log)
    assert set(second.results) == {"same", "nothing"}
    assert first.done == first.total == second.done


def test_a_plan_says_what_comes_and_stores_nothing(github, link, team):
    a_week_of_work(github)
    plan = BackfillPlan.of(Past.of_days(link, 30))
    assert not Entry.objects.exists() and not team.unclaimed.exists()
    assert plan.total == bring_in(link).total
    bodies = {each.entry.body for each in plan.sample if each.entry}
    assert "Merged “Fix the roof” (#1)" in bodies


def test_only_the_last_days_are_brought_in(github, link, team):
    a_week_of_work(github)
    bring_in(link, days=3)
    bodies = set(Entry.objects.alive().values_list("body", flat=True))
    assert bodies == {"Pushed 1 commit to main of analytical/engine", f"Released v2 of {ENGINE}"}


def test_what_the_link_does_not_log_is_not_even_asked_for(github, link, team):
    a_week_of_work(github)
    link.config = {**link.config, "events": ["release"]}
    link.save()
    before = len(github.paths())
    bring_in(link)
    assert [entry.body for entry in Entry.objects.alive()] == ["Released v2 of analytical/engine"]
    asked = {path.rpartition("/")[2] for path in github.paths()[before:]}
    assert asked == {"engine", "releases"}


def test_who_is_unknown_waits_under_unclaimed(github, link, team):
    github.happens("push", actor="babbage")
    job = bring_in(link)
    assert job.reasons == {"no_person": 1}
    assert [person.login for person in team.unclaimed.all()] == ["babbage"]


def test_what_is_read_on_many_pages_is_whole(github, link, team):
    for number in range(23):
        github.happens("open_issue", title=f"Wheel {number}")
        github.happens("close_issue")
    for number in range(12):
        github.happens("push", messages=[f"Tooth {number}"])
    job = bring_in(link)
    closed = Entry.objects.alive().filter(body__startswith="Closed")
    assert closed.count() == 23
    pushed = Entry.objects.get(body__startswith="Pushed")
    assert pushed.details.count() == 12
    assert (job.done, job.total) == (35, 35)


def test_a_change_between_two_pages_hides_nothing(github, link, team):
    """What changes moves to the end of the list."""
    for number in range(25):
        github.happens("open_issue", title=f"Wheel {number}")
        github.happens("close_issue")
        github.act("clock", forward=2)
    Backfill.begin(Past.of_days(link, 30), days=30, user=None)
    Job.drain()
    github.happens("retitle_issue", number=3, title="Wheel 3")
    github.happens("retitle_issue", number=15, title="Wheel 15")
    while Job.drain():
        pass
    assert Entry.objects.alive().count() == 25


def test_the_limit_of_calls_is_waited_for(github, link, team):
    a_week_of_work(github)
    job = Backfill.begin(Past.of_days(link, 30), days=30, user=None)
    Job.drain()
    made = Entry.objects.count()
    github.act("exhaust_rate_limit", account="ada", seconds=3600)
    Job.drain()
    job.refresh_from_db()
    assert job.is_waiting and job.trouble == "GitHub’s limit of calls is reached."
    assert timedelta(minutes=58) < job.waits_until - timezone.now() <= timedelta(minutes=60)
    calls = len(github.paths())
    assert Job.drain() == 0 and len(github.paths()) == calls
    assert Entry.objects.count() == made > 0
    github.act("clock", forward=3600)
    Job.objects.update(due_at=timezone.now())
    while Job.drain():
        pass
    job.refresh_from_db()
    assert job.state == "done" and job.results["new"] == Entry.objects.count()


def test_a_secondary_limit_says_itself_when_it_ends(github, link):
    github.act("faults", path="*/issues", fault="429", retry_after=77)
    with pytest.raises(Again) as refused:
        Past.of_days(link, 30).page({})
    assert refused.value.after == 77


def test_what_may_not_be_read_says_what_comes_in_all_the_same(github, link):
    link.subject = "analytical/secret-plans"
    link.save()
    job = bring_in(link)
    assert job.state == "failed"
    assert "does not show what happened in analytical/secret-plans" in job.trouble
    assert "comes in all the same" in job.trouble
    link.refresh_from_db()
    assert link.state == "active"


@pytest.mark.parametrize(
    ("private", "body"),
    [
        ("title", "Merged “Raise the ransom” (#1)"),
        ("count", "Merged a pull request in a private repository"),
    ],
)
def test_of_a_private_repository_shows_what_the_link_lets(github, link, team, private, body):
    where = {"repository": "analytical/secret-plans", "actor": "ada"}
    github.act("open_pull_request", title="Raise the ransom", **where)
    github.act("merge_pull_request", **where)
    account = link.integration_user
    account.secrets = github.token_of("ada", "repo")
    account.save()
    link.subject, link.config = "analytical/secret-plans", {"private": private}
    link.save()
    bring_in(link)
    entry = Entry.objects.alive().get()
    assert entry.body == body
    assert set(entry.details.values_list("text", flat=True)) == {"A commit"}


def test_a_repository_is_found_under_its_new_name(github, link):
    a_week_of_work(github)
    link.subject = OLD_NAME
    page = Past.of_days(link, 30).page({})
    assert page.hooks and page.cursor["repository"]["full_name"] == ENGINE


def test_commits_that_github_has_dropped_are_passed_over(github, link):
    github.happens("push")
    github.act("faults", path="*/compare/*", fault="500", times=1)
    with pytest.raises(Again):
        everything(link)
    pushes = [hook for hook in everything(link) if hook.header("x-github-event") == "push"]
    assert len(pushes) == 1


def everything(link):
    cursor, hooks = {}, []
    while cursor is not None:
        page = Past.of_days(link, 30).page(cursor)
        hooks += page.hooks
        cursor = page.cursor
    return hooks
