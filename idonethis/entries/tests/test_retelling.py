"""What was told before, told anew by other rules, or forgotten as if it had never been told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from idonethis.entries.drafts import Detail, Origin
from idonethis.entries.models import Change, Entry, Source
from idonethis.entries.tests.saying import (
    ELSEWHERE,
    at,
    details,
    merged,
    push,
    renamed,
    standing,
)

pytestmark = pytest.mark.django_db

HIDDEN = Origin("anvil", "link12345678", "Somewhere")
ANOTHER_LINK = Origin("anvil", "another12345", "Anvil")


@pytest.fixture
def untell(team):
    return lambda said, origin=ELSEWHERE: (
        Source.objects.untell(said, team=team, origin=origin).change
    )


@pytest.fixture
def retell(team, ada):
    return lambda said, origin=ELSEWHERE: (
        Source.objects.retell(said, team=team, user=ada, origin=origin).change
    )


def test_what_is_forgotten_can_be_told_again_as_if_for_the_first_time(tell, untell):
    tell(merged())
    assert untell(merged()) is Change.RETRACTED
    assert standing() == []
    assert untell(merged()) is Change.NOTHING_THERE
    assert tell(merged()) is Change.CREATED
    assert standing() == ["Fix the roof"]


def test_a_push_that_is_forgotten_takes_its_own_commits_along_and_no_others(tell, untell):
    tell(push("a", "b"))
    tell(push("c"))
    assert untell(push("a", "b")) is Change.UPDATED
    assert details() == {"Pushed 1 commit to main": ["Commit c"]}
    assert untell(push("c")) is Change.RETRACTED
    assert standing() == []
    assert tell(push("c")) is Change.CREATED


def test_what_an_entry_had_taken_over_is_counted_where_it_was_once_that_is_forgotten(tell, untell):
    tell(push("a", "b", batch="commit:b"))
    tell(merged(stands_for=("commit:b",)))
    assert standing() == ["Fix the roof"]
    untell(merged(stands_for=("commit:b",)))
    assert details() == {"Pushed 2 commits to main": ["Commit a", "Commit b"]}
    assert tell(push("a", "b", batch="commit:b")) is Change.UNCHANGED


def test_but_not_where_a_person_has_removed_what_had_counted_it(tell, untell, ada):
    tell(push("a", batch="commit:a"))
    Entry.objects.get().delete_softly(by=ada)
    tell(merged(stands_for=("commit:a",)))
    untell(merged(stands_for=("commit:a",)))
    assert standing() == []


def test_what_others_have_talked_about_is_not_forgotten(tell, untell, ada):
    tell(merged())
    Entry.objects.get().comments.create(user=ada, body="Well done")
    assert untell(merged()) is Change.UNCHANGED


def test_what_came_by_another_link_is_not_forgotten_by_this_one(tell, untell):
    tell(merged())
    tell(push("a"))
    assert untell(merged(), ANOTHER_LINK) is Change.NOTHING_THERE
    assert untell(push("a"), ANOTHER_LINK) is Change.NOTHING_THERE
    assert standing() == ["Fix the roof", "Pushed 1 commit to main"]


@pytest.mark.parametrize("said", [merged(), push("a")], ids=["one", "growing"])
def test_what_a_person_has_put_into_words_of_their_own_stays(tell, untell, retell, said):
    tell(said)
    Entry.objects.get().edit(kind="done", body="In my words")
    assert untell(said) is Change.UNCHANGED
    retell(replace(said, url="https://example.org/other"), HIDDEN)
    entry = Entry.objects.get()
    assert (entry.body, entry.url, entry.origin_label) == ("In my words", "", "Anvil")
    assert entry.deleted_at is None


def test_a_goal_that_was_reached_is_not_forgotten(tell, untell, ada):
    tell(replace(merged(), kind="goal"))
    Entry.objects.get().complete(on=ada.today())
    assert untell(merged()) is Change.UNCHANGED
    assert len(standing()) == 2


def test_what_a_person_has_removed_stays_removed_though_its_rules_change(tell, untell, ada):
    tell(merged())
    Entry.objects.get().delete_softly(by=ada)
    untell(merged())
    assert tell(merged(minutes=5)) is Change.STAYS_DELETED


def test_told_anew_it_shows_what_the_rules_let_through_by_now(tell, retell):
    tell(replace(merged(), url="https://example.org/secret"))
    assert retell(merged("Fixed something"), HIDDEN) is Change.UPDATED
    entry = Entry.objects.get()
    shows = (entry.body, entry.url, entry.origin_label)
    assert shows == ("Fixed something", "", "Somewhere")
    assert retell(merged("Fixed something"), HIDDEN) is Change.UNCHANGED


def test_later_words_are_not_lost_when_an_earlier_event_is_told_anew(tell, retell):
    tell(merged())
    tell(renamed("Mend the roof", 5))
    retell(merged())
    assert standing() == ["Mend the roof"]


def test_the_details_of_what_grows_are_told_anew_too(tell, retell):
    tell(push("a", "b"))
    hidden = (Detail("commit:a", "A commit"), Detail("commit:b", "A commit"))
    draft = replace(push(), details=hidden, body="Pushed {count} commit{s} somewhere")
    revision = Entry.objects.get().revision
    assert retell(draft, HIDDEN) is Change.UPDATED
    assert details() == {"Pushed 2 commits somewhere": ["A commit", "A commit"]}
    assert Entry.objects.get().revision > revision


def test_a_push_that_joined_another_entry_changes_only_its_own_part_of_it(tell, retell):
    tell(push("a", batch="commit:a"))
    tell(merged(stands_for=("commit:a",)))
    secret = replace(push(batch="commit:a"), details=(Detail("commit:a", "A commit"),))
    retell(secret)
    assert details() == {"Fix the roof": ["A commit"]}


def test_an_older_push_does_not_take_the_address_of_a_later_one(tell, retell):
    later = replace(push("b", occurred_at=at(60)), url="https://example.org/2")
    tell(later)
    tell(replace(push("a"), url="https://example.org/1"))
    retell(replace(push("a"), url="https://example.org/1"))
    assert Entry.objects.get().url == later.url
