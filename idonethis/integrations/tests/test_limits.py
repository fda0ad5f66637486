"""How fast a link may send: who sends again what is refused hears to wait; from others all is
taken."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from idonethis.integrations.ingest import intake, limits
from idonethis.integrations.ingest.limits import Limits
from idonethis.integrations.models import IntegrationLink, Receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=1000.0)
    clock.monotonic = lambda: clock.now
    monkeypatch.setattr(limits, "time", clock)
    return clock


@pytest.fixture(autouse=True)
def bucket(settings, monkeypatch, clock):
    """Ten at once, and two a second after that."""
    settings.HOOK_RATE, settings.HOOK_BURST = 2, 10
    fresh = Limits()
    monkeypatch.setattr(intake, "LIMITS", fresh)
    return fresh


def admitted(bucket, link, tries):
    return sum(bucket.admits(link) for _ in range(tries))


def test_a_burst_is_taken_and_then_as_much_as_flows_in(bucket, clock):
    assert admitted(bucket, "link", 50) == 10
    clock.now += 1
    assert admitted(bucket, "link", 50) == 2
    clock.now += 3
    assert admitted(bucket, "link", 50) == 6
    clock.now += 3600
    assert admitted(bucket, "link", 50) == 10


def test_who_sends_steadily_is_never_refused(bucket, clock):
    for _ in range(200):
        clock.now += 0.5
        assert bucket.admits("link")


def test_what_is_refused_costs_nothing(bucket, clock):
    admitted(bucket, "link", 10_000)
    clock.now += 5
    assert admitted(bucket, "link", 50) == 10


def test_each_link_has_a_bucket_of_its_own(bucket):
    assert admitted(bucket, "link", 50) == admitted(bucket, "other", 50) == 10


def test_without_a_rate_all_is_taken(bucket, settings):
    settings.HOOK_RATE = 0
    assert admitted(bucket, "link", 5_000) == 5_000


def test_links_with_a_full_bucket_are_forgotten_and_no_memory_fills(bucket, clock, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 100)
    busy = [f"busy {number}" for number in range(5)]
    for number in range(1_000):
        clock.now += 1
        bucket.admits(f"once {number}")
        for link in busy:
            admitted(bucket, link, 12)
        assert len(bucket._full_at) <= 100
    assert all(not bucket.admits(link) for link in busy)


def test_even_where_all_are_busy_no_memory_fills(bucket, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 100)
    for number in range(1_000):
        bucket.admits(number)
        assert len(bucket._full_at) <= 100


DONE = {"type": "done", "body": "Turned the crank", "uid": "1815"}


def flood(arrives, link, count=15):
    return [
        arrives(link, {**DONE, "key": str(n)}, **{"x-acme-delivery": str(n)}) for n in range(count)
    ]


def test_a_sender_that_sends_again_hears_when(arrives, link, acme):
    acme.retries = True
    answers = flood(arrives, link)
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 5
    assert answers[-1]["retry-after"] == "5"
    assert b"Nothing was stored" in answers[-1].content
    assert Receipt.objects.count() == 10


def test_from_a_sender_that_does_not_all_is_taken(arrives, link, acme):
    assert acme.retries is False
    assert {answer.status_code for answer in flood(arrives, link)} == {200}
    assert Receipt.objects.count() == 15


def test_other_links_are_taken_meanwhile(arrives, link, acme, team, ada):
    acme.retries = True
    flood(arrives, link)
    other = IntegrationLink.objects.create(integration_type="acme", team=team, user=ada)
    assert arrives(other, DONE).status_code == 200


def test_who_cannot_sign_takes_nothing_out_of_the_bucket(client, arrives, link, acme):
    acme.retries = True
    path = f"/integrations/acme/hook/{link.hook_token}"
    for _ in range(50):
        forged = client.post(path, b"{}", content_type="application/json")
        assert forged.status_code == 401
    assert {answer.status_code for answer in flood(arrives, link, 10)} == {200}


def test_what_is_sent_again_after_the_wait_is_taken(arrives, link, acme, clock):
    acme.retries = True
    refused = [n for n, answer in enumerate(flood(arrives, link)) if answer.status_code == 429]
    clock.now += 5
    for number in refused:
        again = arrives(link, {**DONE, "key": str(number)}, **{"x-acme-delivery": str(number)})
        assert again.status_code == 200
    assert Receipt.objects.count() == 15
