"""What partners say of a thing, once or more often, in whatever order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from idonethis.entries.drafts import Detail, Draft, Retract
from idonethis.entries.models import Change, Entry, Source
from idonethis.entries.tests.saying import NOON, at, details, merged, renamed, say, standing, undone

pytestmark = pytest.mark.django_db


def test_the_same_event_again_is_the_same_entry(tell):
    assert tell(merged()) is Change.CREATED
    assert tell(merged()) is Change.UNCHANGED
    assert standing() == ["Fix the roof"]


def test_what_has_no_name_is_new_each_time(tell):
    nameless = Draft(body="Deployed", occurred_at=NOON)
    assert [tell(nameless), tell(nameless)] == [Change.CREATED, Change.CREATED]


def test_the_same_name_in_another_team_is_another_thing(tell, elsewhere, mallory):
    tell(merged())
    assert say(merged("Theirs"), team=elsewhere, user=mallory) is Change.CREATED
    assert standing() == ["Fix the roof", "Theirs"]


def test_an_entry_says_where_it_came_from(tell):
    tell(merged())
    entry = Entry.objects.get()
    came_from = (entry.created_by, entry.origin, entry.origin_label)
    assert came_from == ("anvil", "link12345678", "Anvil")


# Words


def test_later_words_win_in_whatever_order_they_come(tell):
    tell(merged("New title", minutes=5))
    assert tell(merged("Old title", minutes=1)) is Change.UNCHANGED
    assert tell(merged("Newest title", minutes=6)) is Change.UPDATED
    assert standing() == ["Newest title"]


def test_a_persons_words_win_over_any_later_ones(tell):
    tell(merged())
    Entry.objects.get().edit(kind="done", body="In my own words")
    assert tell(merged("New title", minutes=5)) is Change.UNCHANGED
    assert tell(renamed("Newer title", minutes=6)) is Change.UNCHANGED
    assert standing() == ["In my own words"]


def test_a_new_title_changes_the_entry_and_its_tags(tell):
    tell(merged("Fix the #roof", minutes=1))
    assert tell(renamed("Fix the #mill", minutes=2)) is Change.UPDATED
    assert [tag.name for tag in Entry.objects.get().tags.all()] == ["mill"]
    assert tell(renamed("Fix the #store", minutes=1)) is Change.UNCHANGED


def test_a_new_title_that_arrives_first_is_kept_for_its_event(tell):
    assert tell(renamed("Newest #title", minutes=5)) is Change.NOTHING_THERE
    assert tell(renamed("New title", minutes=3)) is Change.NOTHING_THERE
    tell(merged("Old title", minutes=1))
    assert standing() == ["Newest #title"]
    assert [tag.name for tag in Entry.objects.get().tags.all()] == ["title"]
    assert tell(renamed("New title", minutes=3)) is Change.UNCHANGED


def test_a_title_from_before_the_event_does_not_change_it(tell):
    tell(renamed("Old title", minutes=1))
    tell(merged("New title", minutes=5))
    assert standing() == ["New title"]


def test_words_without_a_time_change_nothing(tell):
    tell(merged())
    assert tell(replace(merged("Whenever"), as_of=None)) is Change.UNCHANGED
    assert standing() == ["Fix the roof"]


# Taken back


def test_what_is_taken_back_goes_and_comes_again_with_a_later_event(tell):
    tell(merged(minutes=1))
    assert tell(undone(2)) is Change.RETRACTED
    assert tell(merged(minutes=1)) is Change.UNCHANGED
    assert standing() == []
    assert tell(merged("Fix the whole roof", minutes=3)) is Change.UPDATED
    assert standing() == ["Fix the whole roof"]


def test_what_was_taken_back_before_it_arrived_does_not_appear(tell):
    assert tell(undone(2)) is Change.NOTHING_THERE
    assert tell(merged(minutes=1)) is Change.OVERTAKEN
    assert standing() == []
    assert tell(merged(minutes=3)) is Change.CREATED


def test_what_was_taken_back_before_it_happened_again_stays(tell):
    tell(merged(minutes=1))
    tell(merged(minutes=3))
    assert tell(undone(2)) is Change.UNCHANGED
    assert standing() == ["Fix the roof"]


def test_a_new_title_does_not_stand_in_the_way_of_taking_back(tell):
    tell(merged(minutes=1))
    tell(renamed("Fix the whole roof", minutes=5))
    assert tell(undone(2)) is Change.RETRACTED
    assert standing() == []


def test_a_title_that_changes_while_it_is_taken_back_is_there_when_it_returns(tell):
    tell(merged(minutes=1))
    tell(undone(2))
    tell(renamed("Fix the whole roof", minutes=5))
    tell(merged(minutes=3))
    assert standing() == ["Fix the whole roof"]


def test_what_is_done_again_has_the_title_that_it_got_in_between(tell):
    for said in (merged("Leak", minutes=1), undone(2), renamed("Drip", 3)):
        tell(said)
    assert tell(merged("Leak", minutes=2)) is Change.UNCHANGED
    assert standing() == []
    tell(merged("Drip", minutes=4))
    assert standing() == ["Drip"]


def test_a_restored_entry_is_not_taken_back_by_the_same_word_again(tell):
    tell(merged(minutes=1))
    tell(undone(2))
    Entry.objects.get().restore()
    assert tell(undone(2)) is Change.UNCHANGED
    assert standing() == ["Fix the roof"]


def test_without_a_time_it_is_taken_back_at_once(tell):
    tell(merged(minutes=1))
    assert tell(undone()) is Change.RETRACTED
    assert tell(undone()) is Change.NOTHING_THERE
    assert tell(merged(minutes=1)) is Change.UNCHANGED
    assert standing() == []
    assert tell(merged(minutes=2)) is Change.UPDATED


def test_what_nobody_knows_cannot_be_taken_back(tell):
    assert tell(undone()) is Change.NOTHING_THERE
    assert not Source.objects.exists()


def test_what_a_person_deleted_stays_deleted(tell, ada):
    tell(merged())
    Entry.objects.get().delete_softly(by=ada)
    assert tell(merged("New title", minutes=5)) is Change.STAYS_DELETED
    assert standing() == []


def test_only_their_own_entry_can_be_taken_back_by_a_person(tell, ada, grace):
    tell(merged(minutes=1))
    assert tell(undone(2), by=grace) is Change.NOT_THEIRS
    assert tell(merged("New title", minutes=1)) is Change.UPDATED
    assert tell(undone(2), by=ada) is Change.RETRACTED
    assert Entry.objects.get().deleted_by == ada


def test_a_person_cannot_take_back_what_is_not_there_yet(tell, grace):
    assert tell(undone(2), by=grace) is Change.NOTHING_THERE
    assert tell(merged(minutes=1)) is Change.CREATED


# Other names of the same thing


def test_a_thing_known_by_another_name_is_the_same_entry(tell):
    tell(merged(minutes=1, stands_for=("pull:1/again",)))
    assert tell(merged(minutes=1, key="pull:1/again")) is Change.UNCHANGED
    assert tell(undone(2)) is Change.RETRACTED
    assert tell(merged(minutes=1, key="pull:1/again")) is Change.UNCHANGED
    assert standing() == []
    assert tell(merged(minutes=3, key="pull:1/again")) is Change.UPDATED
    assert tell(undone(2)) is Change.UNCHANGED
    assert standing() == ["Fix the roof"]


def test_taken_back_by_another_name_it_does_not_return_with_its_first(tell):
    tell(merged(minutes=1, stands_for=("pull:1/again",)))
    assert tell(Retract(key="pull:1/again", as_of=at(2))) is Change.RETRACTED
    assert tell(merged(minutes=1, stands_for=("pull:1/again",))) is Change.UNCHANGED
    assert standing() == []


# What rows can hold


def test_long_names_stay_apart(tell):
    long = "branch/" + "a" * 400
    assert tell(merged("One", key=long + "1")) is Change.CREATED
    assert tell(merged("Two", key=long + "2")) is Change.CREATED
    assert tell(merged("Two", key=long + "2")) is Change.UNCHANGED
    assert max(len(source.key) for source in Source.objects.all()) == 300


def test_details_fit_their_columns(tell):
    part = Detail("part\x00", "A\x00" + "b" * 400, url="javascript:alert(1)")
    tell(replace(merged(), details=(part,)))
    source = Source.objects.exclude(text="").get()
    assert (source.key, source.url, len(source.text)) == ("part", "", 300)
    assert "\x00" not in source.text


def test_details_said_again_are_added_once(tell):
    tell(replace(merged(), details=(Detail("a", "Part a"),)))
    tell(replace(merged(), details=(Detail("a", "Part a"), Detail("b", "Part b"))))
    assert details() == {"Fix the roof": ["Part a", "Part b"]}
