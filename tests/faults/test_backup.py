"""A backup that is made under load brings everything back that was acknowledged before it, once."""

from __future__ import annotations

import re
import sqlite3
import time

import pytest

from tests.faults.partner import Partner
from tests.site import Site

pytestmark = pytest.mark.slow

CANARY = "canary-in-a-coal-mine"


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path / "data").start()
    site.run("user", "add", "ada@example.org", "--name", "Ada Lovelace")
    site.run("team", "add", "Engines")
    site.run("member", "add", "engines", "ada@example.org", "--role", "admin")
    yield site
    if site.process.poll() is None:
        site.stop()


def names(site):
    return [entry["body"].rpartition(" ")[2] for entry in site.entries("engines")]


def sent(partner, count):
    """Waits until so many have been acknowledged."""
    until = time.monotonic() + 60
    while len(partner.acknowledged) < count:
        assert time.monotonic() < until
        time.sleep(0.1)


def test_under_load_nothing_that_was_acknowledged_before_is_lost_or_doubled(site, tmp_path):
    partner = Partner(site.told("link", "add", "webhook", "--team", "engines"))
    partner.start()
    sent(partner, 100)
    before = set(partner.acknowledged)
    site.run("backup", str(tmp_path / "b.tar"), "--with-keys")
    sent(partner, len(partner.acknowledged) + 20)
    partner.stop()

    elsewhere = Site(tmp_path / "elsewhere")
    elsewhere.data.mkdir()
    restored = elsewhere.run("restore", str(tmp_path / "b.tar"))
    assert "Nothing goes out until somebody says so" in restored
    elsewhere.start()
    try:
        elsewhere.settle(120)
        logged = names(elsewhere)
        assert before - set(logged) == set(), "lost"
        assert len(logged) == len(set(logged)), "doubled"
        assert set(logged) <= partner.sent, "phantom"
        # The link is heard there as before, with the same secret.
        partner.link["hook_url"] = partner.link["hook_url"].replace(site.url, elsewhere.url)
        again = Partner(partner.link)
        again.start()
        sent(again, 1)
        again.stop()
        elsewhere.settle(120)
        assert again.acknowledged <= set(names(elsewhere))
    finally:
        assert elsewhere.stop() == 0


def test_the_way_back_is_refused_where_it_would_harm_and_says_what_to_do(site, tmp_path):
    backup = str(tmp_path / "b.tar")
    site.run("backup", backup)
    assert "Give --over" in site.run("backup", backup, status=1)
    assert "already runs" in site.run("restore", backup, "--over", status=1)
    assert site.stop() == 0
    assert "There is data here already" in site.run("restore", backup, status=1)
    site.run("restore", backup, "--over")

    elsewhere = Site(tmp_path / "elsewhere")
    elsewhere.data.mkdir()
    refused = elsewhere.run("restore", backup, status=1)
    assert "a key that this server does not have" in refused and "--without-key" in refused
    assert not (elsewhere.data / "log.sqlite3").exists() or not rows(elsewhere)
    assert "Restored" in elsewhere.run("restore", backup, "--without-key")
    assert rows(elsewhere) == 1


def rows(site):
    with sqlite3.connect(site.data / "log.sqlite3") as log:
        try:
            return log.execute("SELECT count(*) FROM accounts_user").fetchone()[0]
        except sqlite3.OperationalError:
            return 0


def test_a_backup_holds_no_secret_unless_it_is_told_to(site, tmp_path):
    site.stop()
    (site.data / "encryption_key").write_text(CANARY)
    site.start()
    link = site.told("link", "add", "webhook", "--team", "engines")
    for options, holds in (((), False), (("--with-keys",), True)):
        site.run("backup", str(tmp_path / "b.tar"), "--over", *options)
        content = (tmp_path / "b.tar").read_bytes()
        assert (CANARY.encode() in content) == holds
        assert link["secret"].encode() not in content


def test_the_terminal_says_how_much_was_copied(site, tmp_path):
    said = site.run("backup", str(tmp_path / "b.tar"))
    assert re.search(r"Backed up \d+ rows into .* and checked it", said)
    assert "keep the file encryption_key" in said
