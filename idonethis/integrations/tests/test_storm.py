"""A link that suddenly sends far more than usual is held until its owner decides; others do not
notice."""

from __future__ import annotations

import re
from datetime import timedelta

import orjson
import pytest
from django.db import DEFAULT_DB_ALIAS
from django.test import Client
from django.utils import timezone

from idonethis.entries.drafts import Draft, Origin
from idonethis.entries.models import Entry, Source
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import (
    Delivery,
    IntegrationLink,
    IntegrationUser,
    Receipt,
    Storm,
)
from idonethis.integrations.models.bursts import Bursts, brake
from idonethis.integrations.models.releasing import let_go
from idonethis.integrations.models.sweeping import read, sweep
from idonethis.integrations.tests.coming import work_off
from idonethis.integrations.values import Hook

pytestmark = pytest.mark.django_db

LIMIT = 6


@pytest.fixture(autouse=True)
def limit(settings, monkeypatch):
    settings.STORM_LIMIT = LIMIT
    in_process(monkeypatch, Bursts())


def in_process(monkeypatch, bursts):
    """What is read from now on is read by the process that remembers this."""
    monkeypatch.setattr("idonethis.integrations.models.bursts.BURSTS", bursts)


@pytest.fixture
def other(acme, team, ada):
    return IntegrationLink.objects.create(
        integration_type="acme", team=team, user=ada, subject="other"
    )


@pytest.fixture
def sends(acme):
    """So many hooks come in by this link at once; they are not yet read."""

    def send(link, count, *, first=0, uid="1815", received_at=None, **more):
        rows = []
        for number in range(first, first + count):
            said = {"type": "done", "uid": uid, "key": f"{link.pk}/{number}", **more}
            body = orjson.dumps({**said, "body": f"Turned the crank {number}"} | more)
            hook = Hook(body, received_at=received_at or timezone.now())
            rows.append(Row("acme", link.pk, f"{number}", "", hook, {}))
        for start in range(0, len(rows), 500):
            store(rows[start : start + 500])

    return send


def work():
    while read():
        pass


def ends():
    counted = {}
    for state, outcome in Receipt.objects.values_list("state", "outcome"):
        counted[state, outcome] = counted.get((state, outcome), 0) + 1
    return counted


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def browser_of():
    def signed_in(user):
        browser = Client()
        browser.force_login(user)
        return browser

    return signed_in


@pytest.fixture
def storm(link, sends):
    sends(link, 40)
    work()
    return Storm.objects.get()


def choose(browser, link, choice):
    response = browser.post(f"/links/{link.hash_id}/storm", {"choice": choice}, follow=True)
    work()
    return shown(response)


# When it is one.


def test_as_many_as_a_team_may_mean_are_no_storm(link, sends):
    sends(link, LIMIT)
    work()
    assert Entry.objects.count() == LIMIT and not Storm.objects.exists()


def test_one_more_within_a_minute_is_a_storm(link, sends):
    sends(link, LIMIT + 1)
    work()
    link.refresh_from_db()
    assert link.state == "storm_held" and not link.is_in_trouble
    assert Storm.objects.get().link == link


def test_the_same_number_in_a_longer_time_is_none(link, sends):
    for number in range(LIMIT * 3):
        at = timezone.now() - timedelta(seconds=11 * number)
        sends(link, 1, first=number, received_at=at)
        work()
    assert Entry.objects.count() == LIMIT * 3 and not Storm.objects.exists()


def test_what_comes_while_nobody_works_is_a_storm_however_late_it_is_read(link, sends):
    sends(link, LIMIT + 1, received_at=timezone.now() - timedelta(hours=3))
    work()
    assert Storm.objects.exists()


def test_two_links_have_a_limit_each(link, other, sends):
    sends(link, LIMIT)
    sends(other, LIMIT)
    work()
    assert not Storm.objects.exists()


@pytest.mark.parametrize("said", [{"type": "retitle"}, {"uid": "4711"}, {"key": "the same"}])
def test_what_makes_no_entry_is_no_storm(link, sends, said):
    sends(link, LIMIT * 3, **said)
    work()
    assert not Storm.objects.exists()


def test_without_a_limit_there_is_no_storm(link, sends, settings):
    settings.STORM_LIMIT = 0
    sends(link, LIMIT * 3)
    work()
    assert Entry.objects.count() == LIMIT * 3 and not Storm.objects.exists()


