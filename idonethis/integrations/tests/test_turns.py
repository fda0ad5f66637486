"""The inbox is worked off in turn: however much one link sends, the others move."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import orjson
import pytest
from django.conf import settings
from django.db import OperationalError, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import IntegrationLink, Receipt, turns
from idonethis.integrations.models import known as knowing
from idonethis.integrations.models import receipt as receipts
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.turns import BATCH, Turns, oldest_of
from idonethis.integrations.tests.conftest import work
from idonethis.integrations.values import Hook
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def first_round(monkeypatch):
    monkeypatch.setattr(receipts, "TURNS", Turns())


@pytest.fixture
def sends(acme):
    """So many hooks of this link are stored at once. ``body`` may name their {number}."""

    def send(link, count, *, first=0, body="Turned the crank {number}", **more):
        said = {"type": "done", "uid": "1815", **more}
        rows = [
            Row("acme", link.pk, str(number), "", Hook(_content(said, link, body, number)), {})
            for number in range(first, first + count)
        ]
        for start in range(0, len(rows), 500):
            store(rows[start : start + 500])

    return send


def _content(said, link, body, number):
    key = f"{link.pk}/{number}"
    return orjson.dumps({"key": key, "body": body.format(number=number), **said})


@pytest.fixture
def links(acme, link, team, ada):
    """Five in all."""
    more = [
        IntegrationLink.objects.create(integration_type="acme", team=team, user=ada, subject=name)
        for name in ("second", "third", "fourth", "fifth")
    ]
    return [link, *more]


def done(link):
    return Receipt.objects.filter(state="done", link_id=link.pk).count()


def test_one_pass_reaches_everybody_while_thousands_stand_before_them(links, sends):
    flood, *others = links
    sends(flood, 10_000, type="nothing")
    for link in others:
        sends(link, 3)
    Receipt.drain()
    assert [done(link) for link in others] == [3, 3, 3, 3]
    assert done(flood) == BATCH - 12


def test_a_lonely_link_gets_the_whole_batch(link, sends):
    sends(link, BATCH + 1)
    assert Receipt.drain() == BATCH
    assert Receipt.drain() == 1
    assert Receipt.drain() == 0


def test_two_floods_share_evenly(links, sends):
    for link in links[:2]:
        sends(link, 300, type="nothing")
    Receipt.drain()
    assert [done(link) for link in links[:2]] == [BATCH // 2] * 2


def test_the_oldest_of_a_link_come_first(link, sends):
    sends(link, 150)
    first = list(Receipt.objects.order_by("pk").values_list("pk", flat=True)[:BATCH])
    Receipt.drain()
    assert set(Receipt.objects.filter(state="done").values_list("pk", flat=True)) == set(first)


def test_with_more_links_than_a_batch_holds_each_gets_its_turn(link, sends, monkeypatch):
    for module in (receipts, turns):
        monkeypatch.setattr(module, "BATCH", 4)
    for number in range(10):
        sends(IntegrationLink(pk=1000 + number), 2)
    served = []
    for _ in range(5):
        before = set(Receipt.objects.filter(state="done").values_list("pk", flat=True))
        Receipt.drain()
        now = Receipt.objects.filter(state="done").exclude(pk__in=before)
        served.append(sorted(now.values_list("link_id", flat=True)))
    assert served == [
        [1000, 1001, 1002, 1003],
        [1004, 1005, 1006, 1007],
        [1000, 1001, 1008, 1009],
        [1002, 1003, 1004, 1005],
        [1006, 1007, 1008, 1009],
    ]


def test_what_is_not_due_yet_waits_and_keeps_nobody_waiting(links, sends):
    sends(links[0], 5)
    Receipt.objects.update(due_at=timezone.now() + timedelta(hours=1))
    sends(links[1], 5)
    work()
    assert (done(links[0]), done(links[1])) == (0, 5)


def test_hooks_of_a_whole_application_stand_in_a_queue_too(links, sends):
    sends(IntegrationLink(pk=0), 1)
    sends(links[0], 500, type="nothing")
    Receipt.drain()
    assert Receipt.objects.get(link_id=0).state == "done"


# What has failed before.


@pytest.fixture
def poison(acme, monkeypatch):
    """What says "poison" cannot be read; how often it was tried."""
    tries = []
    understood = acme.hook

    def hook(hook, link):
        if b"poison" in hook.body:
            tries.append(hook)
            raise ZeroDivisionError
        return understood(hook, link)

    monkeypatch.setattr(acme, "hook", hook)
    return tries


def at_once():
    """The waits between attempts are over."""
    Receipt.objects.filter(state="due").update(due_at=timezone.now())


def test_one_that_cannot_be_read_in_a_hundred_delays_no_other(link, sends, poison):
    for hundred in range(3):
        sends(link, 99, first=hundred * 100)
        sends(link, 1, first=hundred * 100 + 99, body="poison")
    passes = 0
    while Entry.objects.count() < 297:
        Receipt.drain()
        at_once()
        passes += 1
    assert passes == 3


def test_it_is_tried_alone_in_the_end_and_ends_with_a_reason(link, sends, poison):
    sends(link, 2, body="poison")
    sends(link, 10, first=2)
    Receipt.drain()
    assert (len(poison), Entry.objects.count()) == (2, 10)
    for tried in (4, 6, 7, 8, 9, 10):
        at_once()
        sends(link, 1, first=100 + tried)
        Receipt.drain()
        assert len(poison) == tried
    assert set(Receipt.objects.filter(outcome="template_error").values_list("attempts")) == {(5,)}
    assert Entry.objects.count() == 16
    at_once()
    assert Receipt.drain() == 0


def test_what_a_dead_worker_had_in_hand_is_soon_made_up_for(link, sends):
    sends(link, 60)
    Receipt.objects.fresh([link.pk], most=BATCH)  # and its worker dies
    Receipt.objects.take_over()
    passes = 0
    while Receipt.drain():
        passes += 1
    assert (passes, Entry.objects.count()) == (3, 60)


def test_one_that_kills_whoever_reads_it_takes_no_neighbour_with_it(link, sends):
    sends(link, 20)
    sends(link, 1, first=20, body="poison")
    sends(link, 20, first=21)
    while batch := Receipt.objects.fresh([link.pk], most=BATCH) or Receipt.objects.tried():
        holds_it = any(b"poison" in receipt.hook.body for receipt in batch)
        if holds_it and batch[0].attempts <= receipts.MOST_ATTEMPTS:
            Receipt.objects.take_over()
        else:
            Receipt.work(batch, Known())
    assert Entry.objects.count() == 40
    assert Receipt.objects.exclude(outcome="created").get().outcome == "template_error"
    assert max(Receipt.objects.filter(outcome="created").values_list("attempts")) <= (4,)


@pytest.mark.parametrize("number", [0, 50, 99])
@pytest.mark.parametrize("count", [1, 2])
def test_in_a_whole_batch_it_is_alone_after_three_deaths(link, sends, number, count):
    """A death for each halving would be seven."""
    places = [(number + 37 * each) % BATCH for each in range(count)]
    for place in range(BATCH):
        sends(link, 1, first=place, body="poison" if place in places else "Turned the crank")
    deaths: list[set[str]] = []
    while batch := Receipt.objects.fresh([link.pk], most=BATCH) or Receipt.objects.tried():
        keys = {receipt.delivery_key for receipt in batch}
        if keys & set(map(str, places)) and batch[0].attempts <= receipts.MOST_ATTEMPTS:
            deaths.append(keys)
            Receipt.objects.take_over()
        else:
            Receipt.work(batch, Known())
    suffered = Counter(key for keys in deaths for key in keys - set(map(str, places)))
    assert max(suffered.values()) <= 3 and sum(len(keys) > 1 for keys in deaths) <= 1 + 2 * count
    assert Entry.objects.count() == BATCH - count


def test_one_that_drives_the_database_away_is_soon_alone_too(link, sends, acme):
    sends(link, 49)
    sends(link, 1, first=49, body="poison")
    sends(link, 50, first=50)
    understood = acme.hook

    def hook(hook, link):
        if b"poison" in hook.body:
            raise OperationalError
        return understood(hook, link)

    acme.hook = hook
    for _ in range(20):
        with suppress(OperationalError):
            Receipt.drain()
        at_once()
    ends = Receipt.objects.values_list("outcome", "attempts")
    assert Counter(outcome for outcome, _ in ends) == {"created": 99, "template_error": 1}
    assert max(attempts for outcome, attempts in ends if outcome == "created") <= 4


def test_one_that_the_database_refuses_costs_the_others_of_its_batch_nothing(link, sends, acme):
    """What it has written by then goes, and nothing of theirs."""
    sends(link, 30)
    sends(link, 1, first=30, body="poison")
    sends(link, 30, first=31)
    understood = acme.hook

    def hook(hook, link):
        if b"poison" in hook.body:
            Team.objects.create(name="Left behind")
            IntegrationLink.objects.create(pk=link.pk, integration_type="acme", team=link.team)
        return understood(hook, link)

    acme.hook = hook
    Receipt.drain()
    assert Entry.objects.count() == 60 and not Team.objects.filter(name="Left behind").exists()
    assert set(Receipt.objects.filter(outcome="created").values_list("attempts")) == {(1,)}


def test_what_has_failed_before_is_tried_while_new_ones_keep_coming(links, sends, acme, poison):
    sends(links[0], 1, body="poison")
    Receipt.drain()
    acme.hook = type(acme).hook.__get__(acme)
    sends(links[1], 500)
    at_once()
    Receipt.drain()
    assert Entry.objects.filter(body="poison").exists()


def test_one_that_kills_whoever_reads_it_is_left_alone_in_the_end(link, sends, poison):
    sends(link, 1, body="poison")
    for _ in range(5):
        Receipt.objects.filter(state="due").take(1)  # and its worker dies
        Receipt.objects.take_over()
    Receipt.drain()
    found = Receipt.objects.get()
    assert (found.outcome, found.state, poison) == ("template_error", "done", [])
    assert found.why == "Whoever tried to read it died over it. It stays stored."


# How they are found.


def plans(do):
    """How the database goes about the inbox while this is done, a line for each step."""
    connection = connections[settings.INBOX]
    with CaptureQueriesContext(connection) as asked:
        do()
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    found = []
    for query in asked.captured_queries:
        sql = query["sql"]
        # What is said of many rows at once names each by its key.
        is_plain = not sql.startswith(("INSERT", "EXPLAIN")) and " times: " not in sql
        if "integrations_receipt" in sql and is_plain:
            with connection.cursor() as cursor:
                cursor.execute(f"{explain} {sql}".replace("%", "%%"))
                found += [str(row[-1]) for row in cursor.fetchall()]
    return found


def analyzed():
    with connections[settings.INBOX].cursor() as cursor:
        cursor.execute("ANALYZE integrations_receipt")


def reads_everything(step):
    return (
        "Seq Scan on integrations_receipt" in step
        or step.startswith("SCAN integrations_receipt")
        and "INDEX" not in step
    )


@pytest.mark.parametrize("with_statistics", [False, True])
def test_nothing_that_a_pass_asks_reads_the_backlog(links, sends, with_statistics):
    sends(links[0], 12_000, type="nothing")
    sends(links[1], 3)
    Receipt.objects.filter(link_id=links[0].pk, delivery_key__gt="2").update(state="done")
    if with_statistics or connections[settings.INBOX].vendor == "postgresql":
        analyzed()
    found = plans(Receipt.drain)
    assert [step for step in found if reads_everything(step)] == []
    assert any("receipts_fresh" in step for step in found)


def test_what_is_next_is_found_without_looking_at_more_than_is_taken(links, sends):
    for link in links:
        sends(link, 200)
    assert len(oldest_of([link.pk for link in links], 50)) == 50
    assert oldest_of([], 50) == []


@pytest.mark.parametrize(("ago", "is_noted"), [(None, True), (70, True), (-70, True), (5, False)])
def test_a_link_that_is_heard_from_all_the_time_is_not_written_each_time(
    link, sends, monkeypatch, ago, is_noted
):
    """Also after a clock that ran ahead was put right."""
    monkeypatch.setattr(knowing, "MOMENT", timedelta(minutes=1))
    began = timezone.now()
    before = None if ago is None else began - timedelta(seconds=ago)
    IntegrationLink.objects.filter(pk=link.pk).update(last_received_at=before)
    sends(link, 1)
    Receipt.drain()
    link.refresh_from_db()
    assert (began <= link.last_received_at <= timezone.now()) == is_noted


def test_what_another_worker_takes_between_a_look_and_a_grip_is_theirs(link, sends):
    sends(link, 2)
    seen = oldest_of([link.pk], 2)
    assert [each.pk for each in turns.READY(seen)] == seen
    assert len(Receipt.objects.fresh([link.pk], most=1)) == 1
    assert [each.pk for each in turns.READY(seen)] == seen[1:]
