"""A calendar at Google over real HTTP: connected, linked, and what becomes of its events."""

from __future__ import annotations

from datetime import timedelta

import pytest

from idonethis.entries.models import Entry
from idonethis.integrations.base import Never
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    Receipt,
    RegisteredHook,
)
from idonethis.integrations.models.backfilling import Backfill, Past
from idonethis.integrations.models.making import change_link, make_link
from idonethis.integrations.tests.calendars import DAY, HOUR, OWN, log
from idonethis.integrations.tests.coming import work_off
from idonethis.simulators.planning.google_calendar import ENGINES, EVENTS

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


def test_whoever_connects_is_who_they_are_there_and_stays_let_in(account, ada):
    assert (account.user, account.login) == (ada, OWN)
    assert account.secrets["refresh_token"]


def test_calendars_that_can_be_read_are_offered(integration, account):
    found = integration.choices("calendar", "", account.client())
    assert [(each.value, each.label) for each in found] == [
        (f"{OWN}|{OWN}", OWN),
        (f"{ENGINES}|Engines", "Engines"),
    ]
    assert not integration.choices("calendar", "steam", account.client())


@pytest.mark.parametrize(
    ("calendar", "says"),
    [
        ("", "Pick the calendar"),
        ("nobody@example.org|Nobody", "does not know this"),
        ("grace@example.org|Grace", "does not know this"),
    ],
)
def test_what_cannot_be_read_is_not_linked(integration, account, team, ada, calendar, says):
    with pytest.raises(Never, match=says):
        make_link(
            integration, team, user=ada, integration_user=account, config={"calendar": calendar}
        )
    assert not IntegrationLink.objects.exists()


def test_the_page_makes_a_link(account, window, team, google):
    form = {"team": team.slug, "account": account.hash_id, "how": "log", "who": "everybody"}
    said = {"calendar": f"{ENGINES}|Engines", "whose": "mine"}
    answer = window.post("/integrations/google_calendar/link", {**form, **said})
    assert answer.status_code == 302, answer.content.decode()
    link = IntegrationLink.objects.get()
    assert (link.short_name, link.subject) == ("Engines", ENGINES)
    assert "Engines" in window.get(link.get_absolute_url()).content.decode()
    offer = "Import what happened before, too?"
    assert offer in window.get(answer["Location"]).content.decode()


def test_what_was_over_before_is_no_news_and_what_ends_later_is(google, made, ada):
    google.write("Of before the link", -6 * DAY)
    google.write("Cast wheel 7", -HOUR / 2)
    made()
    assert google.look() == []
    google.pass_time(HOUR)
    assert google.look() == ["Cast wheel 7"]
    entry = Entry.objects.get()
    assert entry.user == ada and entry.url.startswith("https://www.google.com/calendar/event")
    assert entry.occurred_at < google.now


def test_time_passes_without_anything_being_told(google, link):
    google.write("Cast wheel 7", HOUR)
    google.look()
    google.pass_time(3 * HOUR)
    assert google.look() == ["Cast wheel 7"]


def test_what_is_written_down_afterwards_is_there_within_seconds(google, link):
    google.pass_time(DAY)
    google.look()
    google.write("Cast wheel 7")
    assert google.hears() == ["Cast wheel 7"]


def test_nothing_is_asked_again_while_nothing_is_told(google, link):
    google.look()
    before = len(google.calls("/events"))
    google.pass_time(10 * MINUTE)
    google.hears()
    assert len(google.calls("/events")) == before


def test_each_occurrence_is_logged_once_and_by_itself(google, link):
    rule = ["RRULE:FREQ=DAILY;COUNT=3"]
    google.write("Oil the mill", HOUR, recurrence=rule)
    for days in range(1, 5):
        google.pass_time(DAY)
        assert google.look() == ["Oil the mill"] * min(days, 3)
    assert Receipt.objects.count() == 3


def test_of_a_series_one_is_cancelled_and_the_others_stay(google, link):
    name = google.write("Oil the mill", HOUR, recurrence=["RRULE:FREQ=DAILY;COUNT=3"])
    google.act("cancel", event=f"{name}_{google.begin_of(name) + DAY:%Y%m%dT%H%M%SZ}")
    google.pass_time(4 * DAY)
    assert google.look() == ["Oil the mill"] * 2


def test_whole_days_are_logged_on_the_last_of_them(google, link):
    first = google.now.date() + DAY
    span = {"start": {"date": str(first)}, "end": {"date": str(first + 2 * DAY)}}
    google.act("write", calendar=OWN, event={"summary": "Fair", **span})
    google.pass_time(2 * DAY)
    assert google.look() == []
    google.pass_time(2 * DAY)
    assert google.look() == ["Fair"]
    assert Entry.objects.get().occurred_on == first + DAY