def test_what_is_remembered_of_links_has_an_end(settings, monkeypatch):
    monkeypatch.setattr("idonethis.integrations.models.bursts.MOST_LINKS", 3)
    bursts = Bursts()
    for link in range(50):
        assert bursts.note(link, LIMIT, Receipt.objects.all()) is None
    assert list(bursts._unasked) == [47, 48, 49]


def test_several_processes_that_each_read_a_part_notice_it(link, sends, monkeypatch):
    processes = [Bursts() for _ in range(3)]
    for number in range(LIMIT + 1):
        assert not Storm.objects.exists()
        in_process(monkeypatch, processes[number % 3])
        sends(link, 1, first=number)
        read()
    assert Storm.objects.exists()
    work()
    assert ends() == {("held", "storm_held"): LIMIT + 1}


def test_a_process_that_starts_anew_goes_on_counting(link, sends, monkeypatch):
    sends(link, LIMIT)
    work()
    in_process(monkeypatch, Bursts())
    sends(link, 1, first=LIMIT)
    work()
    assert Storm.objects.exists()


def test_who_is_far_from_a_storm_is_not_asked_about(link, settings, django_assert_num_queries):
    settings.STORM_LIMIT = 300
    with django_assert_num_queries(0):
        brake([link.pk] * 29, Receipt.objects.all())
    # Whether it has a storm already, and how many have come: of two files, or of one database.
    each = 1 if settings.INBOX != DEFAULT_DB_ALIAS else 2
    with django_assert_num_queries(each), django_assert_num_queries(each, using=settings.INBOX):
        brake([link.pk] * 60, Receipt.objects.all())


# What happens then.


def test_all_of_a_storm_is_held_and_nothing_of_it_is_in_the_log(link, sends, storm):
    assert ends() == {("held", "storm_held"): 40}
    assert not Entry.objects.alive().exists()
    sends(link, 1_500, first=40)
    work()
    assert ends() == {("held", "storm_held"): 1_540}
    assert not Entry.objects.alive().exists()


def test_what_it_had_made_is_taken_back_a_few_at_a_time(link, sends):
    sends(link, 50)
    read()
    assert ends() == {("due", "anew"): 50}
    read()
    assert ends() == {("due", "anew"): 30, ("held", "storm_held"): 20}


def test_what_was_there_before_stays(link, sends, ada):
    before = timezone.now() - timedelta(minutes=2)
    sends(link, 3, first=900, received_at=before)
    work()
    sends(link, 40)
    work()
    bodies = set(Entry.objects.alive().values_list("body", flat=True))
    assert bodies == {f"Turned the crank {number}" for number in (900, 901, 902)}
    assert Receipt.objects.filter(state="held").count() == 40


def test_what_a_person_has_edited_meanwhile_stays_theirs(link, sends):
    sends(link, LIMIT)
    work()
    Entry.objects.get(body="Turned the crank 0").edit(kind="done", body="My own words")
    sends(link, 30, first=LIMIT)
    work()
    assert list(Entry.objects.alive().values_list("body", flat=True)) == ["My own words"]


def test_others_are_logged_as_ever(link, other, sends, storm):
    sends(link, 300, first=100)
    sends(other, LIMIT)
    work()
    assert Entry.objects.alive().count() == LIMIT


def test_what_goes_out_by_a_link_in_a_storm_goes_out(storm, link, acme, team, ada):
    while Delivery.drain():
        pass
    acme.posts.clear()
    Entry.objects.log(Draft(body="Typed by hand"), team=team, user=ada)
    while Delivery.drain():
        pass
    assert list(acme.posts.values()) == ["Typed by hand"]


def test_the_owner_sees_one_line_and_others_see_none(
    storm, link, browser_of, ada, grace, mallory, team
):
    team.join(mallory)
    line = "A storm from Acme: 40 events since"
    for path in (team.get_absolute_url(), link.get_absolute_url()):
        assert shown(browser_of(ada).get(path)).count(line) == 1
    assert line not in shown(browser_of(mallory).get(team.get_absolute_url()))
    page = shown(browser_of(mallory).get(link.get_absolute_url()))
    assert "Ada Lovelace decides what becomes of them" in page and "Drop them" not in page


# What becomes of it.


def test_all_of_it_can_be_logged(storm, link, browser_of, ada):
    choose(browser_of(ada), link, "log")
    assert Entry.objects.alive().count() == 40
    assert ends() == {("done", "created"): 40}
    link.refresh_from_db()
    assert link.state == "active"


