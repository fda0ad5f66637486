"""A calendar at Microsoft over real HTTP: connected, linked, and what becomes of its events."""

from __future__ import annotations

from datetime import timedelta

import pytest

from idonethis.entries.models import Entry
from idonethis.integrations.base import Never
from idonethis.integrations.models import IntegrationLink, IntegrationUser, Receipt
from idonethis.integrations.models.backfilling import Backfill, Past
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.calendars import DAY, HOUR, OWN, log
from idonethis.integrations.tests.coming import work_off
from idonethis.simulators import visitor
from idonethis.simulators.planning.outlook_calendar import ENGINES, READ

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


def accepted(*people, response="accepted"):
    return [
        {"type": "required", "emailAddress": {"address": each}, "status": {"response": response}}
        for each in people
    ]


def test_whoever_connects_is_who_they_are_there_and_stays_let_in(account, ada):
    assert (account.user, account.login, account.uid) == (ada, OWN, "account:1815")
    assert account.secrets["refresh_token"]


def test_calendars_are_offered(integration, account):
    found = integration.choices("calendar", "eng", account.client())
    assert [(each.value, each.label) for each in found] == [(f"{ENGINES}|Engines", "Engines")]


@pytest.mark.parametrize(
    ("calendar", "says"),
    [("", "Pick the calendar"), ("AQMkGrace=|Grace", "does not know this"), ("x|X", "not know")],
)
def test_what_cannot_be_read_is_not_linked(integration, account, team, ada, calendar, says):
    config = {"calendar": calendar}
    with pytest.raises(Never, match=says):
        make_link(integration, team, user=ada, integration_user=account, config=config)
    assert not IntegrationLink.objects.exists()


def test_what_was_over_before_is_no_news_and_what_ends_later_is(outlook, made, ada):
    outlook.write("Of before the link", -6 * DAY)
    outlook.write("Cast wheel 7", -HOUR / 2)
    made()
    assert outlook.look() == []
    outlook.pass_time(HOUR)
    assert outlook.look() == ["Cast wheel 7"]
    entry = Entry.objects.get()
    assert entry.user == ada and entry.url.startswith("https://outlook.office365.com/owa/")
    assert entry.occurred_at < outlook.now


def test_time_passes_without_anything_being_told_and_nothing_is_stored_twice(outlook, link):
    outlook.write("Cast wheel 7", HOUR)
    for _ in range(3):
        outlook.pass_time(3 * HOUR)
        assert outlook.look() == ["Cast wheel 7"]
    assert Receipt.objects.count() == 1


def test_what_is_written_down_afterwards_is_there_within_seconds(outlook, link):
    outlook.pass_time(DAY)
    outlook.look()
    outlook.write("Cast wheel 7")
    assert outlook.hears() == ["Cast wheel 7"]


def test_whole_days_are_logged_on_the_last_of_them(outlook, link):
    first = outlook.now.replace(hour=0, minute=0, second=0) + DAY
    outlook.write("Fair", first - outlook.now, 2 * DAY, isAllDay=True)
    outlook.pass_time(2 * DAY)
    assert outlook.look() == []
    outlook.pass_time(2 * DAY)
    assert outlook.look() == ["Fair"]
    assert Entry.objects.get().occurred_on == first.date() + DAY


@pytest.mark.parametrize("ends", ["cancel", "delete"])
def test_what_is_cancelled_or_deleted_goes(outlook, link, ends):
    outlook.pass_time(DAY)
    name = outlook.write("Cast wheel 7")
    assert outlook.hears() == ["Cast wheel 7"]
    outlook.act(ends, event=name)
    assert outlook.hears() == []
    outlook.pass_time(DAY)
    assert outlook.look() == [] and Receipt.objects.count() == 2


def test_what_is_put_off_goes_and_comes_back_when_it_is_over(outlook, link):
    outlook.pass_time(DAY)
    name = outlook.write("Cast wheel 7")
    assert outlook.hears() == ["Cast wheel 7"]
    outlook.write("Cast wheel 7", 2 * DAY, id=name)
    assert outlook.hears() == []
    outlook.pass_time(3 * DAY)
    assert outlook.look() == ["Cast wheel 7"]
    assert Entry.objects.count() == 1


def test_a_new_title_changes_the_entry(outlook, link):
    outlook.pass_time(DAY)
    name = outlook.write("Cast wheel 7")
    outlook.hears()
    outlook.write("Cast wheel 8", id=name)
    assert outlook.hears() == ["Cast wheel 8"]
    assert Entry.objects.count() == 1


def test_what_lies_a_month_back_is_left_as_it_was(outlook, link):
    outlook.pass_time(DAY)
    name = outlook.write("Cast wheel 7")
    outlook.hears()
    outlook.pass_time(40 * DAY)
    assert outlook.look() == ["Cast wheel 7"]
    outlook.act("delete", event=name)
    assert outlook.hears() == ["Cast wheel 7"]


def test_what_still_lies_ahead_and_changes_is_no_news(outlook, link):
    for title in ("Cast", "Cast wheel 7"):
        outlook.write(title, DAY, id="wheel7")
        outlook.hears()
    outlook.act("cancel", event="wheel7")
    outlook.hears()
    assert not Receipt.objects.exists()


