"""Whoever is taken in is answered in time and in turn, whatever others and the database do."""

from __future__ import annotations

import threading
import time
from itertools import islice

import pytest

from idonethis.integrations.ingest import bounds, routes, taking, writer
from idonethis.integrations.ingest.fair import Fair
from idonethis.integrations.ingest.routes import Routes
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.models.link_states import GONE
from idonethis.integrations.tests.ingest.wire import statuses

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other(link):
    """Another link, of the same team."""
    return IntegrationLink.objects.create(
        integration_type="acme", team=link.team, user=link.user, subject="another"
    )


@pytest.fixture
def slow(monkeypatch):
    """Every batch takes a while; the sizes of them all."""
    sizes, store = [], writer.store

    def slowly(rows):
        sizes.append(len(rows))
        time.sleep(0.1)
        store(rows)

    monkeypatch.setattr(writer, "store", slowly)
    monkeypatch.setattr(writer, "MOST_ROWS", 10)
    return sizes


def test_a_link_that_floods_does_not_hold_up_another(line, hook, other, slow):
    flood = [line() for _ in range(8)]
    for number, one in enumerate(flood):
        one.say(b"".join(hook(f"{number}-{n}") for n in range(30)))
    while not slow:
        time.sleep(0.005)
    before = len(slow)
    assert statuses(line().say(hook("other", of=other)).hears(1)) == [200]
    # The batch that was under way, and the next.
    assert len(slow) - before <= 3
    assert Receipt.objects.filter(link_id=link_of(hook)).count() < 240
    assert [len(one.hears(30)) for one in flood] == [30] * 8


def link_of(hook) -> int:
    return IntegrationLink.objects.order_by("pk").first().pk


def test_of_each_one_in_turn_and_of_each_in_its_order():
    fair: Fair[str] = Fair()
    for sender, thing in ("a1", "a2", "a3", "b1", "c1", "c2"):
        fair.put(sender, sender + thing)
    first = list(islice(fair.take(), 4))
    fair.put("d", "d1")
    assert (first, list(fair.take())) == (["a1", "b1", "c1", "a2"], ["c2", "a3", "d1"])


def test_a_batch_is_bounded_in_rows_and_in_bytes(line, hook, slow, monkeypatch):
    line().say(b"".join(hook(str(n)) for n in range(30))).hears(30)
    assert max(slow) <= 10 and sum(slow) == 30
    slow.clear()
    monkeypatch.setattr(writer, "MOST_BYTES", 100)
    line().say(b"".join(hook(f"more {n}") for n in range(6))).hears(6)
    assert max(slow) <= 2


@pytest.fixture
def stuck(monkeypatch):
    """The database does not answer, until it is told to."""
    goes_on, store = threading.Event(), writer.store

    def waits(rows):
        goes_on.wait(20)
        store(rows)

    monkeypatch.setattr(writer, "store", waits)
    monkeypatch.setattr(bounds, "ANSWERED", 0.3)
    monkeypatch.setattr(taking, "LOOK", 0.05)
    yield goes_on
    goes_on.set()


def test_while_the_database_does_not_answer_senders_hear_when_to_come_back(
    line, hook, stuck, served
):
    said = line().say(hook("1") + hook("2")).hears(2) + line().say(hook("3", chunks=b"\r\n")).hears(
        1
    )
    assert [(answer.status, answer.headers["retry-after"]) for answer in said] == [(503, "5")] * 3
    stuck.set()
    assert statuses(line().say(hook("1")).hears(1)) == [200]
    assert Receipt.objects.filter(delivery_key="1").count() == 1
    assert served.ingest.taking._held == 0


def test_while_the_database_does_not_say_whose_an_address_is_senders_hear_when_to_come_back(
    line, hook, stuck, monkeypatch
):
    find = Routes.find
    monkeypatch.setattr(Routes, "find", lambda *asked: stuck.wait(20) and find(*asked))
    assert statuses(line().say(hook("1")).hears(1)) == [503]
    assert statuses(line().say(hook("2", content_encoding="gzip")).hears(1)) == [415]
    stuck.set()
    assert statuses(line().say(hook("1")).hears(1)) == [200]


def test_what_waits_for_a_stuck_database_is_bounded(line, hook, stuck, monkeypatch, served):
    monkeypatch.setattr(bounds, "MOST_HELD", 5_000)
    for number in range(20):
        assert set(statuses(line().say(hook(str(number)) * 5).hears(5))) == {503}
    assert served.ingest.taking._held <= 5_000
    stuck.set()
    assert not {"held", "asked"} & served.remains(within=5).keys()


def test_who_guesses_addresses_waits_among_those_who_guess(line, hook, monkeypatch, link):
    assert statuses(line().say(hook("1")).hears(1)) == [200]
    find, let_go = Routes.find, threading.Event()

    def slowly(routes, integration, token):
        if token.startswith("guess"):
            let_go.wait(20)
        return find(routes, integration, token)

    monkeypatch.setattr(Routes, "find", slowly)
    for number in range(20):
        line().say(hook("x", target=f"/integrations/acme/hook/guess{number}"))
    time.sleep(0.1)
    Routes.change()  # so that the address is looked up again
    began = time.monotonic()
    assert statuses(line().say(hook("2")).hears(1)) == [200]
    assert time.monotonic() - began < 5
    let_go.set()


@pytest.mark.parametrize(
    ("change", "status"),
    [({"state": next(iter(GONE))}, 410), ({"hook_token": "another"}, 401)],
    ids=["removed", "another address"],
)
def test_what_another_process_changes_holds_within_a_second(line, hook, link, change, status):
    """An update that sends no signal is what another process does."""
    one = line()
    assert statuses(one.say(hook("1")).hears(1)) == [200]
    IntegrationLink.objects.filter(pk=link.pk).update(**change)
    time.sleep(1.05)
    assert statuses(one.say(hook("2")).hears(2)) == [200, status]


def test_a_secret_that_another_process_changes_holds_within_a_second(line, hook, link):
    before, one = hook("2"), line()
    assert statuses(one.say(hook("1")).hears(1)) == [200]
    changed = IntegrationLink.objects.get(pk=link.pk)
    changed.signing_secret = changed.integration.new_secret()
    IntegrationLink.objects.filter(pk=link.pk).update(sealed_secret=changed.sealed_secret)
    time.sleep(1.05)
    link.refresh_from_db()
    assert statuses(one.say(before + hook("3")).hears(3)) == [200, 401, 200]


def test_how_long_an_address_is_believed_counts_from_when_it_was_asked(
    line, hook, link, monkeypatch
):
    """A slow answer is no younger for it."""
    look_up = routes._by_token

    def slowly(*asked):
        found = look_up(*asked)
        time.sleep(0.6)
        return found

    monkeypatch.setattr(routes, "_by_token", slowly)
    one = line()
    assert statuses(one.say(hook("1")).hears(1)) == [200]
    IntegrationLink.objects.filter(pk=link.pk).update(state=next(iter(GONE)))
    time.sleep(0.5)
    assert statuses(one.say(hook("2")).hears(2)) == [200, 410]


def test_one_integration_that_fails_to_answer_is_no_reason_not_to_answer_the_others(
    line, hook, acme, slow, caplog
):
    accepted = acme.accepted
    acme.accepted = lambda hook: 1 / (hook.header("x-acme-delivery") != "1") and accepted(hook)
    assert statuses(line().say(hook("1") + hook("2") + hook("3")).hears(3)) == [200] * 3
    assert "Acme failed to say that it took a hook" in caplog.text