def test_logging_it_is_no_storm_again(storm, link, browser_of, ada, sends):
    choose(browser_of(ada), link, "log")
    sends(link, LIMIT, first=5_000)
    work()
    assert Storm.objects.get().ended_at
    assert Entry.objects.alive().count() == 40 + LIMIT


def test_the_next_storm_is_a_storm_of_its_own(storm, link, browser_of, ada, sends):
    choose(browser_of(ada), link, "log")
    sends(link, 30, first=5_000)
    work()
    second, first = Storm.objects.all()
    assert first.ended_at and not second.released_at
    assert (Entry.objects.alive().count(), Receipt.objects.filter(state="held").count()) == (40, 30)


def test_it_can_be_logged_as_one_entry_a_person(link, sends, browser_of, ada, grace):
    IntegrationUser.objects.create(integration_type="acme", uid="1906", user=grace)
    sends(link, 30)
    sends(link, 20, first=30, uid="1906")
    sends(link, 5, first=50, uid="4711")
    work()
    choose(browser_of(ada), link, "fold")
    found = Entry.objects.alive().order_by("user__email")
    assert [(entry.user, entry.body, entry.details.count()) for entry in found] == [
        (ada, "30 events in a storm from Acme", 30),
        (grace, "20 events in a storm from Acme", 20),
    ]
    assert ends()["done", "no_person"] == 5


def test_one_entry_a_person_counts_for_the_day_on_which_it_began(link, sends, browser_of, ada):
    ada.time_zone = "Europe/London"
    ada.save()
    midnight = timezone.now().replace(2025, 6, 1, 22, 59, 50)
    sends(link, 10, received_at=midnight)
    sends(link, 10, first=10, received_at=midnight + timedelta(seconds=20))
    work()
    choose(browser_of(ada), link, "fold")
    (entry,) = Entry.objects.alive()
    assert (str(entry.occurred_on), entry.details.count()) == ("2025-06-01", 20)


def test_commits_of_a_storm_are_details_of_their_own(link, sends, browser_of, ada):
    sends(link, 12)
    for number in range(4):
        sends(link, 1, first=100 + number, type="push", commits=[f"a{number}", f"b{number}"])
    work()
    choose(browser_of(ada), link, "fold")
    (entry,) = Entry.objects.alive()
    assert entry.body == "20 events in a storm from Acme"


def test_goals_of_a_storm_stay_goals():
    storm = Storm(pk=7, began_at=timezone.now())
    folded = storm.folded(Draft(body="Mend it", kind="goal", key="k"), Origin(label="Acme"))
    assert (folded.kind, folded.key) == ("goal", "storm:7:goal")


def test_an_entry_that_was_there_is_brought_up_to_date_and_not_folded(link, sends, browser_of, ada):
    before = timezone.now() - timedelta(minutes=5)
    sends(link, 1, received_at=before, key="old")
    work()
    sends(link, 1, first=500, key="old")
    sends(link, 20, first=100)
    work()
    choose(browser_of(ada), link, "fold")
    bodies = set(Entry.objects.alive().values_list("body", flat=True))
    assert bodies == {"Turned the crank 0", "20 events in a storm from Acme"}


def test_what_is_part_of_a_folded_entry_is_known_there(link, sends, browser_of, ada, happens):
    sends(link, 20)
    work()
    choose(browser_of(ada), link, "fold")
    entry = Entry.objects.alive().get()
    again = {"type": "done", "uid": "1815", "key": f"{link.pk}/3", "body": "Turned the crank 3"}
    assert happens(link, again).outcome == "duplicate"
    happens(link, {"type": "retitle", "key": f"{link.pk}/3", "body": "x"})
    assert entry.details.filter(text="Turned the crank 3").exists()
    assert happens(link, {"type": "retract", "key": f"{link.pk}/3"}).outcome == "retracted"
    entry.refresh_from_db()
    assert (entry.body, entry.details.count()) == ("19 events in a storm from Acme", 19)
    assert Entry.objects.alive().count() == 1


def test_it_can_be_dropped_and_still_be_replayed(storm, link, browser_of, ada):
    choose(browser_of(ada), link, "drop")
    assert ends() == {("done", "storm_held"): 40}
    said = "Dropped by Ada Lovelace, with a storm of 40 events. It can still be processed again."
    assert set(Receipt.objects.values_list("why", flat=True)) == {said}
    assert not Entry.objects.alive().exists() and not Source.objects.filter(text="").exists()
    browser_of(ada).post(f"/links/{link.hash_id}/replay", {"begin": "1"})
    work_off()
    assert Entry.objects.alive().count() == 40
    assert Storm.objects.get().ended_at