def test_what_is_cancelled_or_put_off_goes_and_comes_back(google, link):
    google.pass_time(DAY)
    name = google.write("Cast wheel 7")
    assert google.hears() == ["Cast wheel 7"]
    google.act("cancel", event=name)
    assert google.hears() == []
    google.write("Cast wheel 7", id=name, status="confirmed")
    assert google.hears() == ["Cast wheel 7"]
    google.write("Cast wheel 7", 2 * DAY, id=name)
    assert google.hears() == []
    google.pass_time(3 * DAY)
    assert google.look() == ["Cast wheel 7"]
    google.act("cancel", event=name)
    assert google.hears() == []
    assert Entry.objects.count() == 1


def test_what_is_cancelled_twice_goes_twice(google, link):
    google.pass_time(DAY)
    name = google.write("Cast wheel 7")
    google.hears()
    for _ in range(2):
        google.act("cancel", event=name)
        assert google.hears() == []
        google.act("write", calendar=OWN, event={"id": name, "status": "confirmed"})
        assert google.hears() == ["Cast wheel 7"]


def test_what_is_written_down_later_of_before_the_link_is_no_news(google, link):
    google.pass_time(HOUR)
    google.write("Of before the link", -2 * DAY)
    assert google.hears() == [] and not Receipt.objects.exists()


def test_a_new_title_changes_the_entry(google, link):
    google.pass_time(DAY)
    name = google.write("Cast wheel 7")
    google.hears()
    google.pass_time(40 * DAY)
    google.act("write", calendar=OWN, event={"id": name, "summary": "Cast wheel 8"})
    assert google.hears() == ["Cast wheel 8"]


def test_what_still_lies_ahead_and_changes_is_no_news(google, link):
    for title in ("Cast", "Cast wheel", "Cast wheel 7"):
        google.write(title, DAY, id="wheel7")
        google.hears()
    google.act("cancel", event="wheel7")
    google.hears()
    assert not Receipt.objects.exists()


