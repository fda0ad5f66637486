"""A pretend Slack and this server talk over HTTP, while nobody processes anything until we say."""

from __future__ import annotations

import time

import orjson
import pytest

from idonethis.entries.models import Entry
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import IntegrationLink, IntegrationUser, Receipt
from idonethis.integrations.values import Hook
from idonethis.partners.slack.testing import shown
from idonethis.simulators import visitor

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def talking(app, slack, link, live_server):
    hook = f"{live_server.url}/integrations/slack/hook"
    app.settings.update(events_url=hook, slash_url=hook, interactivity_url=hook)
    return slack


def process() -> None:
    while Receipt.drain():
        pass


def seen(slack: str, words: str, *, within: float = 5) -> dict:
    """The message in the channel that says this, once it is there."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        for message in visitor.act(slack, "messages", channel="done")["messages"]:
            if words in message["text"]:
                return message
        time.sleep(0.05)
    raise AssertionError(f"Nothing said “{words}”.")


def log_of(team) -> list[str]:
    return [entry.body for entry in Entry.objects.alive().filter(team=team).order_by("pk")]


def test_a_command_is_answered_at_once_though_nobody_processes_it(talking, team):
    began = time.monotonic()
    done = visitor.act(talking, "command", account="ada", text="shipped billing #api")
    assert time.monotonic() - began < 1
    assert done["error"] is None
    assert "Done: shipped billing #api" in shown(done["immediate"])
    (message,) = visitor.act(talking, "messages", channel="done")["messages"]
    assert message["ephemeral_to"] == "U0ADA181512"
    assert log_of(team) == []
    process()
    assert log_of(team) == ["shipped billing #api"]


def test_undo_takes_it_back_and_replaces_the_receipt(talking, team):
    visitor.act(talking, "command", account="ada", text="shipped billing")
    process()
    receipt = seen(talking, "Done: shipped billing")
    visitor.act(talking, "click", account="ada", channel="done", ts=receipt["ts"], action_id="undo")
    process()
    assert log_of(team) == []
    replaced = seen(talking, "Undone.")
    assert replaced["ts"] == receipt["ts"]
    assert "blocks" not in replaced


def test_log_this_is_confirmed_to_who_chose_it_once_it_is_logged(talking, team):
    said = visitor.act(talking, "say", account="grace", channel="done", text="Fixed *the* roof")
    done = visitor.act(talking, "shortcut", account="ada", channel="done", ts=said["ts"])
    assert (done["error"], done["immediate"]) == (None, None)
    process()
    assert log_of(team) == ["Fixed *the* roof"]
    told = seen(talking, "Done: Fixed *the* roof")
    assert told["ephemeral_to"] == "U0ADA181512"
    assert "Done: Fixed *the* roof" in shown(told)


def test_pressing_enter_twice_is_one_entry_and_the_person_hears_of_it(talking, team):
    for _ in range(2):
        visitor.act(talking, "command", account="ada", text="shipped billing")
    process()
    assert log_of(team) == ["shipped billing"]
    assert seen(talking, "twice within a minute")["ephemeral_to"] == "U0ADA181512"


def test_a_stranger_says_who_they_are_and_what_they_typed_is_there(talking, team, grace, client):
    visitor.act(talking, "command", account="grace", text="found a moth")
    process()
    assert log_of(team) == []
    url = seen(talking, "/claim/")["text"].partition("<")[2].partition("|")[0]
    client.force_login(grace)
    client.post(url)
    process()
    assert [entry.user for entry in Entry.objects.filter(team=team)] == [grace]


def test_what_is_suggested_is_listed_and_logged_from_slack(talking, team, ada, link):
    code = IntegrationLink.objects.create(
        integration_type="webhook", team=team, user=ada, config={"how": "suggest"}
    )
    for body in ("Oiled the mill", "Turned the crank"):
        hook = Hook(orjson.dumps({"text": body}), {"content-type": "application/json"})
        store([Row("webhook", code.pk, body, "", hook, dict(hook.headers))])
    process()
    done = visitor.act(talking, "command", account="ada", text="")
    assert log_of(team) == []
    block = next(b for b in done["immediate"]["blocks"] if b["type"] == "actions")
    listed = seen(talking, "Suggested for you")
    named = listed["blocks"][done["immediate"]["blocks"].index(block)]["block_id"]
    press = {"account": "ada", "channel": "done", "ts": listed["ts"]}
    visitor.act(talking, "click", action_id=f"{named}/log_suggestion", **press)
    process()
    assert log_of(team) == ["Turned the crank"]
    left = seen(talking, "Logged.")
    assert left["ts"] == listed["ts"] and left["ephemeral_to"] == "U0ADA181512"
    assert "Oiled the mill" in str(left["blocks"]) and "crank" not in str(left["blocks"])


def test_removing_the_app_in_slack_marks_link_and_workspace(talking, link):
    visitor.act(talking, "uninstall")
    process()
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    assert IntegrationUser.objects.get(kind="workspace").state == "needs_reconnect"
