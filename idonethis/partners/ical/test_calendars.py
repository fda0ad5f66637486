from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from django.core.exceptions import ValidationError

from idonethis.entries.drafts import NOBODY, Draft, Retract
from idonethis.integrations.base import Hook, Ignored, Never
from idonethis.integrations.plain_link import PlainLink
from idonethis.partners.ical import calendars
from idonethis.partners.ical.calendars import Calendar
from idonethis.partners.ical.forms import CalendarAddressField
from idonethis.partners.ical.integration import Ical
from idonethis.partners.ical.news import News

BEGIN = datetime(2026, 11, 16, tzinfo=UTC)
END = datetime(2026, 11, 30, tzinfo=UTC)
WEEKLY = """UID:oil
SUMMARY:Oil the mill
DTSTART;TZID=Europe/London:20261001T090000
DTEND;TZID=Europe/London:20261001T093000
RRULE:FREQ=WEEKLY"""
BERLIN = "X-WR-TIMEZONE:Europe/Berlin\n"


def written(*events: str, head: str = "") -> bytes:
    texts = "".join(f"BEGIN:VEVENT\n{lines}\nEND:VEVENT\n" for lines in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{texts}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def found(*events: str, head: str = ""):
    return Calendar.of(written(*events, head=head)).occurrences(BEGIN, END)


def spans(*events: str, head: str = ""):
    return [(each["starts"][:16], each["ends"][:16]) for each in found(*events, head=head)]


def test_an_event_that_recurs_is_each_of_its_occurrences_with_a_name_of_its_own():
    assert [(each["id"], each["starts"]) for each in found(WEEKLY)] == [
        ("oil:2026-11-19", "2026-11-19T09:00:00+00:00"),
        ("oil:2026-11-26", "2026-11-26T09:00:00+00:00"),
    ]


def test_one_that_was_taken_out_is_none():
    taken_out = f"{WEEKLY}\nEXDATE;TZID=Europe/London:20261119T090000"
    assert [each["id"] for each in found(taken_out)] == ["oil:2026-11-26"]


def test_one_that_was_moved_keeps_its_name():
    moved = """UID:oil
SUMMARY:Oil the mill later
RECURRENCE-ID;TZID=Europe/London:20261119T090000
DTSTART;TZID=Europe/London:20261120T140000
DTEND;TZID=Europe/London:20261120T143000"""
    first, second = found(WEEKLY, moved)
    assert (first["id"], first["starts"][:16]) == ("oil:2026-11-19", "2026-11-20T14:00")
    assert first["title"] == "Oil the mill later" and second["title"] == "Oil the mill"


def test_all_that_are_moved_together_keep_names_of_their_own():
    moved = """UID:oil
SUMMARY:Oil
RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/London:20261112T090000
DTSTART;TZID=Europe/London:20261112T100000
DTEND;TZID=Europe/London:20261112T103000"""
    assert [each["starts"][11:16] for each in found(WEEKLY, moved)] == ["10:00", "10:00"]
    assert [each["id"][-10:] for each in found(WEEKLY, moved)] == ["2026-11-19", "2026-11-26"]


def test_another_time_of_the_day_for_all_makes_no_new_names():
    later = WEEKLY.replace("T09", "T11")
    assert [each["id"] for each in found(later)] == [each["id"] for each in found(WEEKLY)]


def test_two_on_one_day_have_two_names():
    twice = f"{WEEKLY}\nRDATE;TZID=Europe/London:20261119T170000"
    assert len({each["id"] for each in found(twice)}) == len(found(twice)) == 3


def test_an_event_without_a_rule_keeps_its_name_wherever_it_is_moved():
    once = "UID:fair\nSUMMARY:Fair\nDTSTART:202611{}T090000Z\nDURATION:PT1H"
    assert [found(once.format(day))[0]["id"] for day in (19, 20)] == ["fair:", "fair:"]


def test_summer_ends_where_the_event_is_and_not_here():
    assert "2026-11-19T09:00" in spans(WEEKLY)[0][0]
    berlin = WEEKLY.replace("Europe/London", "America/New_York")
    assert "2026-11-19T14:00" in spans(berlin)[0][0]


def test_times_without_a_zone_are_meant_where_the_calendar_is():
    floating = "UID:a\nSUMMARY:a\nDTSTART:20261119T090000\nDTEND:20261119T100000"
    assert spans(floating, head=BERLIN) == [("2026-11-19T08:00", "2026-11-19T09:00")]
    assert spans(floating) == [("2026-11-19T09:00", "2026-11-19T10:00")]
    nowhere = BERLIN.replace("Berlin", "../../etc/passwd")
    assert spans(floating, head=nowhere) == spans(floating)


def test_what_recurs_keeps_its_hour_where_the_calendar_is():
    weekly = "UID:a\nSUMMARY:a\nDTSTART:20261001T080000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    assert spans(weekly, head=BERLIN)[0][0] == "2026-11-19T09:00"


def test_a_zone_that_the_calendar_brings_along_counts():
    zone = """BEGIN:VTIMEZONE
TZID:Mill time
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0300
TZOFFSETTO:+0300
END:STANDARD
END:VTIMEZONE
"""
    there = "UID:a\nSUMMARY:a\nDTSTART;TZID=Mill time:20261119T090000\nDURATION:PT1H"
    assert spans(there, head=zone) == [("2026-11-19T06:00", "2026-11-19T07:00")]


def test_whole_days_are_over_when_the_last_of_them_is():
    fair = "UID:a\nSUMMARY:Fair\nDTSTART;VALUE=DATE:20261119\nDTEND;VALUE=DATE:20261122"
    [said] = found(fair, head=BERLIN)
    assert (said["day"], said["ends"][:16]) == ("2026-11-21", "2026-11-21T23:00")
    [said] = found(fair.replace("\nDTEND;VALUE=DATE:20261122", ""))
    assert (said["day"], said["ends"][:16]) == ("2026-11-19", "2026-11-20T00:00")


def test_the_title_of_what_is_private_stays_there():
    [said] = found(
        "UID:a\nSUMMARY:Doctor\nCLASS:PRIVATE\nURL:https://doctor.example.org"
        "\nDTSTART:20261119T090000Z"
    )
    assert said["private"] and b"octor" not in orjson.dumps(said)


def test_people_are_read_and_rooms_are_none():
    [said] = found(
        "UID:a\nSUMMARY:a\nDTSTART:20261119T090000Z\n"
        "ORGANIZER;CN=Ada Lovelace:mailto:Ada@example.org\n"
        "ATTENDEE;PARTSTAT=ACCEPTED;CN=Grace:MAILTO:grace@example.org\n"
        "ATTENDEE;CUTYPE=ROOM;PARTSTAT=ACCEPTED:mailto:mill@example.org\n"
        "ATTENDEE:urn:uuid:1815"
    )
    assert said["organizer"]["email"] == "ada@example.org"
    assert said["attendees"] == [
        {"email": "grace@example.org", "name": "Grace", "says": "ACCEPTED"}
    ]


def test_one_event_that_makes_no_sense_hides_none_of_the_others():
    without_start = "UID:b\nSUMMARY:b"
    wrong_rule = WEEKLY.replace("oil", "c").replace("WEEKLY", "NEVERLY")
    assert len(found(without_start, wrong_rule, WEEKLY)) == 2


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;BYHOUR=25",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYHOUR=1,2;BYMINUTE=1,2,3",
    ],
)
def test_rules_that_run_away_are_not_followed(rule):
    begun = WEEKLY.replace("FREQ=WEEKLY", rule).replace("2026", "1970")
    assert len(found(begun, WEEKLY.replace("oil", "mill"))) == 2


