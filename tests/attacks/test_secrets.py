"""A whole session at the running server with secrets that are known beforehand: afterwards none of
them stands in the terminal, in the files of the databases, on a page, in a mail or in what a
command prints, in whatever way it is written."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from tests.attacks.town import Town

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The server, its partners and its mail server, after everything that could happen happened."""
    town = Town(tmp_path_factory.mktemp("secrets"))
    try:
        town.live()
        yield town
    finally:
        town.close()


def written(secret: str) -> dict[str, bytes]:
    """The ways in which one and the same secret may stand somewhere."""
    raw = secret.encode()
    ways = {"plain": raw, "hex": raw.hex().encode(), "HEX": raw.hex().upper().encode()}
    ways |= {"address": quote(secret, safe="").encode(), "json": json.dumps(secret)[1:-1].encode()}
    ways |= {"backwards": raw[::-1], "wide": secret.encode("utf-16-le")}
    for offset in range(3):
        filled = -(len(raw) + offset) % 3
        whole = base64.b64encode(b"\0" * offset + raw + b"\0" * filled)
        # What stands beside it is in the outer letters, too. Fewer than eight are found by chance.
        ways[f"base64 {offset}"] = whole[4 if offset else 0 : -4 if filled else None]
        ways[f"base64url {offset}"] = (
            ways[f"base64 {offset}"].replace(b"+", b"-").replace(b"/", b"_")
        )
    return ways


def hits(canaries: dict[str, str], *, within: bytes) -> list[tuple[str, str]]:
    return [
        (name, way)
        for name, secret in canaries.items()
        for way, form in written(secret).items()
        if form in within
    ]


def test_the_session_was_one(town):
    """So that nothing is found because nothing happened."""
    bodies = {entry["body"] for entry in town.site.entries("engines")}
    assert {"Merged “Fix the roof” (#1)", "Wrote a compiler", "Backups are done"} <= bodies
    assert len(town.ada.seen) > 25
    assert len(town.canaries) > 25
    assert len(town.mail.mails) >= 1
    asked = [json.loads(each) for each in town.exchanges()]
    assert {bool(each["answer"]) for each in asked} == {True, False}
    assert all("Authorization: Bearer" in each["headers"] for each in asked)


def test_the_terminal_says_none_of_them(town):
    log = town.site.log.read_bytes()
    assert b"Traceback" in log
    assert hits(town.canaries, within=log) == []


def test_the_databases_hold_none_of_them(town):
    assert hits(town.canaries, within=town.stored()) == []


def test_no_more_does_a_backup(town, tmp_path):
    assert hits(town.canaries, within=town.backed_up(tmp_path)) == []


def test_no_page_shows_any_of_them(town):
    pages = "\n".join(town.ada.seen.values()).encode()
    assert hits(town.canaries, within=pages) == []


def test_no_mail_carries_any_but_the_one_it_is_for(town):
    others = {name: value for name, value in town.canaries.items() if name != "reset key"}
    assert hits(others, within="\n".join(town.mail.mails).encode()) == []


def test_no_command_prints_any_of_them(town):
    assert hits(town.canaries, within="\n".join(town.said).encode()) == []


@pytest.mark.parametrize("way", list(written("x" * 12)))
def test_each_way_of_writing_would_be_found(way):
    secret = "canary-that-is-planted"
    assert hits({"it": secret}, within=b"..." + written(secret)[way] + b"...")
