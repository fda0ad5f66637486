from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idonethis.entries import signals
from idonethis.entries.drafts import (
    Detail,
    Draft,
    Growing,
    Origin,
    Retitle,
    Retract,
    Rewritten,
)
from idonethis.entries.models import Change, Entry, Source

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ELSEWHERE = Origin("anvil", "link12345678", "Anvil")


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def tell(team, ada):
    """What a partner says of Ada's work; returns what became of it."""

    def call(said):
        if isinstance(said, Retitle):
            return Source.objects.retitle(said, team=team).change
        if isinstance(said, Retract):
            return Source.objects.retract(said, team=team, by=None).change
        return Source.objects.tell(said, team=team, user=ada, origin=ELSEWHERE).change

    return call


def push(*shas, batch="", kind=Growing, alike=""):
    details = tuple(Detail(f"commit:{sha}", f"Commit {sha}", alike=alike) for sha in shas)
    body = "Pushed {count} commit{s} to main"
    return kind(body=body, key="push:main", details=details, batch=batch, occurred_at=NOON)


def merged(title="Fix the roof", minutes=0, stands_for=()):
    return Draft(
        body=title, key="pull:1", occurred_at=NOON, as_of=at(minutes), stands_for=stands_for
    )


def standing():
    return list(Entry.objects.alive().order_by("body").values_list("body", flat=True))


# What people do


def test_an_entry_belongs_to_the_persons_own_day(team, ada):
    ada.time_zone, ada.day_ends_at = "America/New_York", 4
    early = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    entry = Entry.objects.log(Draft(body="Late night", occurred_at=early), team=team, user=ada)
    assert str(entry.occurred_on) == "2026-11-23"


def test_where_only_the_day_is_known_it_is_that_day_wherever_the_person_lives(team, ada):
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        ada.time_zone, ada.day_ends_at = zone, 6
        draft = Draft(body="Turned the crank", day=date(2026, 11, 20), occurred_at=NOON)
        assert Entry.objects.log(draft, team=team, user=ada).occurred_on == date(2026, 11, 20)
    ahead = Draft(body="Not yet", day=date(2030, 1, 1), occurred_at=NOON)
    assert Entry.objects.log(ahead, team=team, user=ada).occurred_on == ada.day_of(NOON)


def test_who_listens_hears_of_it_inside_the_transaction(team, ada):
    heard = []
    listener = lambda entry, **_: heard.append(entry.body)  # noqa: E731
    signals.entry_created.connect(listener)
    Entry.objects.log(Draft(body="Heard"), team=team, user=ada)
    signals.entry_created.disconnect(listener)
    assert heard == ["Heard"]


def test_tags_and_mentions_follow_the_text(team, ada, grace):
    entry = Entry.objects.log(Draft(body="With @grace on #mill"), team=team, user=ada)
    assert [tag.name for tag in entry.tags.all()] == ["mill"]
    assert list(entry.mentioned.all()) == [grace]
    entry.edit(kind="done", body="Alone on #store")
    assert [tag.name for tag in entry.tags.all()] == ["store"]
    assert not entry.mentioned.exists()


def test_only_members_of_the_team_can_be_mentioned(team, ada, mallory):
    entry = Entry.objects.log(Draft(body="Beware of @mallory"), team=team, user=ada)
    assert not entry.mentioned.exists()


def test_a_completed_goal_is_a_done_of_that_day_and_can_be_opened_again(team, ada):
    goal = Entry.objects.log(Draft(body="Write docs", kind="goal"), team=team, user=ada)
    done = goal.complete(on=ada.today())
    assert (done.kind, done.completes, goal.is_open) == ("done", goal, False)
    goal.reopen()
    done.refresh_from_db()
    assert goal.is_open
    assert done.deleted_at


def test_open_goals_are_carried_over_until_they_are_completed_archived_or_deleted(team, ada):
    today = ada.today()
    goals = [
        Entry.objects.log(
            Draft(body=name, kind="goal", occurred_at=NOON - timedelta(days=400)),
            team=team,
            user=ada,
        )
        for name in ("kept", "completed", "archived", "deleted")
    ]
    goals[1].complete(on=today)
    goals[2].archive()
    goals[3].delete_softly(by=ada)
    carried = Entry.objects.for_team(team).carried_over_to(today)
    assert [entry.body for entry in carried] == ["kept"]


def test_a_deleted_entry_can_be_restored(team, ada):
    entry = Entry.objects.log(Draft(body="Oops"), team=team, user=ada)
    entry.delete_softly(by=ada)
    assert standing() == []
    entry.restore()
    assert standing() == ["Oops"]