def test_rules_that_are_searched_for_ages_end_with_a_sentence(monkeypatch):
    monkeypatch.setattr(calendars, "PATIENCE", 0.1)
    never = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    events = [WEEKLY.replace("oil", f"o{n}").replace("FREQ=WEEKLY", never) for n in range(9)]
    with pytest.raises(Never, match="takes too long"):
        found(*events)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"\xff\xfe", b"<html>", b"BEGIN:VCALENDAR", b"BEGIN:VEVENT\r\nEND:VEVENT",
        b"BEGIN:VCALENDAR\r\n" * 20_000, b":" * 100_000, b"END:VCALENDAR\r\n",
    ],
)  # fmt: skip
def test_what_is_no_calendar_says_so(body):
    with pytest.raises(Never, match="no calendar"):
        Calendar.of(body)


HOSTILE = [
    "DTSTART:00010101T000000Z\nRRULE:FREQ=YEARLY",
    "DTSTART:20261119T090000Z\nDTEND:99991231T235959Z",
    "DTSTART:20261119T090000Z\nDURATION:P99999999999D",
    "DTSTART:20261119T090000Z\nDTEND;VALUE=DATE:20261120",
    "DTSTART;VALUE=DATE:20261119\nDTEND:20261119T090000Z",
    "DTSTART:20261119T090000Z\nDTEND:20261118T090000Z",
    "DTSTART:20261119T090000Z\nDTSTART:20261120T090000Z",
    "DTSTART;TZID=Nowhere/../..:20261119T090000",
    "DTSTART:20261119T090000Z\nRRULE:FREQ=DAILY;COUNT=-1;UNTIL=x",
    "DTSTART:20261119T090000Z\nRECURRENCE-ID:x\nUID:y\nUID:z",
    "DTSTART:20261119T090000Z\nRDATE;VALUE=PERIOD:20261120T090000Z/PT1H\nSEQUENCE:x",
    "DTSTART:20261119T090000Z\nORGANIZER:\nATTENDEE;PARTSTAT:x\nCLASS:\nURL:javascript:alert(1)",
    "DTSTART:20261119T090000Z\nSUMMARY:\\n\\n\x07" + "x" * 10_000,
]


