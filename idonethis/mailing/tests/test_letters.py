"""From what somebody wants to what their mail program gets, over a real mail server."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from smtplib import SMTP

import pytest
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.models import Notice
from idonethis.mailing import planning
from idonethis.mailing.models import Letter, MailChoice
from idonethis.mailing.models.writing import long_ago
from idonethis.mailing.tests.conftest import run
from idonethis.teams.models import Membership, Team

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
FIVE = MONDAY.replace(hour=17)


@pytest.fixture(autouse=True)
def monday(clock, sink, team):
    clock.shift_to(MONDAY)
    run()
    sink.mails.clear()


def log(team, user, body="Oiled the mill", **facts):
    return Entry.objects.log(Draft(body=body, **facts), team=team, user=user)


def test_at_five_everybody_is_reminded_once(at, sink, ada, grace):
    at(FIVE)
    at(FIVE + timedelta(minutes=5))
    assert sorted(mail["To"] for mail in sink.mails) == [ada.email, grace.email]
    [mail] = sink.to(ada.email)
    assert mail["Subject"] == "Analytical Engines: What did you get done? (Mon 30 Nov)"


def test_at_five_by_their_own_clock(at, sink, ada):
    ada.time_zone = "America/New_York"
    ada.save()
    at(FIVE)
    assert not sink.to(ada.email)
    at(FIVE + timedelta(hours=5))
    assert len(sink.to(ada.email)) == 1


def test_who_has_written_that_day_is_not_reminded(at, sink, team, ada, grace):
    log(team, ada)
    at(FIVE)
    assert [mail["To"] for mail in sink.mails] == [grace.email]


def test_who_writes_between_the_plan_and_the_mail_is_not_reminded(clock, sink, team, ada):
    clock.shift_to(FIVE)
    while planning.drain():
        pass
    log(team, ada)
    while Letter.drain():
        pass
    assert not sink.to(ada.email)
    assert set(Letter.objects.values_list("state", flat=True)) == {"moot", "done"}


def test_nobody_is_reminded_on_sunday_unless_they_say_so(at, sink, ada, grace, choose):
    choose(grace, "reminder", days=[6], at=time(9))
    at(datetime(2026, 12, 5, 23, tzinfo=UTC))
    sink.mails.clear()
    at(datetime(2026, 12, 6, 20, tzinfo=UTC))
    assert not sink.to(ada.email) and not sink.to(grace.email)  # too late, by six hours and more
    at(datetime(2026, 12, 13, 9, tzinfo=UTC))
    assert len(sink.to(grace.email)) == 1


def test_a_reminder_at_night_is_about_the_day_that_lasts(at, sink, team, ada, choose):
    ada.day_ends_at, ada.time_zone = 4, "Europe/Berlin"
    ada.save()
    choose(ada, "reminder", at=time(2, 30), days=range(7))
    at(datetime(2026, 12, 1, 1, 30, tzinfo=UTC))
    assert Letter.objects.get(choice__membership__user=ada).day == date(2026, 11, 30)


def test_on_the_day_that_skips_its_hour_a_reminder_comes_once(at, clock, sink, ada, choose):
    ada.time_zone = "Europe/Berlin"
    ada.save()
    at(datetime(2027, 3, 27, 12, tzinfo=UTC))
    choose(ada, "reminder", at=time(2, 30), days=range(7))
    sink.mails.clear()
    for minutes in range(0, 180, 15):
        at(datetime(2027, 3, 28, 0, tzinfo=UTC) + timedelta(minutes=minutes))
    assert len(sink.to(ada.email)) == 1


def test_observers_read_and_are_not_reminded(at, sink, team, grace, ada):
    team.memberships.get(user=grace).become(Membership.Role.OBSERVER)
    at(FIVE)
    assert not sink.to(grace.email)
    log(team, ada)
    at(datetime(2026, 12, 1, 8, 30, tzinfo=UTC))
    assert len(sink.to(grace.email)) == 1


def test_nobody_is_mailed_about_their_own_private_log(at, sink, ada):
    Team.objects.personal(ada)
    run()
    at(FIVE)
    assert len(sink.to(ada.email)) == 1


def test_who_never_answers_is_asked_less_and_then_left_in_peace(at, sink, ada):
    sent = []
    for day in range(90):
        at(FIVE + timedelta(days=day))
        sent += [day] * len(sink.to(ada.email))
        sink.mails.clear()
    assert sent == [0, 1, 2, 3, 4, 11, 18, 25, 32]


def test_the_last_reminder_says_so_and_writing_brings_them_back(at, sink, team, ada):
    choice = MailChoice.objects.get(membership__user=ada, kind="reminder")
    MailChoice.objects.filter(pk=choice.pk).update(
        unanswered=8, last_sent_at=MONDAY - timedelta(days=8)
    )
    at(FIVE)
    assert "the last one until you write" in str(sink.to(ada.email)[0].get_body(("plain",)))
    at(FIVE + timedelta(days=8))
    assert len(sink.to(ada.email)) == 1
    log(team, ada)
    at(FIVE + timedelta(days=9))
    assert len(sink.to(ada.email)) == 2


def test_the_digest_tells_what_the_team_did_the_day_before(at, sink, team, ada, grace):
    log(team, ada, "Oiled <b>the</b> mill #api")
    log(team, grace, "Find the moth", kind="blocked")
    at(datetime(2026, 12, 1, 8, 30, tzinfo=UTC))
    [mail] = sink.to(ada.email)
    assert mail["Subject"] == "Analytical Engines, Mon 30 Nov: 1 done, 1 blocked"
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Ada Lovelace\n✓ Oiled <b>the</b> mill #api" in text and "Find the moth" in text
    assert "Oiled &lt;b&gt;the&lt;/b&gt; mill" in html and "prefers-color-scheme: dark" in html
    assert "src=" not in html and "http://testserver/t/analytical-engines" in html


def test_after_a_quiet_day_there_is_no_digest(at, sink):
    at(datetime(2026, 12, 1, 8, 30, tzinfo=UTC))
    assert sink.mails == []


def test_it_brings_back_what_its_reader_wrote_a_year_ago(at, sink, team, ada, grace):
    at(datetime(2026, 12, 1, 8, tzinfo=UTC))
    sink.mails.clear()
    for day, body in ((date(2025, 11, 30), "Learnt cobol"), (date(2026, 11, 23), "Last week")):
        when = datetime.combine(day, time(12), UTC)
        log(team, grace, body, occurred_at=when)
    log(team, ada, occurred_at=MONDAY)
    at(datetime(2026, 12, 1, 8, 30, tzinfo=UTC))
    told = {
        who.email: sink.to(who.email)[0].get_body(("plain",)).get_content() for who in (ada, grace)
    }
    assert "A year ago, 30 November 2025, you wrote\n✓ Learnt cobol" in told[grace.email]
    assert "Last week" not in told[grace.email] and "Learnt" not in told[ada.email]


def test_a_month_or_a_year_ago_is_a_day_that_there_was():
    assert long_ago(date(2028, 2, 29))["A year ago"] == date(2027, 2, 28)
    assert long_ago(date(2026, 3, 31))["A month ago"] == date(2026, 2, 28)
    assert long_ago(date(2026, 1, 1))["A month ago"] == date(2025, 12, 1)


def test_every_mail_says_that_a_program_wrote_it_and_how_to_end_it(at, sink, ada):
    at(FIVE)
    [mail] = sink.to(ada.email)
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Precedence"] == "bulk"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip().startswith("<http://testserver/mails/stop/")
    assert mail["Message-ID"].endswith("2026-11-30@testserver>")
    assert mail.is_multipart() and mail.get_content_type() == "multipart/alternative"


def test_a_name_with_a_line_break_adds_no_header(at, sink, team, ada):
    team.name = "Engines\r\nBcc: mallory@example.net"
    team.save()
    at(FIVE)
    [mail] = sink.to(ada.email)
    assert mail["Bcc"] is None and mail["Subject"].startswith("Engines")


def test_two_planners_make_one_letter(clock, sink, monkeypatch):
    clock.shift_to(FIVE)
    seen = list(MailChoice.objects.due(10))
    for choice in [*seen, *seen]:
        planning._plan(choice)
    assert Letter.objects.count() == 2


def test_whoever_dies_with_a_mail_in_hand_leaves_it_to_the_next(clock, sink, ada):
    """The attempt was counted, the mail perhaps sent: it is the same mail to its reader."""
    clock.shift_to(FIVE)
    planning.drain()
    dead = Letter._claimed()
    for letter in dead:
        letter.message().send()
    clock.shift(timedelta(minutes=4))
    while Letter.drain():
        pass
    first, second = sink.to(ada.email)
    assert first["Message-ID"] == second["Message-ID"]
    assert set(Letter.objects.values_list("state", flat=True)) == {"done"}


def test_a_plan_and_its_next_time_are_kept_together_or_not_at_all(clock, sink, monkeypatch):
    clock.shift_to(FIVE)
    choice = next(due for due in MailChoice.objects.due(10) if due.kind == "reminder")

    def dies(*rows, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Letter.objects, "bulk_create", dies)
        planning._plan(choice)
    choice.refresh_from_db()
    assert choice.next_at <= timezone.now()
    run()
    assert Letter.objects.filter(choice=choice).count() == 1


def test_a_mail_server_that_is_away_is_waited_for(clock, sink, ada):
    sink.answer = "451 try later"
    clock.shift_to(FIVE)
    run()
    letter = Letter.objects.filter(choice__membership__user=ada).get()
    assert letter.state == "due" and "try later" in letter.trouble
    sink.answer = "250 taken"
    clock.shift(timedelta(minutes=2))
    run()
    assert len(sink.to(ada.email)) == 1


def test_a_reminder_that_comes_a_day_late_does_not_come(clock, sink):
    sink.answer = "451 try later"
    clock.shift_to(FIVE)
    run()
    sink.answer = "250 taken"
    clock.shift(timedelta(hours=10))
    while Letter.drain():
        pass
    assert sink.mails == [] and set(Letter.objects.values_list("state", flat=True)) == {"moot"}


def test_a_mailbox_that_there_is_not_is_not_tried_for_ever(at, sink, ada, grace):
    sink.refuses = {ada.email}
    at(FIVE)
    states = dict(Letter.objects.values_list("choice__membership__user__email", "state"))
    assert states == {ada.email: "failed", grace.email: "done"}


def test_without_a_mail_server_nothing_is_planned(at, settings):
    settings.EMAIL_HOST = ""
    at(FIVE)
    assert not Letter.objects.exists()


def test_a_thousand_reminders_hold_up_no_notice(clock, sink, team, settings):
    """They are sent by workers of their own, a few at a time each."""
    clock.shift_to(FIVE)
    planning.drain()
    assert Letter.drain() and Letter.drain.__func__ is Notice.drain.__func__
    with SMTP("127.0.0.1", settings.EMAIL_PORT) as free:
        assert free.noop()[0] == 250
