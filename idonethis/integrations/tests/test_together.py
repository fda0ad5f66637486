"""A batch of hooks becomes what its hooks become one after the other: the same entries, the same
outcomes, for the same reasons."""

from __future__ import annotations

from contextlib import ExitStack
from random import Random

import orjson
import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connections
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
    Delivery,
    IntegrationLink,
    IntegrationUser,
    Receipt,
    Suggestion,
    UnclaimedPerson,
)
from idonethis.integrations.models.batch import outcomes
from idonethis.integrations.models.known import Known
from idonethis.integrations.testing import headers_of
from idonethis.integrations.tests.every import FOUND, Linked, fixtures
from idonethis.integrations.tests.undone import undone
from idonethis.integrations.values import Hook
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

READING = [each for each in registry.integrations().values() if isinstance(each, Reads)]


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


LATER = "2100-01-01T00:00:00+00:00"
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
        _says(link, str(number), **(said | {"body": f"Cast gear {number} #gears"} | more))


def _says(link, name, **said):
    store([Row("acme", link.pk, name, "", Hook(orjson.dumps(said)), {})])


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


@pytest.fixture
def failing(monkeypatch):
    """Whatever speaks of this fails while it is told, the first so many times."""

    def fail(words, *, by=ZeroDivisionError, times=1000):
        told, failures = Entry.of, iter(range(times))

        def of(draft, **more):
            if words in draft.body and next(failures, None) is not None:
                raise by
            return told(draft, **more)

        monkeypatch.setattr(Entry, "of", of)

    return fail


def test_one_that_fails_while_it_is_told_takes_nothing_of_the_others_with_it(link, failing):
    _comes(link, 10)
    failing("gear 7")
    Receipt.drain()
    assert [entry.body for entry in Entry.objects.order_by("pk")] == [
        f"Cast gear {number} #gears" for number in range(10) if number != 7
    ]
    assert Receipt.objects.filter(outcome="created").count() == 9
    assert Receipt.objects.get(state="due").why.startswith("The event could not be read")


def test_whom_nobody_knows_is_noted_also_beside_one_that_fails(link, failing):
    """What was noted before it failed was taken back with it."""
    _says(link, "stranger", type="done", uid="404", login="mallory", key="mill", body="Oiled it")
    _comes(link, 1)
    failing("gear 0")
    Receipt.drain()
    assert Receipt.objects.get(outcome="no_person").actor_key == "404"
    assert UnclaimedPerson.objects.get().login == "mallory"


def test_what_the_database_did_not_let_through_is_the_fault_of_no_hook(link, failing):
    _comes(link, 3)
    failing("gear 1", by=OperationalError)
    with pytest.raises(OperationalError):
        Receipt.drain()
    assert set(Receipt.objects.values_list("state", "why")) == {("due", "")}
    assert not Entry.objects.exists()


def test_where_another_worker_has_stored_the_same_meanwhile_it_is_looked_at_once_more(
    link, failing
):
    _comes(link, 1)
    failing("gear 0", by=IntegrityError, times=1)
    Receipt.drain()
    assert Receipt.objects.get().outcome == "created"


@pytest.fixture
def elsewhere(link):
    """Another link of the same team, to which its entries go."""
    return _linked(link.team, link.user, "elsewhere")


@pytest.fixture
def another_team(ada):
    return Team.objects.found("Difference Engines", admin=ada)


def _linked(team, user, subject):
    return IntegrationLink.objects.create(
        integration_type="acme", team=team, user=user, subject=subject
    )


def _goes_out():
    return list(Delivery.objects.order_by("pk").values_list("entry__body", flat=True))


def test_each_entry_goes_out_once_and_in_order_also_beside_one_that_fails(link, elsewhere, failing):
    _comes(link, 6)
    _says(link, "again", type="done", uid="1815", key="gear 0", body="Cast gear 0 #gears")
    _says(link, "anew", type="retitle", key="gear 2", body="Cast gear 2 anew", as_of=LATER)
    _says(link, "gone", type="retract", key="gear 1", uid="1815")
    failing("gear 4")
    Receipt.drain()
    assert _goes_out() == [
        "Cast gear 0 #gears",
        "Cast gear 1 #gears",
        "Cast gear 2 anew",
        "Cast gear 3 #gears",
        "Cast gear 5 #gears",
    ]
    assert set(Delivery.objects.values_list("link__subject", "state")) == {("elsewhere", "due")}


def test_what_comes_for_two_teams_at_once_goes_out_by_the_links_of_each(
    link, elsewhere, another_team
):
    theirs = _linked(another_team, link.user, "theirs")
    _linked(another_team, link.user, "their other")
    _comes(link, 1)
    _comes(theirs, 1, body="Oiled the mill")
    Receipt.drain()
    assert set(Delivery.objects.values_list("entry__body", "link__subject")) == {
        ("Cast gear 0 #gears", "elsewhere"),
        ("Oiled the mill", "their other"),
    }


def test_whose_worker_died_before_it_could_say_how_they_ended(link, elsewhere):
    """Nothing is lost, nothing comes twice, and one of each two says that it made the entry."""
    _comes(link, 10)
    _says(link, "again", type="done", uid="1815", key="gear 0", body="Cast gear 0 #gears")
    batch = Receipt.objects.fresh([link.pk], most=11)
    assert outcomes(batch, Known())  # and its worker dies
    before = everything()
    Receipt.objects.take_over()
    while Receipt.drain():
        pass
    assert everything() == before and len(before[0]) == len(_goes_out()) == 10
    ended = Receipt.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(ended) == ["created"] * 10 + ["duplicate"]


@pytest.mark.parametrize("end, outcome", [("pause", "link_paused"), ("remove", "link_removed")])
def test_a_link_that_ends_after_its_hooks_were_taken_up_tells_nothing_more(
    link, elsewhere, end, outcome
):
    _comes(link, 3)
    _comes(elsewhere, 1, key="of another link", body="Oiled the mill")
    batch = Receipt.objects.fresh([link.pk, elsewhere.pk], most=5)
    getattr(link, end)()
    Receipt.work(batch, Known())
    ended = Receipt.objects.filter(link_id=link.pk).values_list("outcome", flat=True)
    assert set(ended) == {outcome}
    assert [entry.body for entry in Entry.objects.all()] == ["Oiled the mill"]