@pytest.mark.parametrize("lines", HOSTILE, ids=lambda lines: lines[:60])
def test_hostile_events_break_nothing(lines):
    for said in found(f"UID:a\n{lines}"):
        for event in read(said):
            assert isinstance(event, Draft | Ignored)


def test_only_what_is_new_since_the_link_was_made_is_told():
    first = found(WEEKLY)
    since = {"since": "2026-11-19T09:29:59+00:00"}
    assert len(News(END, since).hooks(first)) == 2
    assert len(News(END, since | News(END, since).cursor(first)).hooks(first)) == 0
    renamed = found(WEEKLY.replace("Oil", "Clean"))
    assert len(News(END, since | News(END, since).cursor(first)).hooks(renamed)) == 2
    assert len(News(END, {"since": "2026-11-19T09:30:00+00:00"}).hooks(first)) == 1
    assert News(END, {}).hooks(first) == ()


def read(said, **config):
    return list(Ical().read(Hook(orjson.dumps(said)), PlainLink(config=config)))


def fixture(name):
    return orjson.loads((Path(__file__).parent / "fixtures" / f"{name}.json").read_bytes())


def test_it_is_of_who_made_the_link_or_of_those_whom_the_calendar_names():
    over = fixture("over")
    assert [each.actor for each in read(over)] == [NOBODY]
    assert [each.actor.email for each in read(over, whose="organizer")] == ["ada@example.org"]
    both = read(over, whose="attendees")
    assert [each.actor.uid for each in both] == ["ada@example.org", "grace@example.org"]
    assert len({each.key for each in both}) == 2
    assert not any(each.actor.vouched for each in both)
    nobody = fixture("whole_days")
    assert [each.actor for each in read(nobody, whose="attendees")] == [NOBODY]


def test_whole_days_are_logged_on_the_last():
    [draft] = read(fixture("whole_days"))
    assert (str(draft.day), draft.occurred_at) == ("2026-11-22", None)


def test_what_is_cancelled_goes_under_the_same_key():
    [draft], [retract] = read(fixture("over")), read(fixture("cancelled"))
    assert isinstance(retract, Retract) and retract.key == draft.key


def test_what_is_shown_as_free_or_declined_is_left_out_unless_asked_for():
    free, over = fixture("ignored__free"), fixture("over")
    assert isinstance(read(free)[0], Ignored) and isinstance(read(free, free=True)[0], Draft)
    assert isinstance(read(over, me="Mallory@example.net")[0], Ignored)
    assert isinstance(read(over, me="grace@example.org")[0], Draft)


@pytest.mark.parametrize(
    ("words", "is_wanted"),
    [
        ("", True),
        ("wheel", True),
        ("mill, CAST", True),
        ("whee", False),
        ("(", False),
        (" , ", True),
    ],
)
def test_a_title_must_have_one_of_the_words(words, is_wanted):
    assert isinstance(read(fixture("over"), words=words)[0], Draft) == is_wanted


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("webcal://mill.example.org/a.ics", "https://mill.example.org/a.ics"),
        ("WEBCAL://mill.example.org/a.ics", "https://mill.example.org/a.ics"),
        ("https://mill.example.org/a.ics", "https://mill.example.org/a.ics"),
        ("mill.example.org/a.ics", "https://mill.example.org/a.ics"),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
    ],
)
def test_an_address_for_calendars_is_one_of_the_web(typed, meant):
    field = CalendarAddressField(assume_scheme="https")
    if meant:
        assert field.clean(typed) == meant
    else:
        with pytest.raises(ValidationError):
            field.clean(typed)
