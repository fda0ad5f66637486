"""The commands that back up and restore, as an operator meets them. What a backup holds that was
made under load, ``faults/f14_backup.py`` counts."""

from __future__ import annotations

import re
import sqlite3

import pytest

from tests.installed import engines, install
from tests.site import Site

pytestmark = pytest.mark.slow

CANARY = "canary-in-a-coal-mine"


@pytest.fixture
def site(tmp_path):
    site = install(Site(tmp_path / "data"), like=engines()).start()
    yield site
    if site.process.poll() is None:
        site.stop()


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
    assert rows(elsewhere) == 2


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
