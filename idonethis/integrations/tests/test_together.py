"""A batch of hooks becomes what its hooks become one after the other: the same entries, the same
outcomes, for the same reasons."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from random import Random

import orjson
import pytest
from django.conf import settings
from django.db import connections, transaction
from django.db.models import F
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from idonethis.entries.models import Entry
from idonethis.entries.tests.saying import everything
from idonethis.integrations import registry
from idonethis.integrations.base import Reads
from idonethis.integrations.examples import more_of
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    Receipt,
    Suggestion,
    UnclaimedPerson,
)
from idonethis.integrations.models.known import Known
from idonethis.integrations.testing import headers_of
from idonethis.integrations.tests.every import FOUND, Linked, fixtures
from idonethis.integrations.values import Hook

pytestmark = pytest.mark.django_db

READING = [each for each in registry.integrations().values() if isinstance(each, Reads)]


@contextmanager
def undone():
    """What happens inside did not happen."""
    with ExitStack() as stack:
        for alias in settings.DATABASES:
            stack.enter_context(transaction.atomic(using=alias))
        yield
        for alias in settings.DATABASES:
            transaction.set_rollback(True, using=alias)


def read(*sizes):
    """All that has come, in batches of these sizes, and then the rest; what has become of it."""
    with undone():
        receipts = list(Receipt.objects.order_by("pk"))
        for size in sizes:
            some, receipts = receipts[:size], receipts[size:]
            Receipt.work(some, Known())
        Receipt.work(receipts, Known())
        return everything(), _ends(), _waiting()


def _ends():
    names = list(Entry.objects.order_by("pk").values_list("hash_id", flat=True))
    number = {name: place for place, name in enumerate(names)}
    told = Receipt.objects.order_by("pk").values(
        "delivery_key", "state", "event", "outcome", "why", "actor_key", "read_for", "entry"
    )
    return [row | {"entry": number.get(row["entry"])} for row in told]


def _waiting():
    suggested = Suggestion.objects.order_by("key").values("key", "body", "state", "details")
    unclaimed = UnclaimedPerson.objects.order_by("key").values("key", "login", "name", "email")
    return list(suggested), list(unclaimed)


def one_after_the_other():
    return read(*[1] * Receipt.objects.count())


@pytest.mark.parametrize("how", ["log", "suggest"])
@pytest.mark.parametrize("integration", READING, ids=lambda each: each.integration_type)
def test_whatever_a_partner_sends_in_whatever_order(integration, how, ada, team):
    """Each twice, under another name of the delivery."""
    linked = Linked.make(integration, team, ada)
    IntegrationLink.objects.update(config=linked.link.config | {"how": how})
    paths = fixtures(integration) * 2
    Random(1843).shuffle(paths)
    for number, path in enumerate(paths):
        _arrives(linked, path, number)
    assert read() == read(3, 5) == one_after_the_other()


def _arrives(linked, path, number):
    for_all = not linked.token
    headers = headers_of(linked.integration, path)
    hook = Hook(path.read_bytes(), headers, received_at=FOUND)
    link = 0 if for_all else linked.link.pk
    store([Row(linked.integration.integration_type, link, str(number), "", hook, headers)])
    if more := more_of(path):
        Receipt.objects.latest("pk").expand(more)


KEYS, SHAS = st.sampled_from("ab"), st.lists(st.sampled_from("pqrst"), max_size=3)
HOUR = st.integers(0, 4).map(lambda hour: f"2026-11-24T1{hour}:00:00+00:00")
WHO = st.sampled_from(["1815", "1906", "404"])
SAID = st.one_of(
    st.fixed_dictionaries({"type": st.just("push"), "uid": WHO, "commits": SHAS, "at": HOUR}),
    st.fixed_dictionaries(
        {
            "type": st.just("done"),
            "uid": WHO,
            "key": KEYS,
            "body": st.sampled_from(["Cast a gear #gears", "Oiled it @grace\nAnd the mill"]),
            "commits": SHAS,
            "as_of": HOUR,
        }
    ),
    st.fixed_dictionaries(
        {"type": st.just("retitle"), "key": KEYS, "body": st.just("Renamed"), "as_of": HOUR}
    ),
    st.fixed_dictionaries({"type": st.just("retract"), "key": KEYS, "as_of": HOUR}),
    st.just({"type": "nothing"}),
    st.just({"of no type": True}),
)


@pytest.fixture
def people(link, grace):
    """Of whom Acme knows Ada and Grace."""
    IntegrationUser.objects.create(integration_type="acme", uid="1906", user=grace)


@trying(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(SAID, max_size=14), st.lists(st.integers(1, 6), max_size=3))
def test_whatever_is_said_of_the_same_things(link, people, said, sizes):
    with undone():
        for number, content in enumerate(said):
            hook = Hook(orjson.dumps(content), {}, received_at=FOUND)
            store([Row("acme", link.pk, str(number), "", hook, {})])
        assert read() == read(*sizes) == one_after_the_other()


def _asked(do):
    """What the databases are asked meanwhile, but for rows that are stored."""
    asked = []

    def note(execute, sql, values, many, context):
        asked.append(sql)
        return execute(sql, values, many, context)

    with ExitStack() as stack:
        for alias in settings.DATABASES:
            stack.enter_context(connections[alias].execute_wrapper(note))
        do()
    return [sql for sql in asked if not sql.startswith("INSERT")]


def _comes(link, count, **more):
    for number in range(count):
        said = {"type": "done", "uid": "1815", "key": f"gear {number}", "commits": [f"c{number}"]}
        hook = Hook(orjson.dumps(said | {"body": f"Cast gear {number} #gears"} | more))
        store([Row("acme", link.pk, str(number), "", hook, {})])


def test_it_takes_as_many_statements_whatever_a_batch_holds(link):
    asked = []
    for count in (2, 100):
        with undone():
            _comes(link, count)
            asked.append(_asked(Receipt.drain))
            assert Receipt.objects.filter(outcome="created").count() == count
    assert len(asked[0]) == len(asked[1]) < 40


def test_whose_lease_was_lost_says_nothing_of_how_it_ended(link):
    _comes(link, 3)
    first, *others = Receipt.objects.fresh([link.pk], most=3)
    Receipt.objects.filter(pk=first.pk).update(attempts=F("attempts") + 1)
    Receipt.work([first, *others], Known())
    assert list(Receipt.objects.order_by("pk").values_list("state", flat=True)) == [
        "due",
        "done",
        "done",
    ]


def test_one_that_fails_while_it_is_told_takes_nothing_of_the_others_with_it(link, monkeypatch):
    _comes(link, 10)
    told = Entry.of

    def of(draft, **more):
        if "gear 7" in draft.body:
            raise ZeroDivisionError
        return told(draft, **more)

    monkeypatch.setattr(Entry, "of", of)
    Receipt.drain()
    assert Entry.objects.count() == Receipt.objects.filter(outcome="created").count() == 9
    assert Receipt.objects.get(state="due").why.startswith("The event could not be read")
