"""Many small things that are one entry, such as the commits of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from idonethis.entries import signals
from idonethis.entries.drafts import Growing, Rewritten
from idonethis.entries.models import Change, Entry
from idonethis.entries.tests.saying import (
    NOON,
    details,
    merged,
    push,
    say,
    standing,
    undone,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    """All that the database was asked so far."""
    with CaptureQueriesContext(connection) as captured:
        yield lambda: [each["sql"] for each in captured.captured_queries]


def test_pushes_of_a_day_grow_one_entry_and_known_commits_add_nothing(tell):
    assert tell(push("a", "b")) is Change.CREATED
    assert tell(push("b", "c")) is Change.UPDATED
    assert tell(push("a", "c")) is Change.UNCHANGED
    assert details() == {"Pushed 3 commits to main": ["Commit a", "Commit b", "Commit c"]}


def test_one_commit_is_no_commits(tell):
    tell(push("a"))
    assert standing() == ["Pushed 1 commit to main"]


def test_a_commit_that_is_named_twice_counts_once(tell):
    tell(push("a", "a"))
    assert standing() == ["Pushed 1 commit to main"]


def test_each_person_and_each_day_has_an_entry_of_its_own(tell, team, grace):
    tell(push("a"))
    tell(push("b", occurred_at=NOON + timedelta(days=1)))
    say(push("c"), team=team, user=grace)
    tell(push("d", branch="store"))
    assert standing() == ["Pushed 1 commit to main"] * 3 + ["Pushed 1 commit to store"]


def test_an_entry_that_grows_shows_the_last_of_it_whatever_came_last(tell):
    later = replace(push("b", occurred_at=NOON + timedelta(hours=2)), url="https://example.org/2")
    tell(replace(push("a", occurred_at=NOON + timedelta(hours=1)), url="https://example.org/1"))
    tell(later)
    tell(replace(push("c"), url="https://example.org/0"))
    entry = Entry.objects.get()
    assert (entry.occurred_at, entry.url) == (NOON + timedelta(hours=2), later.url)


def test_the_first_who_hear_of_it_hear_the_number(tell, team, ada):
    heard = []

    def listen(entries, **_):
        heard.extend(entry.body for entry in entries)

    signals.entries_created.connect(listen)
    tell(push("a", "b"))
    signals.entries_created.disconnect(listen)
    assert heard == ["Pushed 2 commits to main"]


def test_a_persons_words_stay_while_it_grows(tell):
    tell(push("a"))
    Entry.objects.get().edit(kind="done", body="Rebuilt the mill")
    assert tell(push("b")) is Change.UPDATED
    assert details() == {"Rebuilt the mill": ["Commit a", "Commit b"]}


def test_what_a_person_deleted_does_not_grow_again(tell, ada):
    tell(push("a"))
    Entry.objects.get().delete_softly(by=ada)
    assert tell(push("b")) is Change.STAYS_DELETED
    assert standing() == []


def test_a_branch_may_be_called_what_it_likes(tell):
    tell(push("a", "b", branch="{count}{s}" + "x" * 500))
    assert standing()[0].startswith("Pushed 2 commits to {count}{s}xxx")


# History written anew


def test_history_written_anew_adds_only_what_is_new(tell):
    tell(push("a1", alike="work "))
    assert tell(push("a2", kind=Rewritten, alike="work ")) is Change.UNCHANGED
    assert tell(push("b1", kind=Rewritten, alike="work ")) is Change.UPDATED
    assert details() == {"Pushed 2 commits to main": ["Commit a1", "Commit b1"]}


def test_work_that_looks_alike_counts_twice_where_nothing_was_rewritten(tell):
    tell(push("a1", "a2", alike="work "))
    assert standing() == ["Pushed 2 commits to main"]


def test_an_original_that_comes_late_takes_the_place_of_its_copies(tell):
    tell(push("a2", "a3", "b1", kind=Rewritten, alike="work "))
    assert tell(push("a1", alike="work ", occurred_at=NOON - timedelta(days=1))) is Change.CREATED
    parts = [[part.text for part in entry.details] for entry in Entry.objects.alive()]
    assert sorted(parts) == [["Commit a1"], ["Commit b1"]]
    assert tell(push("a2", kind=Rewritten, alike="work ")) is Change.UNCHANGED


def test_a_copy_that_is_pushed_as_itself_is_an_original(tell):
    tell(push("a2", kind=Rewritten, alike="work "))
    tell(push("a2", alike="work "))
    tell(push("a1", alike="work "))
    assert standing() == ["Pushed 2 commits to main"]


# Absorbed


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_merge_absorbs_its_push_in_either_order(tell, order):
    said = [merged(stands_for=("commit:m",)), push("a", "m", batch="commit:m")]
    for number in order:
        tell(said[number])
    assert details() == {"Fix the roof": ["Commit a", "Commit m"]}


def test_what_nobody_has_counted_yet_is_not_taken_from_anybody(tell, asked):
    """So it is with nearly every merge, and each question costs as much as the entry."""
    tell(merged(stands_for=("commit:m",)))
    assert [sql for sql in asked() if 'counted_in_id" = ' in sql or "DISTINCT" in sql] == []
    tell(push("b", "m", batch="commit:n"))
    assert details()["Fix the roof"] == ["Commit m"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_single_commits_are_absorbed_and_the_rest_stays_counted(tell, order):
    said = [merged(stands_for=("commit:a",)), push("a", "b")]
    for number in order:
        tell(said[number])
    assert details() == {"Fix the roof": ["Commit a"], "Pushed 1 commit to main": ["Commit b"]}


def test_an_entry_that_lost_some_of_its_commits_counts_the_rest(tell):
    tell(push("a"))
    tell(push("m", batch="commit:m"))
    tell(merged(stands_for=("commit:m",)))
    assert standing() == ["Fix the roof", "Pushed 1 commit to main"]


def test_an_entry_that_lost_all_its_commits_comes_back_with_the_next(tell):
    tell(push("m", batch="commit:m"))
    tell(merged(stands_for=("commit:m",)))
    tell(push("b"))
    assert standing() == ["Fix the roof", "Pushed 1 commit to main"]


def test_an_entry_in_a_persons_words_stays_when_its_commits_go(tell):
    tell(push("m", batch="commit:m"))
    Entry.objects.get().edit(kind="done", body="Rebuilt the mill")
    tell(merged(stands_for=("commit:m",)))
    assert standing() == ["Fix the roof", "Rebuilt the mill"]


def test_what_a_person_deleted_stays_so_when_its_commits_go(tell, ada):
    tell(push("m", batch="commit:m"))
    Entry.objects.get().delete_softly(by=ada)
    tell(merged(stands_for=("commit:m",)))
    assert tell(push("b")) is Change.STAYS_DELETED
    assert standing() == ["Fix the roof"]


def test_a_push_told_again_after_its_merge_says_nothing_new(tell):
    said = push("a", "m", batch="commit:m")
    tell(said)
    tell(merged(stands_for=("commit:m",)))
    assert tell(said) is Change.UNCHANGED
    assert tell(push("b", batch="commit:m")) is Change.MERGED
    assert details() == {"Fix the roof": ["Commit a", "Commit b", "Commit m"]}


def test_a_merge_told_again_absorbs_what_it_did_not_name_before(tell):
    tell(push("m", batch="commit:m"))
    tell(merged())
    tell(merged(stands_for=("commit:m",)))
    assert details() == {"Fix the roof": ["Commit m"]}


def test_what_is_taken_back_keeps_what_it_absorbed(tell):
    tell(push("m", batch="commit:m"))
    tell(merged(stands_for=("commit:m",)))
    tell(undone(1))
    assert standing() == []
    tell(merged(minutes=2))
    assert details() == {"Fix the roof": ["Commit m"]}


def test_growing_drafts_have_long_names_too(tell):
    long = Growing(
        body="Pushed {count} commit{s}",
        key="push:" + "b" * 290,
        details=push("a").details,
        occurred_at=NOON,
    )
    assert [tell(long), tell(long)] == [Change.CREATED, Change.UNCHANGED]


# What was not what it seemed.


def test_a_disowned_entry_is_gone_and_may_be_told_anew(tell):
    tell(merged())
    Entry.objects.get().disown()
    assert standing() == []
    assert tell(merged()) is Change.CREATED
    assert standing() == ["Fix the roof"]


def test_of_a_disowned_push_nothing_is_known(tell, grace):
    tell(push("a", "b"))
    Entry.objects.get().disown()
    tell(push("a"), user=grace)
    assert standing() == ["Pushed 1 commit to main"]
    assert Entry.objects.alive().get().user == grace


def test_what_a_disowned_merge_had_absorbed_waits_for_the_next(tell, grace):
    tell(push("a", "m", batch="commit:m"))
    tell(merged(stands_for=("commit:m",)))
    Entry.objects.alive().get().disown()
    assert standing() == []
    tell(merged(stands_for=("commit:m",)), user=grace)
    assert details() == {"Fix the roof": ["Commit a", "Commit m"]}


def test_what_a_disowned_merge_had_absorbed_counts_where_it_is_told_again(tell):
    tell(push("a", "m", batch="commit:m"))
    tell(merged(stands_for=("commit:m",)))
    Entry.objects.alive().get().disown()
    tell(push("a", "m", batch="commit:m"))
    assert standing() == ["Pushed 2 commits to main"]


def test_who_listens_hears_that_an_entry_was_disowned(tell):
    tell(merged())
    heard = []

    def hear(entry, **signal):
        heard.append(entry.deleted_at)

    signals.entry_changed.connect(hear)
    Entry.objects.get().disown()
    signals.entry_changed.disconnect(hear)
    assert len(heard) == 1 and heard[0]
