"""From a mail at the door to entries, and who is believed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from idonethis.entries.models import Entry
from idonethis.integrations.mails.addresses import MailAddress
from idonethis.integrations.models import Receipt, Suggestion
from idonethis.mailing.models import Answer, MailChoice, writing
from idonethis.mailing.receiving import NotTaken, take
from idonethis.mailing.tests.conftest import logged, mail, read_all
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db
VOUCHED = "mx.example.org; dkim=pass header.d=example.org; spf=none"


@pytest.fixture
def mine(mailed, ada):
    """The address that Ada was given."""
    return str(MailAddress.of_person(mailed.hash_id, ada.email))


@pytest.fixture
def theirs(mailed):
    """The address of the team."""
    return str(MailAddress.of_link(mailed.hash_id))


def send(message, *to):
    take(message.as_bytes(), to or [message["To"]])
    read_all()


def outcomes():
    return list(Receipt.objects.order_by("pk").values_list("outcome", flat=True))


def test_each_line_is_an_entry_as_it_would_be_on_the_page(mine, ada):
    send(mail("Oiled the mill #api\n[] Cast a gear\n! No steam\n", to=mine))
    made = Entry.objects.order_by("pk")
    assert [(each.kind, each.body) for each in made] == [
        ("done", "Oiled the mill #api"),
        ("goal", "Cast a gear"),
        ("blocked", "No steam"),
    ]
    assert {each.user for each in made} == {ada} and {each.created_by for each in made} == {"mail"}
    assert list(made[0].tags.values_list("name", flat=True)) == ["api"]


def test_a_mail_that_comes_twice_is_logged_once(mine, theirs):
    twice = mail(to=mine)
    send(twice)
    send(twice)
    send(twice, mine, theirs)
    assert logged() == ["Oiled the mill"] and len(outcomes()) == 1


def test_its_fate_is_found_by_its_message_id(mine, client, ada):
    send(mail(to=mine, Message_ID="<CA+1815@mail.example.org>"))
    client.force_login(ada)
    answer = client.get("/why", {"q": "<CA+1815@mail.example.org>"})
    assert b"Oiled the mill" in answer.content


def test_a_reply_counts_for_the_day_that_it_answers(mailed, ada, clock):
    clock.shift_to(datetime(2026, 12, 2, 9, tzinfo=UTC))
    address = MailAddress.of_person(mailed.hash_id, ada.email, date(2026, 11, 30))
    send(mail(to=address))
    assert Entry.objects.get().occurred_on == date(2026, 11, 30)


def test_who_answers_a_reminder_once_more_says_each_thing_once(mailed, ada):
    address = MailAddress.of_person(mailed.hash_id, ada.email, date(2026, 11, 26))
    send(mail("Oiled the mill\nCast a gear", to=address))
    send(mail("Oiled the mill\nCast a gear\nFed the cat", to=address))
    assert logged() == ["Oiled the mill", "Cast a gear", "Fed the cat"]


def test_two_like_lines_of_one_mail_are_two(mine):
    send(mail("Call\nCall", to=mine))
    assert logged() == ["Call", "Call"]


def test_a_date_in_the_subject_is_the_day(mine, clock):
    clock.shift_to(datetime(2026, 12, 2, 9, tzinfo=UTC))
    send(mail(to=mine, Subject="Done on 2026-11-27"))
    send(mail("Not yet", to=mine, Subject="Done on 2027-11-27"))
    assert [each.occurred_on for each in Entry.objects.order_by("pk")] == [
        date(2026, 11, 27),
        date(2026, 12, 2),
    ]


def test_what_a_mail_says_of_its_time_counts_only_where_it_can_be(mine, clock):
    clock.shift_to(datetime(2026, 12, 2, 9, tzinfo=UTC))
    send(mail("Late", to=mine, Date="Tue, 01 Dec 2026 18:00:00 +0000"))
    send(mail("Broken", to=mine, Date="Thu, 01 Jan 1970 00:00:00 +0000"))
    days = [each.occurred_on for each in Entry.objects.order_by("pk")]
    assert days[0] == date(2026, 12, 1) and days[1] > date(2026, 11, 1)


def test_a_forged_sender_is_no_more_than_a_suggestion(theirs, ada):
    """Mallory writes as Ada to the team’s address."""
    send(mail("Sold the mill", to=theirs))
    assert logged() == [] and outcomes() == ["draft_pending"]
    assert Suggestion.objects.get().user == ada


def test_what_was_suggested_is_logged_when_its_person_says_so(theirs, ada, client):
    send(mail(to=theirs))
    client.force_login(ada)
    waiting = Suggestion.objects.get()
    Suggestion.objects.of(ada).pending().filter(pk=waiting.pk).move_to("accepted")
    Receipt.objects.about([waiting.hash_id]).replay()
    read_all()
    assert logged() == ["Oiled the mill"]


def test_an_address_proves_nobody_but_whom_it_was_given(mine, grace):
    """Grace found Ada’s, or was forwarded a reminder; or Ada writes as Grace by her own."""
    send(mail("Not Ada’s", to=mine, sender=grace.email))
    assert logged() == [] and Suggestion.objects.get().user == grace


def test_a_second_address_of_hers_is_hers_but_proves_nothing(mine, ada):
    EmailAddress.objects.create(user=ada, email="ada@lovelace.example", verified=True)
    send(mail(to=mine, sender="ada@lovelace.example"))
    assert logged() == [] and Suggestion.objects.get().user == ada


@pytest.mark.parametrize(
    ("said", "is_believed"),
    [
        (VOUCHED, True),
        ("mx.example.org; dmarc=pass (p=reject) header.from=example.org", True),
        ("mx.example.org; spf=pass smtp.mailfrom=ada@example.org", True),
        (
            "mx.example.org; dkim=pass header.d=example.net; spf=pass smtp.mailfrom=m@example.net",
            False,
        ),
        ("mx.example.org; dkim=fail header.d=example.org", False),
        ("mx.example.org; dkim=pass header.d=example.org.example.net", False),
        ("mx.example.net; dkim=pass header.d=example.org", False),
        ("mx.example.org.example.net; dkim=pass header.d=example.org", False),
        ("mx.example.net (mx.example.org; dkim=pass header.d=example.org); none", False),
        ("mx.example.org; none", False),
    ],
)
def test_the_mail_server_in_front_may_vouch_for_a_sender(theirs, settings, said, is_believed):
    settings.MAIL_TRUSTED = ["mx.example.org"]
    send(mail(to=theirs, Authentication_Results=said))
    assert (logged() == ["Oiled the mill"]) is is_believed


def test_nobody_else_may_and_only_the_topmost_word_counts(theirs, settings):
    raw = mail(to=theirs, Authentication_Results=VOUCHED).as_bytes()
    take(raw, [theirs])
    settings.MAIL_TRUSTED = ["mx.example.org"]
    below = (
        b"Authentication-Results: mx.example.org; dkim=none\n"
        + mail(to=theirs, Authentication_Results=VOUCHED).as_bytes()
    )
    read = lambda: read_all() or logged()  # noqa: E731
    settings.MAIL_TRUSTED = []
    assert read() == []
    settings.MAIL_TRUSTED = ["mx.example.org"]
    take(below, [theirs])
    assert read() == []


def test_two_senders_are_none(theirs, mine):
    both = mail(to=mine, sender="ada@example.org, mallory@example.net")
    send(both)
    assert logged() == [] and outcomes() == ["bot"]


def test_an_address_that_somebody_made_up_is_none(mailed, ada, settings):
    real = str(MailAddress.of_link(mailed.hash_id))
    local, _, domain = real.partition("@")
    for address in (
        f"log+{mailed.hash_id}@{domain}",
        f"log+{mailed.hash_id}.aaaaaaaaaaaa@{domain}",
        f"{local}@elsewhere.example",
        f"{local[:-1]}@{domain}",
        real.replace("log+", "other+"),
    ):
        with pytest.raises(NotTaken):
            take(mail(to=address, sender="mallory@example.net").as_bytes(), [address])
    assert not Receipt.objects.exists()
    assert MailAddress.read(real.upper()) == MailAddress.of_link(mailed.hash_id)


def test_an_address_holds_after_the_key_has_changed_until_the_link_goes(mine, mailed, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    send(mail(to=mine))
    assert logged() == ["Oiled the mill"]
    mailed.delete()
    with pytest.raises(NotTaken):
        take(mail(to=mine).as_bytes(), [mine])


def test_to_the_plain_address_one_may_write_who_writes_in_one_team(mailed, ada, settings):
    send(mail(to="log@in.example.org"))
    assert Suggestion.objects.get().user == ada
    other = Team.objects.found("Other", admin=ada)
    type(mailed).objects.create(integration_type="mail", team=other, user=ada)
    with pytest.raises(NotTaken):
        send(mail(to="log@in.example.org"))
    with pytest.raises(NotTaken):
        send(mail(to="log@in.example.org", sender="mallory@example.net"))
    assert not Answer.objects.exists()


PROGRAMS = [
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "auto-generated"},
    {"Precedence": "bulk"},
    {"Precedence": "list"},
    {"List_Id": "<gears.example.org>"},
    {"Return_Path": "<>"},
    {"sender": "MAILER-DAEMON@example.org"},
    {"sender": "log@in.example.org"},
    {"Message_ID": "<reminder-x-y-2026-11-30@testserver>"},
]


@pytest.mark.parametrize("headers", PROGRAMS)
def test_what_a_program_writes_is_neither_logged_nor_answered(mine, theirs, headers):
    for address in (mine, theirs):
        send(mail(to=address, **headers))
    assert logged() == [] and not Answer.objects.exists() and not Suggestion.objects.exists()
    assert set(outcomes()) == {"bot"}


def test_a_stranger_is_answered_once_a_day(theirs, sink):
    for number in range(5):
        send(mail(f"Hello {number}", to=theirs, sender="stranger@example.net"))
    while Answer.drain():
        pass
    [answer] = sink.mails
    assert answer["To"] == "stranger@example.net" and answer["Auto-Submitted"] == "auto-replied"
    assert answer["Subject"] == "Re: Today" and answer["In-Reply-To"]
    assert "add this address to yours" in answer.get_content()
    assert outcomes() == ["no_person"] * 5


def test_whoever_gets_to_know_the_address_logs_what_was_kept(theirs, grace):
    send(mail(to=theirs, sender="grace@navy.example"))
    assert logged() == []
    EmailAddress.objects.create(user=grace, email="grace@navy.example", verified=True)
    Receipt.objects.filter(outcome="no_person").replay()
    read_all()
    assert Suggestion.objects.get().user == grace


def test_two_servers_that_answer_each_other_stop_at_once(theirs, sink):
    """One is ours; the other answers everything, as ours does, and says so."""
    send(mail(to=theirs, sender="stranger@example.net"))
    for _ in range(10):
        while Answer.drain():
            pass
        for heard in sink.mails:
            send(mail(to=theirs, sender=heard["To"], Auto_Submitted=heard["Auto-Submitted"]))
            heard.replace_header("To", theirs)
            send(heard, theirs)
    assert len(sink.mails) == 1


def test_a_program_that_answers_everything_and_says_nothing_is_answered_once_a_day(
    theirs, sink, clock
):
    send(mail(to=theirs, sender="robot@example.net"))
    answered = 0
    for _ in range(10):
        while Answer.drain():
            pass
        new, answered = sink.mails[answered:], len(sink.mails)
        for _ in new:
            send(mail("Thank you!", to=theirs, sender="robot@example.net"))
    assert len(sink.mails) == 1


def test_a_header_of_a_stranger_adds_none_to_the_answer(theirs, sink):
    raw = mail(to=theirs, sender="stranger@example.net").as_bytes()
    raw = raw.replace(b"Subject: Today", b"Subject: =?utf-8?q?Hi=0D=0ABcc:_ada=40example.org?=")
    take(raw, [theirs])
    while Answer.drain():
        pass
    [answer] = sink.mails
    assert answer["Bcc"] is None and answer["Subject"].startswith("Re: Hi")


def test_a_reminder_can_be_answered_only_where_mail_is_taken(team, ada, mailed, settings):
    choice = MailChoice.objects.of(ada.memberships.get(team=team))["reminder"]
    day = date(2026, 11, 30)
    [address] = writing(choice, day).message().reply_to
    assert MailAddress.read(address).date == day
    assert MailAddress.read(address).is_proof_of("ADA@example.org")
    assert "Reply with what you got done" in writing(choice, day).text
    settings.MAIL_ADDRESS = ""
    assert not writing(choice, day).message().reply_to


def test_each_sees_their_own_address_and_nobody_elses(client, ada, grace, mailed, mine):
    client.force_login(ada)
    assert mine in client.get("/t/analytical-engines/mails").content.decode()
    client.force_login(grace)
    shown = client.get("/t/analytical-engines/mails").content.decode()
    assert mine not in shown and "Log by mail" in shown


def test_who_may_see_what_came_in_does_not_see_the_address(client, mine, ada, grace, mailed):
    theirs = str(MailAddress.of_person(mailed.hash_id, grace.email))
    send(mail(to=theirs, sender=grace.email))
    client.force_login(ada)
    shown = client.get(f"/receipts/{Receipt.objects.get().pk}").content.decode()
    assert "grace@example.org" in shown and MailAddress.read(theirs).proof not in shown


def test_a_long_text_is_no_list_of_work(mine):
    send(mail("\n".join(f"Line {number}" for number in range(101)), to=mine))
    assert logged() == [] and outcomes() == ["unsupported_event"]


def test_attachments_are_left_out_with_a_word(mine):
    message = mail(to=mine)
    message.add_attachment(b"x", maintype="image", subtype="png", filename="mill.png")
    send(message)
    assert Receipt.objects.get().event == "mail, 1 attachment left out"
    assert logged() == ["Oiled the mill"]


def test_what_is_too_large_is_not_read(mine):
    with pytest.raises(NotTaken, match="10 MB"):
        take(b"x" * (10 * 1024 * 1024 + 1), [mine])


def test_a_paused_link_keeps_what_comes(mine, mailed):
    mailed.pause()
    send(mail(to=mine))
    assert outcomes() == ["link_paused"] and logged() == []


def test_time_is_no_reason_to_believe(theirs, clock):
    clock.shift(timedelta(days=400))
    send(mail(to=theirs))
    assert logged() == []
