"""A pull request is missing, and nothing was received: GitHub is asked whether it tried."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.models import (
    IntegrationLink,
    Job,
    OutgoingHold,
    Receipt,
    RegisteredHook,
)
from idonethis.integrations.models.making import make_link
from idonethis.partners.github.conftest import GITHUB
from idonethis.partners.github.pretending import ENGINE

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NOWHERE = "http://127.0.0.1:9/hook"
BUTTON = "Ask GitHub whether it tried"


@pytest.fixture
def link(github, accounts, live_server, settings, team, ada) -> IntegrationLink:
    """Its webhook is taken by a server that listens."""
    settings.BASE_URL = live_server.url
    config = {"repository": ENGINE, "events": ["issues", "pull_request"]}
    made = make_link(GITHUB, team, user=ada, integration_user=accounts["ada"], config=config)
    github.act("settle")
    Receipt.objects.all().delete()
    return made


@pytest.fixture
def hook(link) -> RegisteredHook:
    return link.registered_hook


@pytest.fixture
def missing(github, hook) -> str:
    """The address of a pull request that was merged while nobody listened: three events."""
    github.act("edit_hook", hook=hook.remote_id, url=NOWHERE)
    github.happens("open_pull_request", title="Mend the roof")
    github.happens("merge_pull_request", method="squash")
    github.act("edit_hook", hook=hook.remote_id, url=hook.url)
    return f"{github.url}/{ENGINE}/pull/1"


class Person:
    """In front of the page that answers."""

    def __init__(self, client, github, user):
        self.client, self.github = client, github
        client.force_login(user)

    def reads(self, text, **more):
        page = self.client.get("/why", {"q": text, **more})
        assert page.status_code == 200
        return " ".join(page.content.decode().split())

    def asks(self, link, text, **more):
        """Presses the button; returns the page as it is once everything was done."""
        assert BUTTON in self.reads(text)
        self.pressed = self.presses(link, text, **more)
        self.works()
        return " ".join(self.client.get(self.pressed["Location"]).content.decode().split())

    def presses(self, link, text, **more):
        return self.client.post(f"/links/{link.hash_id}/ask", {"q": text, **more})

    def works(self):
        for _ in range(30):
            Job.objects.filter(state="due").update(due_at=timezone.now())
            if not Job.drain():
                return
            self.github.act("settle")
            while Receipt.drain():
                pass


@pytest.fixture
def operator(client, github, ada):
    return Person(client, github, ada)


def asked_again(github) -> int:
    return len(github.journal("*/attempts"))


def test_what_github_could_not_deliver_is_asked_for_and_is_the_answer(
    github, link, missing, operator
):
    page = operator.asks(link, missing)
    said = re.search(r"GitHub tried 3 times (at|between) [^<]*", page)[0]
    assert said.endswith(
        "and did not reach us: 3 deliveries did not arrive, and were asked for again. All of them "
        "are here now."
    )
    assert asked_again(github) == 3
    (entry,) = Entry.objects.all()
    assert f'href="{entry.get_absolute_url()}"' in page and "In the log" in page
    assert BUTTON not in page


def test_what_was_asked_for_often_is_asked_for_once_more(github, link, hook, missing, operator):
    """By itself, that is given up; but a person asks."""
    github.act("edit_hook", hook=hook.remote_id, url=NOWHERE)
    lost = github.world_hooks()[0]["deliveries"]
    for _ in range(5):
        for each in lost:
            client = github.client_of("ada")
            client.post(f"/repos/{ENGINE}/hooks/{hook.remote_id}/deliveries/{each['id']}/attempts")
        github.act("settle")
    github.act("edit_hook", hook=hook.remote_id, url=hook.url)
    RegisteredHook.objects.update(complete_until=timezone.now())
    assert "All of them are here now." in operator.asks(link, missing)
    assert Entry.objects.count() == 1


def test_more_than_a_portion_is_asked_for_in_portions(github, link, missing, operator, monkeypatch):
    monkeypatch.setattr("idonethis.integrations.models.gaps.PORTION", 1)
    assert "All of them are here now." in operator.asks(link, missing)
    assert asked_again(github) == 3 and Job.objects.get().results["asked"] == 3


def test_what_does_not_come_is_waited_for_no_longer_than_a_minute(
    github, link, missing, operator, monkeypatch
):
    monkeypatch.setattr("idonethis.integrations.models.inquiring.PATIENCE", timedelta(0))
    monkeypatch.setattr(operator, "works", lambda: [Job.drain() for _ in range(3)])
    page = operator.asks(link, missing)
    assert "3 of them have not come yet; it is looked after further by itself." in page


def test_a_webhook_that_is_gone_is_made_again_and_the_past_is_offered(github, link, operator):
    github.act("delete_hook", hook=link.registered_hook.remote_id)
    page = operator.asks(link, f"{github.url}/{ENGINE}/pull/1")
    assert "The webhook was gone. It was made again." in page
    assert f'href="/links/{link.hash_id}/past"' in page
    assert len(github.hooks()) == 1


def test_a_webhook_that_is_switched_off_is_switched_on_again(github, link, hook, operator):
    github.act("edit_hook", hook=hook.remote_id, active=False)
    page = operator.asks(link, f"{ENGINE}#1")
    assert "The webhook was switched off. It was switched on again." in page
    assert github.hooks()[0]["active"]


def test_where_github_lists_nothing_that_is_said(github, link, operator):
    page = operator.asks(link, f"{github.url}/{ENGINE}/pull/77")
    assert "The webhook stands at GitHub as it should." in page
    assert re.search(
        r"GitHub lists no delivery since [^.]+ that did not reach us: it did not happen there, or "
        r"the webhook does not cover it\.",
        page,
    )
    assert f"/links/{link.hash_id}/past" not in page


def test_while_it_is_at_it_the_page_looks_now_and_then_and_is_seen_anew_at_the_end(
    github, link, missing, operator
):
    there = operator.presses(link, missing)["Location"]
    page = operator.client.get(there).content.decode()
    assert "GitHub is being asked." in page and 'hx-trigger="every 1s"' in page
    assert BUTTON not in page
    piece = {"HX-Request": "true"}
    assert "HX-Refresh" not in operator.client.get(there, headers=piece)
    operator.works()
    assert operator.client.get(there, headers=piece)["HX-Refresh"] == "true"


def test_who_asks_again_at_once_is_told_what_was_found(github, link, missing, operator):
    operator.asks(link, missing)
    calls = len(github.paths())
    again = operator.presses(link, missing)
    assert again["Location"] == operator.pressed["Location"]
    operator.works()
    assert (Job.objects.count(), len(github.paths())) == (1, calls)
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    assert operator.presses(link, missing)["Location"] != again["Location"]


def test_who_asks_too_often_has_to_wait(link, missing, operator, settings):
    settings.ACCOUNT_RATE_LIMITS = {"ask": "1/m/user"}
    operator.reads(missing)
    assert operator.presses(link, missing).status_code == 429
    assert not Job.objects.exists()


def test_github_is_asked_by_whom_looks_after_the_link_alone(
    client, github, link, missing, grace, mallory
):
    for person, status in ((grace, 403), (mallory, 404)):
        page = Person(client, github, person)
        assert BUTTON not in page.reads(missing)
        assert page.presses(link, missing).status_code == status
    assert not Job.objects.exists()


def test_what_was_found_is_for_the_team_alone(client, github, link, missing, ada, mallory):
    found = Person(client, github, ada)
    found.asks(link, missing)
    there = found.pressed["Location"]
    assert "GitHub tried" not in Person(client, github, mallory).client.get(there).content.decode()


def test_another_place_is_no_question_for_github(github, link, operator):
    assert BUTTON not in operator.reads(f"{github.url}/mallory/other/pull/1")
    assert BUTTON not in operator.reads("the roof")


def test_a_refusal_is_told_here_and_at_the_link(github, link, missing, operator):
    github.act("permit", account="ada", repository=ENGINE, level="push")
    page = operator.asks(link, missing)
    assert "GitHub could not be asked, or did not let us:" in page
    link.refresh_from_db()
    assert link.state == "needs_permission"


def test_a_restored_log_asks_nobody(github, link, missing, operator):
    OutgoingHold.objects.create(backup_made_at=timezone.now())
    calls = len(github.paths())
    assert "since a backup was restored" in operator.asks(link, missing)
    assert len(github.paths()) == calls


def test_a_link_without_a_webhook_of_ours_cannot_be_asked_about(link, missing, operator):
    IntegrationLink.objects.update(registered_hook=None)
    assert BUTTON not in operator.reads(missing)
    assert operator.presses(link, missing).status_code == 404
