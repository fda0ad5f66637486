"""Mails that come by SMTP, spoken by Python’s own client."""

from __future__ import annotations

import smtplib
import socket
import ssl
import subprocess

import pytest
from django.db import DatabaseError, connections

from idonethis.env import Misconfigured
from idonethis.integrations.mails.addresses import MailAddress
from idonethis.integrations.models import Receipt
from idonethis.mailing import doors
from idonethis.mailing.doors import smtp
from idonethis.mailing.tests.conftest import free_port, logged, mail, read_all

pytestmark = pytest.mark.django_db(transaction=True)
HOST = "127.0.0.1"


@pytest.fixture
def door(mailed, settings):
    port = free_port()
    settings.MAIL_IN = [f"smtp://{HOST}:{port}"]
    with doors.opened():
        yield port
    connections.close_all()


@pytest.fixture
def client(door):
    with smtplib.SMTP(HOST, door, timeout=10) as speaking:
        yield speaking


@pytest.fixture
def mine(mailed, ada):
    return str(MailAddress.of_person(mailed.hash_id, ada.email))


def test_what_is_taken_is_stored_and_becomes_entries(client, mine):
    client.send_message(mail("Oiled the mill\n[] Cast a gear", to=mine))
    assert Receipt.objects.count() == 1 and logged() == []
    read_all()
    assert logged() == ["Oiled the mill", "Cast a gear"]


@pytest.mark.parametrize(
    "to", ["mallory@example.net", "log+aaaaaaaaaaaa.bbbbbbbbbbbb@in.example.org"]
)
def test_it_takes_nothing_for_anybody_else(client, to):
    client.ehlo()
    client.mail("ada@example.org")
    assert client.rcpt(to)[0] == 550
    assert not Receipt.objects.exists()


def test_one_good_address_of_two_is_enough(client, mine):
    refused = client.send_message(mail(to=mine), to_addrs=[mine, "mallory@example.net"])
    assert list(refused) == ["mallory@example.net"] and Receipt.objects.count() == 1


def test_it_says_no_to_more_recipients_than_anybody_needs(client, mine):
    client.ehlo()
    client.mail("ada@example.org")
    codes = [client.rcpt(mine)[0] for _ in range(smtp.MOST_RECIPIENTS + 1)]
    assert codes[-1] == 452 and set(codes[:-1]) == {250}


def test_what_is_too_large_is_refused_before_it_is_sent(client, mine):
    client.ehlo()
    assert client.esmtp_features["size"] == str(10 * 1024 * 1024)
    assert client.mail("ada@example.org", [f"size={11 * 1024 * 1024}"])[0] == 552


def test_it_is_not_taken_unless_it_is_stored(client, mine, monkeypatch):
    def away(raw, addresses):
        raise DatabaseError("away")

    monkeypatch.setattr(smtp, "take", away)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        client.send_message(mail(to=mine))
    assert refused.value.smtp_code == 451 and not Receipt.objects.exists()


def test_a_bounce_makes_no_entry(client, mine):
    client.sendmail("", [mine], mail("Your mail was not delivered", to=mine).as_bytes())
    read_all()
    assert logged() == [] and Receipt.objects.get().outcome == "bot"


def test_a_return_path_that_somebody_wrote_into_the_mail_does_not_hide_that(client, mine):
    raw = b"Return-Path: <ada@example.org>\r\n" + mail(to=mine).as_bytes()
    client.sendmail("", [mine], raw)
    read_all()
    assert logged() == []


def test_commands_without_end_end(client):
    client.ehlo()
    with pytest.raises(smtplib.SMTPException):
        for _ in range(smtp.CALLS * 3):
            code, _ = client.noop()
            if code >= 400:
                raise smtplib.SMTPException


def test_whoever_comes_in_all_the_time_keeps_nobody_out_for_good(door, monkeypatch):
    monkeypatch.setattr(smtp, "MOST_CONNECTIONS", 3)
    held = [socket.create_connection((HOST, door)) for _ in range(4)]
    said = [each.makefile().readline()[:3] for each in held]
    assert sorted(said) == ["220", "220", "220", "421"]
    for each in held:
        each.close()


def test_with_a_certificate_it_speaks_in_secret(mailed, ada, settings, monkeypatch, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-days", "2"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject]
    made = [*command, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    monkeypatch.setenv("MAIL_TLS_CERTIFICATE", str(certificate))
    monkeypatch.setenv("MAIL_TLS_KEY", str(key))
    port, trusting = free_port(), ssl.create_default_context(cafile=str(certificate))
    trusting.check_hostname = False
    with smtp.listening(f"smtp://{HOST}:{port}"), smtplib.SMTP(HOST, port) as client:
        assert client.starttls(context=trusting)[0] == 220
        mine = str(MailAddress.of_person(mailed.hash_id, ada.email))
        client.send_message(mail(to=mine))
    assert Receipt.objects.count() == 1


def test_a_door_that_leads_nowhere_is_said_at_the_start(settings, mailed):
    for url in ("pop3://example.org", "2525"):
        settings.MAIL_IN = [url]
        with pytest.raises(Misconfigured, match="MAIL_IN"), doors.opened():
            pass
    settings.MAIL_IN, settings.MAIL_ADDRESS = ["smtp://127.0.0.1:2525"], ""
    with pytest.raises(Misconfigured, match="MAIL_ADDRESS"), doors.opened():
        pass
