"""The CSV of I Done This, as it is and as others leave it: each row one entry, of the right one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core import mail

from idonethis.entries import signals
from idonethis.entries.models import Entry
from idonethis.integrations.models import Delivery, Job, UnclaimedPerson
from idonethis.integrations.models.claiming import believe
from idonethis.integrations.tests.coming import work_off
from idonethis.porting.models import Import
from idonethis.porting.tests.moves import (
    ADAS,
    GOAL,
    HEADER,
    MOTH,
    STRANGER,
    as_csv,
    bring,
    planned,
    said,
    table,
    undo,
    upload,
)
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db


def test_rows_without_the_last_value_become_entries_of_their_people(team):
    bring(team, table(ADAS, GOAL, MOTH))
    assert said(team) == [
        ("ada", "goal", "Publish the notes #notes"),
        ("ada", "done", "Wrote the first program"),
        ("grace", "blocked", "A moth, in relay 70\nof the Mark II"),
    ]


def test_an_entry_is_as_old_as_it_says_and_says_that_it_was_imported(team):
    job = bring(team, table(GOAL))
    entry = Entry.objects.get()
    assert (entry.occurred_on, entry.completed_on) == (date(2015, 3, 2), date(2015, 3, 4))
    assert entry.created_at == entry.occurred_at == datetime(2015, 3, 2, 9, tzinfo=UTC)
    assert (entry.created_by, entry.imported) == ("import", job.hash_id)
    assert [tag.name for tag in entry.tags.all()] == ["notes"]
    assert not entry.is_open


def test_it_mentions_the_members_whom_its_words_name(team, grace):
    bring(team, table("ada@example.org,done,Thank you @Grace and @mallory,2015-03-02,,"))
    assert list(Entry.objects.get().mentioned.all()) == [grace]


def test_brought_in_twice_it_is_there_once(team):
    content = table(ADAS, ADAS, GOAL)
    bring(team, content)
    before = list(Entry.objects.values())
    again = bring(team, content)
    assert list(Entry.objects.values()) == before and len(before) == 3
    assert again.results == {"same": 3} and not again.can_undo


def test_a_goal_that_was_completed_since_the_last_export_is_still_the_same(team):
    bring(team, table(GOAL.replace("2015-03-04", "")))
    assert bring(team, table(GOAL)).results == {"same": 1}


def test_what_was_exported_of_this_very_team_is_known(team, log):
    log("Wrote the first program")
    assert bring(team, as_csv(team)).results == {"same": 1}


def test_what_somebody_deleted_after_the_import_stays_deleted(team, ada):
    bring(team, table(ADAS))
    Entry.objects.get().delete_softly(by=ada)
    assert bring(team, table(ADAS)).results == {"deleted": 1}
    assert said(team) == []


def test_a_row_of_somebody_unknown_waits_and_the_others_go_in(team):
    job = bring(team, table(ADAS, STRANGER))
    assert job.results == {"new": 1, "waiting": 1} and job.reasons == {"no_person": 1}
    assert [(each.email, each.integration_type) for each in team.unclaimed.all()] == [
        ("charles@example.org", "import")
    ]


def test_once_a_team_says_who_somebody_is_the_same_upload_brings_the_rest(team, grace):
    content = table(ADAS, STRANGER)
    bring(team, content)
    believe(UnclaimedPerson.objects.get(), grace, evidence="assigned")
    assert bring(team, content).results == {"new": 1, "same": 1}
    assert ("grace", "done", "Drew a cog") in said(team)


def test_nobody_gets_what_is_anothers_by_an_address_that_they_have_not_verified(team, ada, grace):
    grace.emailaddress_set.create(email="charles@example.org", verified=False)
    assert bring(team, table(STRANGER)).results == {"waiting": 1}


def test_nobody_outside_of_the_team_gets_anything(team, mallory):
    row = "mallory@example.net,done,Broke the mill,2015-03-02,,"
    assert bring(team, table(row)).results == {"waiting": 1}
    assert not Entry.objects.exists()


def test_who_has_left_the_team_gets_nothing_more_of_it(team, grace):
    bring(team, table(STRANGER))
    believe(UnclaimedPerson.objects.get(), grace, evidence="assigned")
    team.memberships.filter(user=grace).delete()
    assert bring(team, table(STRANGER)).results == {"waiting": 1}


def test_an_address_is_the_same_in_capitals(team):
    assert bring(team, table(ADAS.replace("ada@", "Ada@"))).results == {"new": 1}


def test_nobody_is_told(team):
    """Whoever writes mails and sends on what is logged listens to these signals."""
    heard = []

    def listen(**said):
        heard.append(said)

    both = (signals.entries_created, signals.entry_changed)
    for signal in both:
        signal.connect(listen)
    bring(team, table(ADAS, GOAL, "ada@example.org,done,Thank you @grace,2015-03-02,,"))
    for signal in both:
        signal.disconnect(listen)
    assert heard == [] and mail.outbox == [] and not Delivery.objects.exists()


def test_undone_nothing_of_it_is_left_and_what_was_there_stays(team, log):
    log("Oiled the mill")
    before = list(Entry.objects.values())
    undone = undo(bring(team, table(ADAS, GOAL)))
    assert undone.results == {"removed": 2}
    assert list(Entry.objects.values()) == before


def test_what_people_changed_since_survives_the_undo(team):
    job = bring(team, table(ADAS, GOAL))
    Entry.objects.get(kind="done").edit(kind="done", body="Wrote it, and mended it")
    assert undo(job).results == {"removed": 1, "kept": 1}
    assert said(team) == [("ada", "done", "Wrote it, and mended it")]


def test_undone_it_can_be_brought_in_again(team):
    undo(bring(team, table(ADAS)))
    assert bring(team, table(ADAS)).results == {"new": 1}


def test_a_dry_run_says_all_and_stores_nothing(team, ada):
    plan = planned(team, table(ADAS, GOAL, STRANGER, "nonsense,done,x,2015-03-02,,"))
    assert plan.results == {"new": 2, "waiting": 1}
    assert [(each.email, each.user, each.rows) for each in plan.people] == [
        ("ada@example.org", ada, 2),
        ("charles@example.org", None, 1),
    ]
    assert plan.upload.refused == [
        [5, "“nonsense” is no mail address, so nobody knows whose entry it is."]
    ]
    assert not Entry.objects.exists() and not UnclaimedPerson.objects.exists()


def test_a_dry_run_says_what_the_import_then_does(team):
    content = table(ADAS, ADAS, GOAL, STRANGER, MOTH)
    assert planned(team, content).results == bring(team, content).results


def test_signs_that_no_database_stores_are_left_out(team):
    bring(team, table("ada@example.org,done,Oiled\x00 it\x1b[2J,2015-03-02,,"))
    assert said(team) == [("ada", "done", "Oiled it[2J")]


def test_rows_that_are_alike_are_each_one_wherever_in_the_file_they_stand(team, monkeypatch):
    monkeypatch.setattr("idonethis.porting.models.upload.ROWS", 1)
    assert bring(team, table(ADAS, GOAL, ADAS)).results == {"new": 3}


def test_a_worker_that_was_given_up_for_dead_doubles_nothing(team, monkeypatch):
    monkeypatch.setattr("idonethis.porting.models.upload.ROWS", 2)
    rows = [f"ada@example.org,done,Turned the crank {n},2015-03-02,," for n in range(7)]
    job = Import.begin(upload(team, table(*rows)), user=None)
    dead = Job.objects.get()
    assert Job.drain() and Job.drain() and Entry.objects.count() == 4
    dead.take_step()
    done = work_off(job)
    assert done.results == {"new": 7} and done.done == done.total == Entry.objects.count()


def test_what_fails_in_the_middle_goes_on_from_there(team, monkeypatch):
    monkeypatch.setattr("idonethis.porting.models.upload.ROWS", 2)
    rows = [f"ada@example.org,done,Turned the crank {n},2015-03-02,," for n in range(7)]
    job = Import.begin(upload(team, table(*rows)), user=None)
    assert Job.drain() and job.stop() and not Job.drain()
    job.go_on()
    assert work_off(job).results == {"new": 7}


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'=1", "''-1", "'plain", "＝1", 'a,b\r\nc "d"']


def test_what_was_deleted_is_not_in_it(team, log, ada):
    log("Broke the mill").delete_softly(by=ada)
    assert as_csv(team).decode("utf-8-sig").split() == [HEADER]


def test_no_cell_of_the_export_runs_in_a_spreadsheet(team, log):
    for body in HOSTILE:
        log(body)
    cells = as_csv(team).decode("utf-8-sig")
    assert cells.startswith(HEADER)
    assert ",=1+1," not in cells and ",'=1+1," in cells and ",''=1," in cells


def test_the_export_read_back_into_another_team_gives_the_same_export(team, log, ada):
    for body in [*HOSTILE, "Oiled it", "Oiled it", " spaces "]:
        log(body)
    goal = log("Publish the notes", kind="goal")
    goal.complete(on=ada.today())
    log("Buy oil", kind="goal").archive()
    content, other = as_csv(team), Team.objects.found("Mills", admin=ada)
    bring(other, content)
    assert as_csv(other) == content