# What partners say


def test_the_same_event_again_is_the_same_entry(tell):
    assert tell(merged()) is Change.CREATED
    assert tell(merged()) is Change.UNCHANGED
    assert standing() == ["Fix the roof"]


def test_later_words_win_in_whatever_order_they_come(tell):
    tell(merged("New title", minutes=5))
    assert tell(merged("Old title", minutes=1)) is Change.UNCHANGED
    assert standing() == ["New title"]


def test_a_persons_words_win_over_any_later_ones(tell):
    tell(merged())
    Entry.objects.get().edit(kind="done", body="In my own words")
    assert tell(merged("New title", minutes=5)) is Change.UNCHANGED
    assert standing() == ["In my own words"]


def test_a_new_title_that_arrives_first_is_kept_for_its_event(tell):
    assert tell(Retitle(key="pull:1", body="New title", as_of=at(5))) is Change.NOTHING_THERE
    tell(merged("Old title", minutes=1))
    assert standing() == ["New title"]


def test_what_is_taken_back_goes_and_comes_again_with_a_later_event(tell):
    tell(merged(minutes=1))
    assert tell(Retract(key="pull:1", as_of=at(2))) is Change.RETRACTED
    assert tell(merged(minutes=1)) is Change.UNCHANGED
    assert standing() == []
    assert tell(merged(minutes=3)) is Change.UPDATED
    assert standing() == ["Fix the roof"]


def test_what_was_taken_back_before_it_arrived_does_not_appear(tell):
    tell(Retract(key="pull:1", as_of=at(2)))
    assert tell(merged(minutes=1)) is Change.OVERTAKEN
    assert standing() == []


def test_what_a_person_deleted_stays_deleted(tell, ada):
    tell(merged())
    Entry.objects.get().delete_softly(by=ada)
    assert tell(merged("New title", minutes=5)) is Change.STAYS_DELETED
    assert standing() == []


def test_only_their_own_entry_can_be_taken_back_by_a_person(tell, team, ada, grace):
    tell(merged())
    retraction = Retract(key="pull:1")
    assert Source.objects.retract(retraction, team=team, by=grace).change is Change.NOT_THEIRS
    assert Source.objects.retract(retraction, team=team, by=ada).change is Change.RETRACTED


def test_pushes_of_a_day_grow_one_entry_and_known_commits_add_nothing(tell):
    tell(push("a", "b"))
    assert tell(push("b", "c")) is Change.UPDATED
    assert tell(push("a", "c")) is Change.UNCHANGED
    assert standing() == ["Pushed 3 commits to main"]


def test_one_commit_is_no_commits(tell):
    tell(push("a"))
    assert standing() == ["Pushed 1 commit to main"]


def test_history_written_anew_adds_only_what_is_new(tell):
    tell(push("a", alike="same work"))
    assert tell(push("a2", kind=Rewritten, alike="same work")) is Change.UNCHANGED
    assert tell(push("b", kind=Rewritten, alike="other work")) is Change.UPDATED
    assert standing() == ["Pushed 2 commits to main"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_merge_absorbs_its_push_in_either_order(tell, order):
    said = [merged(stands_for=("commit:m",)), push("a", "m", batch="commit:m")]
    for number in order:
        tell(said[number])
    assert standing() == ["Fix the roof"]
    assert Entry.objects.alive().get().details.count() == 2


def test_an_entry_that_lost_some_of_its_commits_counts_the_rest(tell):
    tell(push("a"))
    tell(push("m", batch="commit:m"))
    tell(merged(stands_for=("commit:m",)))
    assert standing() == ["Fix the roof", "Pushed 1 commit to main"]


SAID = [
    merged("First title", minutes=1),
    merged("Second title", minutes=3),
    Retitle(key="pull:1", body="Third title", as_of=at(4)),
    push("a", "b"),
    push("c", "m", batch="commit:m"),
    Draft(body="Merged", key="pull:2", as_of=at(1), occurred_at=NOON, stands_for=("commit:m",)),
]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.permutations(list(range(len(SAID))) * 2))
def test_any_order_and_repetition_gives_the_same_entries(tell, order):
    Entry.objects.all().delete()
    Source.objects.all().delete()
    for number in order:
        tell(SAID[number])
    assert standing() == ["Merged", "Pushed 2 commits to main", "Third title"]
    assert len(list(itertools.chain(*(e.details.all() for e in Entry.objects.alive())))) == 4