LEFT_OUT = {
    "private": ({"visibility": "private"}, "private_policy"),
    "free": ({"transparency": "transparent"}, "filtered_rule"),
    "declined": (
        {
            "attendees": [
                {"email": OWN, "responseStatus": "declined"},
                {"email": "grace@example.org", "responseStatus": "accepted"},
            ]
        },
        "filtered_rule",
    ),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_says_why(google, link, name):
    more, reason = LEFT_OUT[name]
    google.pass_time(DAY)
    google.write("Cast wheel 7", **more)
    assert google.hears() == []
    receipt = Receipt.objects.get()
    assert receipt.outcome == reason
    assert name != "private" or b"wheel" not in receipt.hook.body


def test_that_somebody_else_declined_does_not_matter(google, link):
    google.pass_time(DAY)
    google.write("Cast", attendees=[{"email": "grace@example.org", "responseStatus": "declined"}])
    assert google.hears() == ["Cast"]


@pytest.mark.parametrize("kind", ["outOfOffice", "workingLocation", "birthday"])
def test_what_is_nothing_to_get_done_is_not_even_asked_for(google, link, kind):
    google.pass_time(DAY)
    google.write("Away", eventType=kind)
    assert google.hears() == [] and not Receipt.objects.exists()


def test_in_a_calendar_of_several_it_is_of_who_wrote_it_down_once_the_team_knows_them(
    google, shared, grace
):
    google.pass_time(DAY)
    google.write("Cast wheel 7", calendar=ENGINES, by="grace")
    assert google.hears() == [] and Receipt.objects.get().outcome == "no_person"
    known = {"integration_type": "google_calendar", "uid": "grace@example.org"}
    IntegrationUser.objects.create(**known, user=grace, team=shared.team)
    google.write("Test the compiler", calendar=ENGINES, by="grace")
    google.hears()
    assert Entry.objects.get(body="Test the compiler").user == grace


def test_an_invitation_that_names_somebody_who_has_connected_is_not_theirs_by_that(
    google, shared, ada
):
    """Anybody can write any address into an invitation."""
    google.pass_time(DAY)
    forged = {"email": OWN, "displayName": "Ada Lovelace"}
    google.write("Gave away the mill", calendar=ENGINES, by="grace", organizer=forged)
    assert google.hears() == []
    assert Receipt.objects.get().outcome == "no_person"


def test_who_accepted_keeps_nothing_of_what_is_put_off_although_all_must_answer_anew(
    google, made, grace, team
):
    link = made(whose="attendees")
    known = {"integration_type": "google_calendar", "team": team}
    IntegrationUser.objects.create(**known, uid="grace@example.org", user=grace)
    invited = [{"email": "grace@example.org", "responseStatus": "accepted"}]
    google.pass_time(DAY)
    name = google.write("Cast wheel 7", attendees=invited)
    assert google.hears() == ["Cast wheel 7"] and Entry.objects.get().user == grace
    anew = [{"email": "grace@example.org", "responseStatus": "needsAction"}]
    google.write("Cast wheel 7", DAY, id=name, attendees=anew)
    assert google.hears() == []
    google.write("Cast wheel 7", -3 * HOUR, id=name, attendees=invited)
    assert google.hears() == ["Cast wheel 7"]
    google.act("cancel", event=name)
    assert google.hears() == []
    assert link.subject == OWN


def test_all_pages_are_read(google, link):
    google.act("page", size=2)
    google.pass_time(DAY)
    for number in range(5):
        google.write(f"Cast wheel {number}", -(10 - number) * HOUR)
    assert sorted(google.hears()) == [f"Cast wheel {number}" for number in range(5)]
    google.pass_time(DAY)
    for number in range(5, 10):
        google.write(f"Cast wheel {number}", -(10 - number) * HOUR / 10 - HOUR)
    google.act("forget_tokens")
    assert sorted(google.look()) == [f"Cast wheel {number}" for number in range(10)]


def test_where_google_has_forgotten_the_token_nothing_is_missed_and_nothing_doubled(google, link):
    google.pass_time(DAY)
    gone = google.write("Cast wheel 6", -5 * HOUR)
    google.write("Cast wheel 7")
    assert google.hears() == ["Cast wheel 6", "Cast wheel 7"]
    entry = Entry.objects.get(body="Cast wheel 7")
    google.act("forget_hooks")
    google.act("cancel", event=gone)
    google.write("Cast wheel 8")
    google.act("forget_tokens")
    assert google.look() == ["Cast wheel 7", "Cast wheel 8"]
    said = [each["status"] for each in google.calls("/events")]
    assert said.count(410) == 1 and set(said) == {200, 401, 410}
    assert Entry.objects.get(body="Cast wheel 7") == entry and Entry.objects.count() == 3
    google.write("Cast wheel 9")
    assert google.look()[-1] == "Cast wheel 9"


def test_a_server_that_was_away_for_two_months_misses_nothing(google, link):
    google.write("Cast wheel 7", 3 * DAY)
    google.write("Oil the mill", 10 * DAY, recurrence=["RRULE:FREQ=DAILY;COUNT=20"])
    google.pass_time(60 * DAY)
    assert google.look() == ["Cast wheel 7", *["Oil the mill"] * 20]


def test_what_happened_before_can_be_imported_once(google, made):
    google.act("page", size=2)
    for days in range(1, 6):
        google.write(f"Cast wheel {days}", -days * DAY)
    google.write("Of long ago", -50 * DAY)
    google.write("Cancelled", -2 * DAY, id="off")
    google.act("cancel", event="off")
    google.write("Goes on", -HOUR / 2)
    link = made()
    work_off(Backfill.begin(Past.of_days(link, 30), days=30, user=None))
    assert sorted(log()) == [f"Cast wheel {days}" for days in range(1, 6)]
    work_off(Backfill.begin(Past.of_days(link, 30), days=30, user=None))
    assert len(log()) == 5


TROUBLES = [
    ("revoked", {}, "needs_reconnect"),
    ("narrow", {"scope": EVENTS}, "needs_permission"),
]


@pytest.mark.parametrize(("action", "more", "state"), TROUBLES)
def test_what_only_a_person_can_end_shows_and_ends(google, link, connect, action, more, state):
    google.pass_time(DAY)
    google.look()
    google.act("revoke" if action == "revoked" else action, account="ada", **more)
    google.write("Cast wheel 7")
    assert google.look() == []
    link.refresh_from_db()
    assert link.state == state and link.trouble
    connect()
    assert google.look() == ["Cast wheel 7"]
    link.refresh_from_db()
    assert link.state == "active"


def test_an_access_that_runs_out_is_renewed(google, link):
    google.pass_time(DAY)
    google.act("expire", account="ada")
    google.write("Cast wheel 7")
    assert google.look() == ["Cast wheel 7"]


def test_who_asks_too_often_waits_and_nothing_is_wrong(google, link):
    google.pass_time(DAY)
    google.act("faults", fault="429", path="*/events", times=1)
    google.write("Cast wheel 7")
    assert google.hears() == []
    link.refresh_from_db()
    assert (link.state, link.trouble) == ("active", "")
    assert link.poll_at - google.clock() > 12 * MINUTE
    google.pass_time(20 * MINUTE)
    assert google.hears() == ["Cast wheel 7"]


def test_a_calendar_that_is_gone_says_so_and_comes_back_by_itself(google, link, account):
    link.subject = "nobody@example.org"
    link.save()
    google.look()
    link.refresh_from_db()
    assert link.state == "target_gone"
    link.subject = OWN
    link.save()
    google.look()
    link.refresh_from_db()
    assert link.state == "active"


def test_another_calendar_is_watched_from_then_on(google, link, integration):
    google.pass_time(DAY)
    google.write("Of before", calendar=ENGINES)
    change_link(link, {**integration.defaults, "calendar": f"{ENGINES}|Engines"})
    RegisteredHook.drain()
    assert [each["calendar"] for each in google.channels.values()] == [ENGINES]
    assert google.look() == []
    google.pass_time(DAY)
    google.write("In her own")
    google.write("In that of all", calendar=ENGINES)
    assert google.look() == ["In that of all"]


def test_whoever_leaves_takes_their_access_along(google, link, account):
    integration = link.integration
    integration.revoke(account.secrets, None, client_id="")
    assert google.calls("/revoke")[-1]["status"] == 200
    integration.revoke(account.secrets, None, client_id="")
    assert google.calls("/revoke")[-1]["status"] == 400
