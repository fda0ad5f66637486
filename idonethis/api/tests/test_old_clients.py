"""Clients that were written for I Done This long ago, and what they ask and read: from what they
publish, in words of ours.

- https://github.com/zulip/python-zulip-api/tree/main/zulip_bots/zulip_bots/bots/idonethis
- https://github.com/reviewboard/rbintegrations/tree/master/rbintegrations/idonethis
- https://github.com/chadhs/idonethis-for-alfred
- https://github.com/mmiller42/idt-slack-goals
- https://github.com/stalinkay/DoneThisKit
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from datetime import datetime

import httpx
import pytest

from idonethis.api.tests.programs import FORM, program_of
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(ada):
    return program_of(ada)


@pytest.fixture
def goal(team, ada):
    return Entry.objects.log(Draft(body="Oil the mill", kind="goal"), team=team, user=ada)


# The bot for Zulip takes any status but 200 for trouble, and knows one 401 by its words.


def test_the_bot_for_zulip_finds_its_key_good_or_bad(program):
    assert program.ask("GET", "/noop").status_code == 200
    program.shown = "wrong"
    assert program.refused("GET", "/noop") == (401, "Invalid API Authentication")


def test_the_bot_for_zulip_finds_a_team_by_its_name_and_shows_it(program, team):
    (found,) = [each for each in program.got("/teams") if each["name"].lower() == team.name.lower()]
    shown = program.got(f"/teams/{found['hash_id']}")
    assert {"name", "hash_id", "created_at"} <= set(shown) and shown["name"] == team.name


def test_the_bot_for_zulip_logs_and_lists(program, team):
    made = program.ask("POST", "/entries", {"body": "testing", "team_id": team.hash_id})
    assert made.status_code == 200 and made.json()["body_formatted"] == "testing"
    for path in ("/entries", f"/entries?team_id={team.hash_id}"):
        (line,) = program.got(path)
        told = "{body_formatted} {created_at} {status} {hash_id}".format(**line)
        assert told.startswith("testing 2") and line["user"]["full_name"] == "Ada Lovelace"
        assert line["team"]["name"] == team.name


# Review Board asks with urllib, which raises for whatever is no success, and tags what it logs.


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_review_board_finds_its_teams_and_posts(live_server, program, team):
    def asked(path, payload=None):
        headers = {"Authorization": f"Token {program.shown}"}
        if payload:
            headers["Content-Type"] = "application/json"
        url = f"{live_server.url}/api/v2/{path}"
        body = json.dumps(payload).encode() if payload else None
        return urllib.request.urlopen(urllib.request.Request(url, body, headers))

    assert {each["hash_id"] for each in json.load(asked("teams"))} == {team.hash_id}
    body = "Published review request 1815: Fix the crank https://reviews.example.org/r/1815/ #crank"
    posted = {"body": body, "team_id": team.hash_id, "status": "done"}
    assert json.load(asked("entries", posted))["tags"] == ["crank"]
    program.shown = "revoked"
    with pytest.raises(urllib.error.HTTPError, match="401"):
        asked("teams")


# Alfred's workflow sends JSON by curl, with letters as escapes, and looks for one word in what it
# gets back; its list offers goals that are not completed.


def test_alfred_s_workflow_knows_success_by_a_word(program, team, ada):
    said = {"body": "BODY", "team_id": team.hash_id, "occurred_on": str(ada.today())}
    sent = json.dumps(said).replace("BODY", r"Ada\u0027s \u0022crank\u0022")
    answer = program.ask("POST", "/entries", sent)
    assert b"created_at" in answer.content and answer.json()["body"] == 'Ada\'s "crank"'
    assert b"created_at" not in program.ask("POST", "/entries", {"body": "x"}).content


def test_alfred_s_workflow_lists_goals_that_are_open(program, team, goal, ada):
    def offered():
        lines = program.got(f"/teams/{team.hash_id}/entries")
        return [
            (each["body"], each["hash_id"])
            for each in lines
            if each["status"] == "goal" and each["completed_on"] is None
        ]

    assert offered() == [("Oil the mill", goal.hash_id)]
    goal.complete(on=ada.today())
    assert offered() == []


# The command line sends everything in the address.


def test_the_command_line_sends_its_fields_in_the_address(program, team):
    path = f"/entries?body=Turned%20it&team_id={team.hash_id}&status=goal"
    for kind in ("text/plain", FORM, ""):
        assert program.did("POST", path, kind=kind)["status"] == "goal"


# idt-slack-goals filters all entries by itself, and takes an object with an error for trouble.


def test_idt_slack_goals_finds_today_s_goals_of_its_person(program, goal, team, grace, ada):
    Entry.objects.log(Draft(body="Theirs", kind="goal"), team=team, user=grace)
    entries = program.got("/entries")
    assert isinstance(entries, list)
    assert [
        each["body"]
        for each in entries
        if each["user"]["hash_id"] == ada.hash_id
        and each["occurred_on"] == str(ada.today())
        and each["status"] == "goal"
    ] == ["Oil the mill"]


# DoneThisKit insists on every field, takes the time with its thousandths, and changes by POST.

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")


def test_donethiskit_reads_an_entry(program, goal):
    told = program.got(f"/entries/{goal.hash_id}")
    for name in ("body", "status", "hash_id", "created_at", "updated_at"):
        assert isinstance(told[name], str)
    assert told["status"].capitalize() in ("Goal", "Blocked", "Done")
    assert TIME.fullmatch(told["created_at"]) and TIME.fullmatch(told["updated_at"])
    assert {"name", "hash_id"} <= set(told["team"])
    assert {"email_address", "full_name", "hash_id"} <= set(told["user"])
    assert datetime.fromisoformat(told["occurred_on"])


def test_donethiskit_makes_changes_and_removes(program, team):
    said = {"body": "body", "team_id": team.hash_id, "status": "goal"}
    made = program.did("POST", "/entries", said)
    path = f"/entries/{made['hash_id']}"
    assert program.did("POST", path, said | {"body": "other"})["body"] == "other"
    assert program.did("DELETE", path)["deleted"] is True
    assert Entry.objects.count() == 1


# Whoever counts hours by tags reads a team's entries, newest first, in one list.


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_plain_list_comes_without_asking_for_pages(live_server, program, team, goal):
    url = f"{live_server.url}/api/v2/teams/{team.hash_id}/entries"
    answer = httpx.get(url, headers={"Authorization": f"Token {program.shown}"}, trust_env=False)
    assert [each["body"] for each in answer.json()] == ["Oil the mill"]
