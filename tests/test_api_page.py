"""What docs/api.md says is run as it stands there, against a running server."""

from __future__ import annotations

import json
import re
from unittest.mock import ANY

import pytest

from idonethis.accounts.models import ApiToken
from idonethis.api.entries import EntryIn, EntryOut
from idonethis.api.reading import AskedOfAll
from idonethis.entries.models import Entry
from tests.curling import DOCS, Shell, lines

PAGE = "api.md"
TEXT = (DOCS / PAGE).read_text()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_line_does_what_the_page_says(live_server, ada, team):
    token = ApiToken.objects.make(ada, name="Of the page", scopes=["read", "write"])[1]
    shell = Shell(SITE=live_server.url, TOKEN=token, TEAM=team.hash_id)
    (noop, teams, one_team, members, log, by_form, keyed, goals, heads, entry, change, complete,
     remove, restore, described) = lines(PAGE)  # fmt: skip
    assert shell.run(noop)["full_name"] == "Ada Lovelace"
    assert shell.run(teams) == [shell.run(one_team)]
    assert [each["full_name"] for each in shell.run(members)] == ["Ada Lovelace", "Grace Hopper"]
    made = shell.run(log)
    assert (made["body"], made["tags"]) == ("Turned the crank #mill", ["mill"])
    goal = shell.run(by_form)
    assert goal["status"] == "goal"
    assert shell.run(keyed) == shell.run(keyed)
    assert [each["body"] for each in shell.run(goals)] == ["Oil the mill"]
    assert 'rel="next"' in shell.said(heads) and "ratelimit" not in shell.said(heads).lower()
    shell.names["ENTRY"] = made["hash_id"]
    assert shell.run(entry) == made
    changed = shell.run(change)
    assert (changed["body"], changed["occurred_on"]) == ("Turned the crank twice", "2026-11-23")
    shell.names["GOAL"] = goal["hash_id"]
    assert shell.run(complete)["completed_on"] == goal["occurred_on"]
    assert shell.run(remove) == {"deleted": True, "hash_id": made["hash_id"]}
    assert Entry.objects.alive().count() == 3
    assert shell.run(restore) == changed | {"updated_at": ANY}
    assert Entry.objects.alive().count() == 4
    assert "/api/v2/entries/{hash_id}" in shell.run(described)["paths"]


def test_the_fields_on_the_page_are_those_that_are_told_and_taken():
    (shown,) = re.findall(r"```json\n(.+?)\n```", TEXT, re.DOTALL)
    assert list(json.loads(shown)) == list(EntryOut.model_fields)
    named = set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| ([^|]+) \|", TEXT, re.MULTILINE))))
    assert set(EntryIn.model_fields) | set(AskedOfAll.model_fields) - {"cursor"} <= named
