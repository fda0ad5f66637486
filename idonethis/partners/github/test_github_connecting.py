"""Whoever has just linked a repository is offered what happened in it before."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.models import IntegrationLink, Job
from idonethis.partners.github.pretending import ENGINE

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

QUESTION = "Import what happened before, too?"
TEAM = "analytical-engines"


@pytest.fixture
def worked(github):
    """A merged pull request and a closed issue, of three days ago."""
    github.ago(days=3)
    github.happens("open_pull_request", title="Mend the roof")
    github.happens("merge_pull_request", method="squash")
    github.happens("open_issue", title="The mill squeaks")
    github.happens("close_issue")
    github.ago()


@pytest.fixture
def window(client, accounts, ada, team, monkeypatch):
    monkeypatch.setenv("GITHUB_CLIENT_ID", "pretend-github-client")
    monkeypatch.setenv("GITHUB_CLIENT_SECRET", "pretend-github-secret")
    client.force_login(ada)
    return client


def links(window, **more):
    """Presses “Create link”; returns where that leads to."""
    chosen = {"team": TEAM, "repository": ENGINE, "events": ["issues", "pull_request"], **more}
    response = window.post("/integrations/github/link", chosen)
    assert response.status_code == 302
    return response["Location"]


def shown(response):
    return " ".join(response.content.decode().split())


def form_in(page):
    """Where the form of the offer leads to."""
    return re.search(r'action="(/links/\w+/past)"', page)[1]


def test_the_offer_stands_where_the_link_does_and_leads_to_the_past_in_two_presses(
    worked, window, team
):
    page = shown(window.get(links(window)))
    assert QUESTION in page and "Not now" in page
    there = form_in(page)
    plan = shown(window.post(there, {"days": "30"}))
    assert "of the last 30 days would be looked at." in plan and "Mend the roof" in plan
    assert "Nothing is stored yet." in plan and "Not now" in plan
    assert not Entry.objects.exists()
    window.post(there, {"days": "30", "begin": "1"})
    while Job.drain():
        pass
    assert Entry.objects.for_team(team).count() == 2
    days = set(Entry.objects.values_list("occurred_on", flat=True))
    assert days == {(timezone.now() - timedelta(days=3)).date()}


def test_who_says_not_now_is_not_asked_again_and_nothing_is_imported(worked, window):
    page = shown(window.get(links(window)))
    away = re.search(r'href="([^"]+)">Not now', page)[1]
    assert QUESTION not in shown(window.get(away))
    assert not Entry.objects.exists() and not Job.objects.exists()


def test_once_an_import_was_begun_it_is_offered_no_more(window):
    where = links(window)
    window.post(form_in(shown(window.get(where))), {"days": "7", "begin": "1"})
    assert QUESTION not in shown(window.get(where))


def test_it_is_offered_to_whoever_made_the_link_and_to_nobody_else(window, grace, client):
    where = links(window)
    client.force_login(grace)
    assert QUESTION not in shown(client.get(where))


def test_what_only_suggests_has_no_past_to_offer(window):
    where = links(window, how="suggest")
    assert IntegrationLink.objects.get().rules.suggests
    assert "made=" not in where


def test_a_name_that_is_no_link_offers_nothing(window, team):
    assert QUESTION not in shown(window.get(f"/t/{TEAM}/integrations?made=nobody"))
