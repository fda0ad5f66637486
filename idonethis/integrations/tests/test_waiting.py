"""What strangers do waits, and is logged on the days on which it was done."""

from __future__ import annotations

from datetime import date

import pytest
from allauth.account.models import EmailAddress

from idonethis.entries.models import Entry
from idonethis.integrations.models import Receipt, UnclaimedPerson
from idonethis.integrations.models.claiming import believe
from idonethis.integrations.models.sweeping import sweep
from idonethis.integrations.tests.conftest import work
from idonethis.teams.models import Membership

pytestmark = pytest.mark.django_db

DONE = {"type": "done", "body": "Cast a gear", "key": "1", "uid": "4711", "login": "stoker"}

#: In New York clocks were put back at two in the night of 2 November 2025, and forward on 9 March.
NIGHTS = [
    ("2025-11-02T03:59:59+00:00", 0, date(2025, 11, 1)),
    ("2025-11-02T04:00:00+00:00", 0, date(2025, 11, 2)),
    ("2025-11-02T05:30:00+00:00", 4, date(2025, 11, 1)),
    ("2025-11-02T06:30:00+00:00", 4, date(2025, 11, 1)),
    ("2025-11-02T08:59:59+00:00", 4, date(2025, 11, 1)),
    ("2025-11-02T09:00:00+00:00", 4, date(2025, 11, 2)),
    ("2025-11-03T04:30:00+00:00", 0, date(2025, 11, 2)),
    ("2025-03-09T07:59:59+00:00", 4, date(2025, 3, 8)),
    ("2025-03-09T08:00:00+00:00", 4, date(2025, 3, 9)),
    ("2025-03-10T03:59:59+00:00", 0, date(2025, 3, 9)),
]


@pytest.mark.parametrize(("at", "day_ends_at", "day"), NIGHTS)
def test_what_waited_is_logged_on_the_day_it_was_for_its_person(
    link, happens, grace, at, day_ends_at, day
):
    happens(link, {**DONE, "at": at})
    grace.time_zone, grace.day_ends_at = "America/New_York", day_ends_at
    grace.save()
    believe(UnclaimedPerson.objects.get(), grace, evidence="claimed")
    work()
    entry = Entry.objects.get()
    assert (entry.user, entry.occurred_on) == (grace, day)


def test_commits_that_waited_are_one_entry_for_each_of_their_days(link, happens, grace):
    for number, at in enumerate(("2025-11-01T09:00:00+00:00", "2025-11-02T09:00:00+00:00") * 2):
        push = {"type": "push", "commits": [str(number)], "uid": "4711", "at": at}
        happens(link, push)
    believe(UnclaimedPerson.objects.get(), grace, evidence="claimed")
    work()
    days = Entry.objects.order_by("occurred_on").values_list("occurred_on", "body")
    pushed = "Pushed 2 commits to main"
    assert list(days) == [(date(2025, 11, 1), pushed), (date(2025, 11, 2), pushed)]


def test_a_stranger_without_an_address_or_an_id_is_not_listed_and_says_why(link, happens):
    receipt = happens(link, {**DONE, "uid": "", "login": "", "name": "Grace Hopper"})
    assert receipt.outcome == "no_person"
    assert receipt.why == "Only the name Grace Hopper is given, so nobody can say who it was."
    assert not UnclaimedPerson.objects.exists()


def test_what_an_ignored_stranger_does_says_that_they_are_ignored(link, happens):
    happens(link, DONE)
    UnclaimedPerson.objects.get().ignore()
    receipt = happens(link, {**DONE, "key": "2"})
    assert receipt.why == "stoker is ignored in this team."


@pytest.fixture
def by_mail(link, happens):
    content = {**DONE, "uid": "", "login": "", "email": "Hopper@Navy.example", "vouched": True}
    happens(link, content)
    return EmailAddress(email="hopper@navy.example", verified=True)


def test_who_verifies_the_address_gets_what_waited_without_a_click(by_mail, grace):
    by_mail.user = grace
    by_mail.save()
    sweep()
    work()
    assert Entry.objects.get().user == grace
    assert not UnclaimedPerson.objects.exists()


def test_who_joins_with_the_address_gets_it_too(by_mail, mallory, team):
    by_mail.user = mallory
    by_mail.save()
    sweep()
    assert UnclaimedPerson.objects.exists()
    team.join(mallory, Membership.Role.MEMBER)
    sweep()
    work()
    assert Entry.objects.get().user == mallory


@pytest.mark.parametrize("lacks", ["vouched", "verified"])
def test_an_address_that_proves_nothing_stays_under_unclaimed(by_mail, grace, lacks):
    UnclaimedPerson.objects.update(vouched=lacks != "vouched")
    by_mail.user, by_mail.verified = grace, lacks != "verified"
    by_mail.save()
    sweep()
    work()
    assert UnclaimedPerson.objects.exists() and not Entry.objects.exists()


def test_who_was_matched_by_a_mail_address_stays_matched(link, happens, grace):
    by_hand = {**DONE, "uid": "", "login": "", "email": "moth@example.org"}
    happens(link, by_hand)
    believe(UnclaimedPerson.objects.get(), grace, evidence="assigned")
    work()
    happens(link, {**by_hand, "key": "2", "body": "Cast a cam"})
    assert {entry.user for entry in Entry.objects.all()} == {grace}
    assert Receipt.objects.filter(outcome="created").count() == 2
