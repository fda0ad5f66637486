"""New rows that are stored together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry, Source
from idonethis.stored import store

pytestmark = pytest.mark.django_db
NOON = timezone.now()


@pytest.fixture
def entry(team, ada):
    def make(body: str) -> Entry:
        draft = Draft(body=body, url="https://acme.example/1", occurred_at=NOON)
        return Entry.of(draft, team=team, user=ada)

    return make


def told(entry: Entry) -> dict[str, object]:
    own = ("id", "hash_id", "created_at", "updated_at")
    return {
        name: value for name, value in vars(entry).items() if name[0] != "_" and name not in own
    }


def test_a_row_is_what_it_would_be_if_it_were_saved_alone(entry):
    together, alone = entry("Cast a gear"), entry("Cast a gear")
    store([together])
    alone.save()
    one, other = (Entry.objects.get(pk=each.pk) for each in (together, alone))
    assert told(one) == told(other)
    assert one.hash_id == together.hash_id != other.hash_id
    assert other.created_at - one.created_at < timedelta(seconds=5)
    assert one.updated_at == together.updated_at


@pytest.mark.parametrize("many", [0, 1, 7, 100])
def test_each_of_many_has_its_own_key_by_few_statements(entry, many):
    entries = [entry(f"Gear {n}") for n in range(many)]
    with CaptureQueriesContext(connection) as asked:
        store(entries)
    assert len(asked) <= 4
    by_key = dict(Entry.objects.values_list("pk", "body"))
    assert [by_key[each.pk] for each in entries] == [f"Gear {n}" for n in range(many)]


def test_what_is_stored_is_changed_by_saving_and_not_made_twice(entry):
    made = entry("Cast a gear")
    store([made])
    assert (made._state.adding, made._state.db) == (False, "default")
    made.body = "Cast two"
    made.save()
    assert [each.body for each in Entry.objects.all()] == ["Cast two"]


def test_what_belongs_to_a_row_that_is_stored_meanwhile_belongs_to_it(entry, team):
    made = entry("Cast a gear")
    part = Source(team=team, key="pull:1", entry=made, as_of=NOON, rewritten=True)
    store([made])
    store([part])
    found = Source.objects.get()
    assert (found.entry, found.as_of, found.rewritten) == (made, NOON, True)
