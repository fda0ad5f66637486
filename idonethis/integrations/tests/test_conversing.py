"""Partners that are asked, and at which people are answered."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations import polling, registry
from idonethis.integrations.base import (
    NOTHING,
    Again,
    Converses,
    Draft,
    Gone,
    Hook,
    Never,
    Polled,
    Posts,
)
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.models.link_states import By, State

pytestmark = pytest.mark.django_db


class Parrot(Converses):
    integration_type = "parrot"
    name = "Parrot"
    asks = NOTHING
    every = timedelta(seconds=20)

    def __init__(self):
        self.heard = []
        self.answers = []
        self.failures = []

    def summary(self, link):
        return "Says it again."

    def poll(self, client, link, cursor):
        since = cursor.get("since", 0)
        new = tuple(Hook(orjson.dumps({"said": said})) for said in self.heard[since:])
        return Polled(new, {"since": len(self.heard)})

    def hook(self, hook, link):
        yield Draft(body=hook.json["said"], key=hook.json["said"])

    def answer(self, hook, directory, link, client):
        if self.failures:
            raise self.failures.pop()
        assert Receipt.objects.exists(), "It is stored before it is answered."
        self.answers.append(hook.json["said"])


class Poster(Parrot, Posts):
    def deliver(self, entry, link, client):
        return "posted"


def linked(partner, monkeypatch, team, user):
    monkeypatch.setattr(registry, "integrations", lambda: {"parrot": partner})
    return IntegrationLink.objects.create(integration_type="parrot", team=team, user=user)


@pytest.fixture
def parrot():
    return Parrot()


@pytest.fixture
def link(parrot, monkeypatch, team, ada):
    return linked(parrot, monkeypatch, team, ada)


def look():
    IntegrationLink.objects.update(poll_at=timezone.now())
    while polling.drain() or Receipt.drain():
        pass
    return list(Entry.objects.order_by("pk").values_list("body", flat=True))


def test_what_is_heard_is_stored_and_then_answered_once(parrot, link):
    parrot.heard += ["ahoy", "avast"]
    assert look() == look() == ["ahoy", "avast"]
    assert parrot.answers == ["ahoy", "avast"]


def test_who_is_busy_is_told_later_and_nothing_is_logged_twice(parrot, link):
    parrot.heard += ["ahoy"]
    parrot.failures = [Again("Busy.")]
    assert look() == ["ahoy"] and parrot.answers == []
    link.refresh_from_db()
    assert link.poll_cursor == {} and link.poll_failures == 1
    assert look() == ["ahoy"] and parrot.answers == ["ahoy"]
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("problem", [Never("No."), Gone("Nobody is there."), KeyError("a fault")])
def test_what_cannot_be_answered_is_logged_all_the_same_and_not_tried_again(parrot, link, problem):
    parrot.heard += ["ahoy", "avast"]
    parrot.failures = [problem]
    assert look() == ["ahoy", "avast"] and parrot.answers == ["avast"]
    link.refresh_from_db()
    assert link.state == "active" and link.poll_cursor == {"since": 2}


def test_an_answer_looks_up_who_it_is_in_the_team_of_the_link(parrot, link, monkeypatch, ada):
    found = []
    monkeypatch.setattr(
        parrot, "answer", lambda hook, directory, link, client: found.append(directory)
    )
    parrot.heard += ["ahoy"]
    look()
    assert found[0].link == link


def waits(link):
    link.refresh_from_db()
    return link.poll_at - timezone.now()


def test_it_is_asked_as_often_as_it_says_and_no_sooner_than_ten_seconds(parrot, link):
    look()
    assert timedelta(seconds=17) < waits(link) < timedelta(seconds=23)
    parrot.every = timedelta(seconds=1)
    look()
    assert timedelta(seconds=8) < waits(link) < timedelta(seconds=12)


def test_in_trouble_it_waits_no_more_than_some_thirty_times_as_long(parrot, link, monkeypatch):
    def away(client, link, cursor):
        raise Again("Away.")

    monkeypatch.setattr(parrot, "poll", away)
    for _ in range(12):
        look()
    assert timedelta(minutes=9) < waits(link) < timedelta(minutes=12)


def test_a_link_that_is_resumed_is_asked_at_once(parrot, link):
    parrot.heard += ["ahoy"]
    link.pause()
    link.not_polled(every=timedelta(hours=1), after=None)
    link.resume()
    while polling.drain() or Receipt.drain():
        pass
    assert Entry.objects.get().body == "ahoy"


@pytest.mark.parametrize(("kind", "ends"), [(Parrot, True), (Poster, False)])
def test_that_it_tells_something_ends_its_trouble_unless_that_may_be_with_what_is_posted(
    kind, ends, monkeypatch, team, ada
):
    link = linked(kind(), monkeypatch, team, ada)
    link.move(State.TARGET_GONE, by=By.PARTNER, trouble="It flew away.")
    look()
    link.refresh_from_db()
    assert (link.state == "active") == ends
