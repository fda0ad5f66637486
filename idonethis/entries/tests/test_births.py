"""What is told together becomes what it becomes one after the other, in a few statements."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Change, Entry, Source
from idonethis.entries.models.births import Whose
from idonethis.entries.models.thing import with_stored_keys
from idonethis.entries.tests.saying import (
    ELSEWHERE,
    details,
    everything,
    merged,
    push,
    renamed,
    say,
    standing,
)
from idonethis.entries.tests.test_orders import STORY

pytestmark = pytest.mark.django_db

EVENTS = [event for story in STORY.values() for event in story]


@pytest.fixture
def together(team, ada):
    """Tells all of this in one go; what became of each."""

    def tell(events):
        births = Source.objects.births()
        births.foresee((team, event) for event in events if isinstance(event, Draft))
        changes = [_tell(births, event, team, ada) for event in events]
        births.store()
        return changes

    return tell


def _tell(births, event, team, user):
    if isinstance(event, Draft):
        return births.tell(event, Whose(team, user, ELSEWHERE)).change
    births.make_way(event.key, team)
    return say(event, team=team, user=user)


@pytest.fixture
def known(team, ada):
    """Tells it as if something of it might be known."""

    def tell(event):
        if not isinstance(event, Draft):
            return say(event, team=team, user=ada)
        whose = Whose(team, ada, ELSEWHERE)
        return Source.objects.tell_known(with_stored_keys(event), whose).change

    return tell


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(EVENTS), max_size=12), st.lists(st.sampled_from(EVENTS)))
def test_in_whatever_order_it_is_told_and_whatever_is_there(together, tell, known, events, before):
    """Also by the way on which something may be known already."""
    ends = []
    ways = (
        lambda: [tell(event) for event in events],
        lambda: [known(event) for event in events],
        lambda: together(events),
    )
    for told in ways:
        with transaction.atomic():
            for event in before:
                tell(event)
            ends.append((told(), everything()))
            transaction.set_rollback(True)
    assert ends[0] == ends[1] == ends[2]


@pytest.mark.parametrize("many", [5, 200])
def test_however_much_is_new_it_takes_a_few_statements(together, many):
    merges = [merged(f"Cast gear {n} #gears @ada", key=f"pull:{n}") for n in range(many)]
    pushes = [push(f"{n}a", f"{n}b", batch=f"commit:{n}b") for n in range(many)]
    with CaptureQueriesContext(connection) as asked:
        assert together([*merges, *pushes])[: many + 2] == [
            *[Change.CREATED] * (many + 1),
            Change.UPDATED,
        ]
    reads = [each for each in asked.captured_queries if each["sql"].startswith("SELECT")]
    assert len(reads) <= 7
    assert Entry.objects.get(tags=None).body == f"Pushed {2 * many} commits to main"


def test_what_is_changed_right_after_it_was_told_is_changed(together):
    assert together([merged(minutes=1), renamed("Fixed it", 2)]) == [Change.CREATED, Change.UPDATED]
    assert standing() == ["Fixed it"]


@pytest.mark.parametrize("at_once", [True, False])
def test_what_stands_for_a_batch_takes_over_what_came_in_it(together, at_once):
    """Also where the batch is named after none of the things in it."""
    pushed, whole = push("a", "b", batch="commit:z"), merged(stands_for=("commit:z",))
    for told in [[pushed, whole]] if at_once else [[pushed], [whole]]:
        together(told)
    assert standing() == ["Fix the roof"]
    assert details() == {"Fix the roof": ["Commit a", "Commit b"]}
