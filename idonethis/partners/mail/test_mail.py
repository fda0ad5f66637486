from __future__ import annotations

import orjson
from allauth.account.models import EmailAddress
from django.test import override_settings

from idonethis.entries.models import Entry
from idonethis.integrations.mails.addresses import MailAddress
from idonethis.integrations.models import Receipt, Suggestion
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook
from idonethis.mailing.receiving import take
from idonethis.partners.mail import services


class MailTest(HookTestCase):
    """What mail services pass on reads as the mail itself does."""

    def setUp(self):
        super().setUp()
        EmailAddress.objects.create(user=self.ada, email=self.ada.email, verified=True)

    def test_a_sender_whom_nobody_vouches_for_is_only_suggested(self):
        assert self.send("mail__postmark").status_code == 200
        assert not Entry.objects.exists()
        assert set(Suggestion.objects.values_list("body", flat=True)) == {
            "Oiled the mill",
            "Write the notes #api",
        }

    def test_whom_the_mail_server_in_front_vouches_for_is_believed(self):
        assert self.send("mail__mailgun").status_code == 200
        assert [entry.body for entry in Entry.objects.order_by("pk")] == [
            "Cast a gear",
            "Write the notes #api",
        ]

    def test_an_answering_machine_makes_no_entry(self):
        self.check_ignored("ignored__mail__away", "bot")

    @override_settings(MAIL_ADDRESS="log@in.example.org")
    def test_by_two_ways_it_is_one_mail(self):
        """By a service as JSON, by another as a form with files, and by a door of ours."""
        mine = str(MailAddress.of_person(self.link.hash_id, self.ada.email))
        raw = mail_to(mine)
        self.post_hook(orjson.dumps({"RawEmail": raw.decode()}))
        body, headers = multipart(email=raw)
        self.post_hook(body, headers=headers)
        take(b"Received: from mail.example.org by mx.example.org\r\n" + raw, [mine])
        while Receipt.drain():
            pass
        assert [entry.body for entry in Entry.objects.all()] == ["Räder geölt"]
        assert Receipt.objects.count() == 1

    def test_a_service_that_sends_no_whole_mail_is_told_so(self):
        for body in (b"{}", b"[]", b'{"RawEmail": 7}', b'{"RawEmail": "no mail"}'):
            assert self.post_hook(body).status_code == 400
        assert not Receipt.objects.exists()

    def test_without_the_password_nothing_is_taken(self):
        body = orjson.dumps({"RawEmail": mail_to("x@example.org").decode()})
        assert self.post_hook(body, signed=False).status_code == 401

    def test_a_form_with_files_holds_the_mail_as_it_came(self):
        raw = mail_to("log@in.example.org")
        body, headers = multipart(email=raw, subject=b"Today", envelope=b'{"to":["x"]}')
        [in_form] = services.mails(Hook(body, headers))
        assert in_form.strip() == raw.strip()
        assert services.mails(Hook(raw, {"content-type": "message/rfc822"})) == [raw]


def mail_to(address):
    lines = (
        "From: Ada Lovelace <ada@example.org>",
        f"To: {address}",
        "Subject: Today",
        "Message-ID: <CA+1906@mail.example.org>",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        "Räder geölt",
    )
    return "\r\n".join(lines).encode()


def multipart(**fields):
    parts = [
        b'--xYz\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in fields.items()
    ]
    headers = {"content-type": "multipart/form-data; boundary=xYz"}
    return b"".join(parts) + b"--xYz--\r\n", headers