LEFT_OUT = {
    "private": ({"sensitivity": "private"}, "private_policy"),
    "free": ({"showAs": "free"}, "filtered_rule"),
    "declined": ({"responseStatus": {"response": "declined"}}, "filtered_rule"),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_says_why(outlook, link, name):
    more, reason = LEFT_OUT[name]
    outlook.pass_time(DAY)
    outlook.write("Cast wheel 7", **more)
    assert outlook.hears() == []
    receipt = Receipt.objects.get()
    assert receipt.outcome == reason
    assert name != "private" or b"wheel" not in receipt.hook.body


@pytest.mark.parametrize("away", ["oof", "workingElsewhere"])
def test_what_is_nothing_to_get_done_is_not_even_stored(outlook, link, away):
    outlook.pass_time(DAY)
    outlook.write("Away", showAs=away)
    assert outlook.hears() == [] and not Receipt.objects.exists()


def test_who_accepted_has_it_done_once_the_team_knows_them(outlook, made, grace, team):
    made(whose="attendees")
    known = {"integration_type": "outlook_calendar", "team": team}
    IntegrationUser.objects.create(**known, uid="grace@example.org", user=grace)
    outlook.pass_time(DAY)
    name = outlook.write("Cast wheel 7", attendees=accepted("grace@example.org"))
    assert outlook.hears() == ["Cast wheel 7"] and Entry.objects.get().user == grace
    outlook.act("delete", event=name)
    assert outlook.hears() == []


def test_an_invitation_that_names_somebody_who_has_connected_is_not_theirs_by_that(outlook, made):
    made(whose="organizer")
    outlook.pass_time(DAY)
    forged = {"emailAddress": {"address": OWN, "name": "Ada Lovelace"}}
    outlook.write("Gave away the mill", organizer=forged)
    assert outlook.hears() == []
    assert Receipt.objects.get().outcome == "no_person"


def test_all_pages_are_read(outlook, link):
    outlook.act("page", size=2)
    outlook.pass_time(DAY)
    for number in range(5):
        outlook.write(f"Cast wheel {number}", -(10 - number) * HOUR)
    assert sorted(outlook.hears()) == [f"Cast wheel {number}" for number in range(5)]
    outlook.pass_time(HOUR)
    assert len(outlook.look()) == 5


def test_a_server_that_was_away_for_two_months_misses_nothing(outlook, link):
    outlook.write("Cast wheel 7", 3 * DAY)
    outlook.write("Cast wheel 8", 50 * DAY)
    outlook.pass_time(60 * DAY)
    assert outlook.look() == ["Cast wheel 7", "Cast wheel 8"]


def test_what_happened_before_can_be_imported_once(outlook, made):
    outlook.act("page", size=2)
    for days in range(1, 6):
        outlook.write(f"Cast wheel {days}", -days * DAY)
    outlook.write("Of long ago", -50 * DAY)
    outlook.write("Goes on", -HOUR / 2)
    link = made()
    for _ in range(2):
        work_off(Backfill.begin(Past.of_days(link, 30), days=30, user=None))
        assert sorted(log()) == [f"Cast wheel {days}" for days in range(1, 6)]


TROUBLES = [("revoke", {}, "needs_reconnect"), ("narrow", {"scope": READ}, "needs_permission")]


@pytest.mark.parametrize(("action", "more", "state"), TROUBLES)
def test_what_only_a_person_can_end_shows_and_ends(outlook, link, connect, action, more, state):
    outlook.pass_time(DAY)
    outlook.look()
    outlook.act(action, account="ada", **more)
    outlook.write("Cast wheel 7")
    assert outlook.look() == []
    link.refresh_from_db()
    assert link.state == state and link.trouble
    connect()
    assert outlook.look() == ["Cast wheel 7"]
    link.refresh_from_db()
    assert link.state == "active"


def test_an_access_that_runs_out_is_renewed(outlook, link):
    outlook.pass_time(DAY)
    outlook.act("expire", account="ada")
    outlook.write("Cast wheel 7")
    assert outlook.look() == ["Cast wheel 7"]


def test_who_asks_too_often_waits_and_nothing_is_wrong(outlook, link):
    outlook.pass_time(DAY)
    outlook.act("faults", fault="429", path="*/calendarView", times=1)
    outlook.write("Cast wheel 7")
    assert outlook.hears() == []
    link.refresh_from_db()
    assert (link.state, link.trouble) == ("active", "")
    outlook.pass_time(20 * MINUTE)
    assert outlook.hears() == ["Cast wheel 7"]


def test_a_calendar_that_is_gone_says_so_and_comes_back_by_itself(outlook, link):
    there, link.subject = link.subject, "AQMkGrace="
    link.save()
    outlook.look()
    outlook.pass_time(HOUR)
    outlook.look()
    link.refresh_from_db()
    assert link.state == "target_gone"
    link.subject = there
    link.save()
    outlook.look()
    outlook.pass_time(HOUR)
    outlook.look()
    link.refresh_from_db()
    assert link.state == "active" and len(visitor.read(outlook.url, "hooks")) == 1
