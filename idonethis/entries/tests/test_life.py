"""What people do with entries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from idonethis.accounts.models import User
from idonethis.entries import signals
from idonethis.entries.models import Entry
from idonethis.entries.tests.saying import NOON, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """What those hear who listen for entries."""
    told = []

    def born(entries, **_):
        told.extend(("created", entry.body) for entry in entries)

    def changed(entry, **_):
        told.append(("changed", entry.body, entry.revision))

    signals.entries_created.connect(born)
    signals.entry_changed.connect(changed)
    yield told
    signals.entries_created.disconnect(born)
    signals.entry_changed.disconnect(changed)


# The day


def test_an_entry_belongs_to_the_persons_own_day(ada, log):
    ada.time_zone, ada.day_ends_at = "America/New_York", 4
    early = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert log("Late night", occurred_at=early).occurred_on == date(2026, 11, 23)


def test_where_only_the_day_is_known_it_is_that_day_wherever_the_person_lives(ada, log):
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        ada.time_zone, ada.day_ends_at = zone, 6
        entry = log("Turned the crank", day=date(2026, 11, 20), occurred_at=NOON)
        assert entry.occurred_on == date(2026, 11, 20)
    ahead = log("Not yet", day=date(2030, 1, 1), occurred_at=NOON)
    assert ahead.occurred_on == ada.day_of(NOON)


def test_what_has_no_time_happened_now(ada, log):
    assert log("Just now").occurred_on == ada.today()


def test_an_entry_can_move_to_another_day(log, heard):
    entry = log("Forgot to log this")
    entry.move_to(date(2026, 11, 20))
    entry.move_to(date(2026, 11, 20))
    assert Entry.objects.get().occurred_on == date(2026, 11, 20)
    assert heard[1:] == [("changed", "Forgot to log this", 2)]


# Words


def test_who_listens_hears_of_it_inside_the_transaction(log, heard):
    log("Heard")
    assert heard == [("created", "Heard")]


def test_tags_and_mentions_follow_the_text(log, grace):
    entry = log("With @Grace on #mill")
    assert [tag.name for tag in entry.tags.all()] == ["mill"]
    assert list(entry.mentioned.all()) == [grace]
    entry.edit(kind="done", body="Alone on #store")
    assert [tag.name for tag in entry.tags.all()] == ["store"]
    assert not entry.mentioned.exists()


def test_a_nickname_is_the_same_in_large_and_small_letters(log, grace):
    User.objects.filter(pk=grace.pk).update(nickname="Grace")
    assert list(log("Thanks @grace").mentioned.all()) == [grace]


def test_only_members_of_the_team_can_be_mentioned(log, mallory):
    assert not log("Beware of @mallory").mentioned.exists()


def test_words_that_no_database_can_store_are_left_out_of_what_is_stored(log):
    entry = log("Null\x00 and void", url="https://example.org/\x00a")
    assert (entry.body, entry.url) == ("Null and void", "https://example.org/a")


def test_an_address_that_would_run_a_program_is_no_address(log):
    assert log("Click me", url="javascript:alert(1)").url == ""


def test_an_edit_is_heard_once_and_nothing_new_is_no_edit(log, heard):
    entry = log("Frist")
    entry.edit(kind="done", body="First ")
    entry.edit(kind="done", body="First")
    assert heard == [("created", "Frist"), ("changed", "First", 2)]
    assert entry.edited_at


def test_another_kind_does_not_make_the_words_a_persons_own(log):
    entry = log("Ship it")
    entry.edit(kind="goal", body="Ship it")
    assert (entry.kind, entry.edited_at) == ("goal", None)


def test_two_who_change_an_entry_at_once_do_not_undo_each_other(log):
    entry = log("As it was")
    mine, yours = Entry.objects.get(), Entry.objects.get()
    mine.edit(kind="done", body="As it is now")
    yours.move_to(date(2026, 11, 20))
    entry.refresh_from_db()
    assert (entry.body, entry.occurred_on) == ("As it is now", date(2026, 11, 20))
    assert entry.revision == 3


# Goals and blockers


@pytest.mark.parametrize("kind", ["goal", "blocked"])
def test_what_is_completed_is_a_done_of_that_day_and_can_be_opened_again(ada, log, kind):
    goal = log("Write docs", kind=kind)
    done = goal.complete(on=date(2026, 11, 24))
    assert (done.kind, done.completes, done.body) == ("done", goal, "Write docs")
    assert (done.occurred_on, goal.completed_on) == (date(2026, 11, 24), date(2026, 11, 24))
    assert not goal.is_open
    goal.reopen(by=ada)
    assert goal.is_open
    done.refresh_from_db()
    assert done.deleted_by == ada


def test_a_goal_that_is_completed_twice_makes_one_done(log):
    goal = log("Write docs", kind="goal")
    again = Entry.objects.get()
    goal.complete(on=date(2026, 11, 24))
    again.complete(on=date(2026, 11, 25))
    assert standing() == ["Write docs", "Write docs"]
    assert again.completed_on == date(2026, 11, 24)


def test_a_goal_that_is_opened_and_completed_again_makes_its_one_done_once_more(ada, log):
    goal = log("Write docs", kind="goal")
    first = goal.complete(on=date(2026, 11, 24))
    goal.reopen(by=ada)
    assert goal.complete(on=date(2026, 11, 25)) == first
    first.refresh_from_db()
    assert (first.deleted_at, first.occurred_on) == (None, date(2026, 11, 25))


def test_deleting_the_done_opens_its_goal_and_restoring_it_completes_it_again(ada, log):
    goal = log("Write docs", kind="goal")
    done = goal.complete(on=date(2026, 11, 24))
    done.delete_softly(by=ada)
    goal.refresh_from_db()
    assert goal.is_open
    done.restore()
    goal.refresh_from_db()
    assert goal.completed_on == date(2026, 11, 24)
    assert Entry.objects.count() == 2


def test_open_goals_are_carried_over_until_completed_archived_deleted_or_turned_into_dones(
    team, ada, log
):
    names = ("kept", "completed", "archived", "deleted", "turned")
    goals = [log(name, kind="goal", occurred_at=NOON - timedelta(days=400)) for name in names]
    log("a blocker", kind="blocked", occurred_at=NOON - timedelta(days=400))
    log("of today", kind="goal")
    log("a done", occurred_at=NOON - timedelta(days=400))
    goals[1].complete(on=ada.today())
    goals[2].archive()
    goals[3].delete_softly(by=ada)
    goals[4].edit(kind="done", body="turned")
    carried = Entry.objects.for_team(team).carried_over_to(ada.today())
    assert sorted(entry.body for entry in carried) == ["a blocker", "kept"]


def test_an_archived_goal_can_be_taken_out_again(log, heard):
    goal = log("Write docs", kind="goal")
    goal.archive()
    goal.archive()
    assert not goal.is_open
    goal.unarchive()
    goal.unarchive()
    assert goal.is_open
    assert [revision for _, _, revision in heard[1:]] == [2, 3]


# Deleting


def test_a_deleted_entry_can_be_restored(ada, log, heard):
    entry = log("Oops")
    entry.delete_softly(by=ada)
    assert standing() == []
    assert not entry.is_open
    entry.restore()
    entry.restore()
    assert standing() == ["Oops"]
    assert len(heard) == 3


def test_who_deletes_first_has_deleted_it(ada, grace, log):
    entry = log("Oops")
    entry.delete_softly(by=ada)
    entry.delete_softly(by=grace)
    entry.delete_softly(by=None)
    entry.refresh_from_db()
    assert entry.deleted_by == ada


def test_a_person_may_finish_off_what_its_source_took_back(ada, log):
    entry = log("Oops")
    entry.delete_softly(by=None)
    when = entry.deleted_at
    entry.delete_softly(by=ada)
    assert (entry.deleted_by, entry.deleted_at) == (ada, when)


# Who may


def test_an_entry_is_seen_by_its_team_and_changed_by_its_author_and_admins(
    team, ada, grace, mallory, charles, log
):
    entry = log("Hers", user=grace)
    everybody = [ada, grace, charles, mallory]
    assert [entry.can_change(user) for user in everybody] == [True, True, False, False]
    seen = [Entry.objects.visible_to(user).count() for user in everybody]
    assert seen == [1, 1, 1, 0]


def test_who_left_the_team_or_only_reads_there_changes_nothing_of_their_own(team, grace, log):
    entry = log("Hers", user=grace)
    team.memberships.filter(user=grace).update(role="observer")
    assert not entry.can_change(grace)
    team.memberships.filter(user=grace).delete()
    assert not entry.can_change(grace)


def test_what_an_admin_removed_only_admins_bring_back(ada, grace, log):
    hers = log("Hers", user=grace)
    hers.delete_softly(by=ada)
    assert [hers.can_restore(user) for user in (ada, grace)] == [True, False]
    own = log("Her own", user=grace)
    own.delete_softly(by=grace)
    assert [own.can_restore(user) for user in (ada, grace)] == [True, True]
    gone = log("Gone elsewhere", user=grace)
    gone.delete_softly(by=None)
    assert gone.can_restore(grace)
