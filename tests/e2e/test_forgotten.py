"""Somebody is deleted while the server runs, and the very bytes of its files do not know them."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sqlite3
import time
from contextlib import closing

import httpx
import pytest
import zstandard

from tests.installed import install
from tests.site import Site

pytestmark = pytest.mark.slow

NAMES = re.compile(rb"zebulon|quagmire", re.IGNORECASE)


def send(link, text):
    body = json.dumps({"text": text}).encode()
    digest = hmac.new(link["secret"].encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Signature-256": f"sha256={digest}", "X-Delivery-Id": text}
    assert httpx.post(link["hook_url"], content=body, headers=headers).status_code == 200


def rows(site, file, sql):
    with closing(sqlite3.connect(site.data / file)) as opened:
        opened.execute("PRAGMA wal_autocheckpoint=0")
        return opened.execute(sql).fetchall()


def stored_requests(site):
    found = rows(site, "inbox.sqlite3", "SELECT request FROM integrations_receipt")
    return b"\n".join(zstandard.decompress(request) for (request,) in found)


def test_the_files_of_a_running_server_forget_somebody(tmp_path):
    site = install(Site(tmp_path / "data")).start()
    site.run("team", "add", "Engines")
    for mail, name in (("zebulon@example.org", "Zebulon Quagmire"), ("ada@example.org", "Ada")):
        site.run("user", "add", mail, "--name", name)
        site.run("member", "add", "engines", mail, "--role", "admin")
    by_zebulon = site.told(
        "link", "add", "webhook", "--team", "engines", "--user", "zebulon@example.org"
    )
    send(by_zebulon, "Drained the swamp, Zebulon Quagmire")
    site.settle()
    assert NAMES.search(stored_requests(site))

    site.run("user", "delete", "zebulon@example.org", "--yes")
    until = time.monotonic() + 90
    while rows(site, "log.sqlite3", "SELECT 1 FROM integrations_erasure"):
        assert time.monotonic() < until
        time.sleep(0.5)
    assert site.stop() == 0
    assert not NAMES.search(stored_requests(site))
    assert [entry["body"] for entry in site.entries("engines")] == [
        "Drained the swamp, former-member"
    ]
    for name in ("log.sqlite3", "inbox.sqlite3"):
        assert NAMES.findall((site.data / name).read_bytes()) == [], name
        assert not (site.data / f"{name}-wal").exists()
    told = site.told("audit", "--action", "person.deleted")
    assert told["address"] == "terminal"
