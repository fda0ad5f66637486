"""Mails that lie in a mailbox, at a real IMAP server."""

from __future__ import annotations

import os

import pytest
from django.db import DatabaseError

from idonethis.integrations.mails.addresses import MailAddress
from idonethis.integrations.models import Receipt
from idonethis.mailing.doors import imap
from idonethis.mailing.tests import dovecot
from idonethis.mailing.tests.conftest import logged, mail, read_all

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(
        not dovecot.PROGRAM or os.geteuid() != 0, reason="Needs dovecot-imapd, and root to run it."
    ),
]
#: What servers can do: move in one step, expunge one mail, or neither.
ABILITIES = ("IMAP4rev1 MOVE UIDPLUS", "IMAP4rev1 UIDPLUS", "IMAP4rev1")


@pytest.fixture(scope="module", params=ABILITIES)
def able(request):
    with dovecot.running(request.param) as server:
        yield server


@pytest.fixture
def server(able, mailed, settings):
    settings.MAIL_IN = [able.url]
    with able.spoken_to() as client:
        for folder in ("INBOX", imap.STORED, imap.NOT_TAKEN):
            said, [found] = client.select(f'"{folder}"')
            if said == "OK" and int(found):
                client.store("1:*", "+FLAGS.SILENT", r"(\Deleted)")
                client.expunge()
    return able


@pytest.fixture
def mine(mailed, ada):
    return str(MailAddress.of_person(mailed.hash_id, ada.email))


def counted(server):
    return [server.count(folder) for folder in ("INBOX", imap.STORED, imap.NOT_TAKEN)]


def test_each_is_stored_and_then_moved(server, mine):
    for body in ("Oiled the mill", "[] Cast a gear"):
        server.put(mail(body, to=mine).as_bytes())
    assert imap.drain() == 2
    read_all()
    assert logged() == ["Oiled the mill", "Cast a gear"]
    assert counted(server) == [0, 2, 0]
    assert imap.drain() == 0


def test_it_knows_what_the_server_can_do(able, request):
    with imap.Mailbox.opened(able.url) as mailbox:
        known = {"MOVE", "UIDPLUS"} & mailbox.abilities
    assert known == {"MOVE", "UIDPLUS"} & set(request.node.callspec.params["able"].split())


def test_what_is_for_nobody_here_is_put_aside_and_holds_up_nothing(server, mine):
    server.put(
        mail("Cheap gears", to="log@in.example.org", sender="mallory@example.net").as_bytes()
    )
    server.put(b"\xff\xfe no mail at all")
    server.put(mail(to=mine).as_bytes())
    imap.drain()
    read_all()
    assert logged() == ["Oiled the mill"] and counted(server) == [0, 1, 2]


def test_what_cannot_be_stored_stays_and_is_taken_the_next_time(server, mine, monkeypatch):
    def away(raw, addresses):
        raise DatabaseError("away")

    server.put(mail(to=mine).as_bytes())
    with monkeypatch.context() as patched:
        patched.setattr(imap, "take", away)
        with pytest.raises(DatabaseError):
            imap.drain()
    assert counted(server) == [1, 0, 0]
    imap.drain()
    assert counted(server) == [0, 1, 0] and Receipt.objects.count() == 1


def test_whoever_dies_before_the_move_logs_nothing_twice(server, mine, monkeypatch):
    def dies(self, uid, folder):
        raise KeyboardInterrupt

    server.put(mail(to=mine).as_bytes())
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(imap.Mailbox, "_move", dies)
        imap.drain()
    assert counted(server) == [1, 0, 0] and Receipt.objects.count() == 1
    imap.drain()
    read_all()
    assert logged() == ["Oiled the mill"] and counted(server) == [0, 1, 0]


def test_uids_that_begin_anew_change_nothing(server, mine):
    """The mailbox was made anew: its UIDVALIDITY, and so all numbers, are others."""
    server.put(mail(to=mine).as_bytes())
    imap.drain()
    with server.spoken_to() as client:
        for old, new in ((imap.STORED, "Old"),):
            client.rename(old, new)
            client.delete(new)
    server.put(mail("Cast a gear", to=mine).as_bytes())
    imap.drain()
    read_all()
    assert logged() == ["Oiled the mill", "Cast a gear"] and counted(server) == [0, 1, 0]


def test_only_so_many_are_taken_in_one_turn(server, mine, monkeypatch):
    monkeypatch.setattr(imap, "FEW", 2)
    for number in range(5):
        server.put(mail(f"Line {number}", to=mine).as_bytes())
    assert [imap.drain() for _ in range(4)] == [2, 2, 1, 0]


def test_what_is_too_large_is_not_even_fetched(server, mine, monkeypatch):
    monkeypatch.setattr(imap, "LARGEST", 200)
    server.put(mail("x" * 1000, to=mine).as_bytes())
    imap.drain()
    assert counted(server) == [0, 0, 1] and not Receipt.objects.exists()


def test_a_wrong_password_is_waited_out_and_not_logged(server, settings, caplog):
    settings.MAIL_IN = [server.url.replace("secret", "guess")]
    assert imap.drain() == 0
    assert "waits" in caplog.text and "guess" not in caplog.text


def test_a_server_that_is_away_is_waited_for(mailed, settings, caplog):
    settings.MAIL_IN = ["imap://log:secret@127.0.0.1:1/INBOX"]
    assert imap.drain() == 0 and "127.0.0.1 waits" in caplog.text