def test_the_page_says_who_decided_what(storm, link, browser_of, ada):
    page = choose(browser_of(ada), link, "drop")
    assert "What was held is being dropped." in page
    page = shown(browser_of(ada).get(link.get_absolute_url()))
    assert "A storm of 40 events" in page and "dropped by Ada Lovelace" in page
    assert "Drop them" not in page


def test_it_is_worked_off_in_steps_and_a_restart_continues(
    storm, link, browser_of, ada, monkeypatch
):
    monkeypatch.setattr("idonethis.integrations.models.releasing.MOST_READ", 15)
    browser = browser_of(ada)
    browser.post(f"/links/{link.hash_id}/storm", {"choice": "log"})
    assert read() == 15
    assert "Log them all: 15 of 40 events are through." in shown(
        browser.get(f"/links/{link.hash_id}")
    )
    # A worker takes some and dies; the next process takes over what it held.
    Receipt.objects.filter(state="held").take(15)
    assert read() == 10
    assert read() == 0 and Receipt.objects.filter(state="held").count() == 15
    Receipt.objects.take_over()
    work()
    assert Entry.objects.alive().count() == 40 and Storm.objects.get().ended_at


def test_of_several_processes_one_folds_and_the_others_read_on(
    storm, link, other, sends, browser_of, ada
):
    browser_of(ada).post(f"/links/{link.hash_id}/storm", {"choice": "fold"})
    in_hand = Receipt.objects.filter(state="held").take(5)
    sends(other, 1)
    assert read() == 1 and read() == 0
    Receipt.objects.filter(pk__in=[each.pk for each in in_hand]).update(due_at=timezone.now())
    work()
    assert ends() == {("done", "created"): 2, ("done", "updated"): 39}
    folded = Entry.objects.alive().exclude(counted_body="").get()
    assert folded.body == "40 events in a storm from Acme"


def test_what_could_not_be_folded_yet_holds_up_nothing_else(storm, link, browser_of, ada):
    browser_of(ada).post(f"/links/{link.hash_id}/storm", {"choice": "fold"})
    (failed,) = Receipt.objects.filter(state="held").take(1)
    failed.again(why="The event could not be read (KeyError). It stays stored.")
    work()
    assert Entry.objects.alive().get().body == "39 events in a storm from Acme"
    assert Storm.objects.get().ended_at is None


@pytest.mark.parametrize("choice", ["", "keep", "LOG"])
def test_nothing_else_can_be_chosen(storm, link, browser_of, ada, choice):
    response = browser_of(ada).post(f"/links/{link.hash_id}/storm", {"choice": choice})
    assert response.status_code == 404
    assert Storm.objects.holding().exists()


def test_of_two_who_decide_at_once_one_does(storm, link, browser_of, ada):
    stale = Storm.objects.get()
    assert choose(browser_of(ada), link, "log")
    assert stale.decide("drop", by=ada) is False
    assert Storm.objects.get().choice == "log"


def test_who_does_not_manage_the_link_decides_nothing(storm, link, browser_of, mallory, grace):
    assert browser_of(grace).post(f"/links/{link.hash_id}/storm").status_code == 403
    assert browser_of(mallory).post(f"/links/{link.hash_id}/storm").status_code == 404
    assert Storm.objects.holding().exists()


def test_a_link_that_is_removed_in_a_storm_holds_nothing(storm, link):
    link.remove()
    work()
    assert ends() == {("done", "link_removed"): 40}


def test_a_link_that_is_paused_in_a_storm_is_in_the_storm_when_it_runs_again(storm, link):
    link.refresh_from_db()
    link.pause()
    assert link.is_paused
    link.resume()
    assert link.is_in_storm


def test_what_is_held_of_a_storm_that_is_over_is_let_go(storm, link, sends, browser_of, ada):
    choose(browser_of(ada), link, "log")
    sends(link, 1, first=7_000)
    Receipt.objects.filter(state="due").update(state="held", read_for=link.pk, outcome="storm_held")
    assert read() == 0
    sweep()
    work()
    assert Entry.objects.alive().filter(body="Turned the crank 7000").exists()
    assert let_go() == 0
