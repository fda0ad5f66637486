"""What could be wrong anywhere is looked for a portion at a time, and found in the end."""

from __future__ import annotations

import pytest

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.models import Delivery, sweeping
from idonethis.integrations.models.rounds import Rounds

#: From the first key on: as many turns are taken as there are keys.
pytestmark = pytest.mark.django_db(transaction=True, reset_sequences=True)


@pytest.fixture
def delivered(link, team, ada):
    """Ten entries that have gone out."""
    for number in range(10):
        Entry.objects.log(Draft(body=f"Cast gear {number}"), team=team, user=ada)
    Delivery.objects.update(state="done", delivered_revision=1)
    return list(Delivery.objects.order_by("pk"))


@pytest.fixture
def three_at_a_time(monkeypatch, delivered):
    monkeypatch.setattr(sweeping, "BEHIND", Rounds(portion=3))


def is_due_after(sweeps, delivery):
    """How it is, after each of so many."""
    Entry.objects.filter(pk=delivery.entry_id).update(revision=2)
    found = []
    for _ in range(sweeps):
        sweeping.sweep()
        found.append(Delivery.objects.get(pk=delivery.pk).state == "due")
    return found


def test_what_is_behind_among_the_newest_is_found_at_once(delivered, three_at_a_time):
    assert is_due_after(1, delivered[-1]) == [True]


def test_what_is_behind_elsewhere_is_found_in_its_turn(delivered, three_at_a_time):
    turns = delivered[5].pk // 3 + 1
    assert is_due_after(turns, delivered[5])[-1]


def test_after_the_last_turn_comes_the_first(delivered, three_at_a_time):
    turns = delivered[-1].pk // 3 + 1
    for _ in range(turns):
        sweeping.sweep()
    assert is_due_after(turns, delivered[0])[-1]
