"""Events, their handshake and their retries."""

from __future__ import annotations

import json
import time

import pytest
from starlette.responses import JSONResponse, Response

from idonethis.simulators.tests.conftest import SLACK_SECRET

LISTENING = "channels:history,groups:history,reactions:read,channels:read,chat:write"


@pytest.fixture
def listening_app(slack, receiver):
    """The application sits in #done and hears what is said there."""
    api = slack.api(scope=LISTENING)
    slack.do("invite", channel="done")
    slack.do("settle")
    receiver.got.clear()
    return api


def test_an_event_comes_signed_in_an_envelope(slack, receiver, listening_app):
    said = slack.do("say", account="grace", text="Found a moth")
    (received,) = receiver.got
    assert received.signed_as_slack(SLACK_SECRET)
    assert not received.signed_as_slack("another secret")
    assert abs(int(received.headers["x-slack-request-timestamp"]) - time.time()) < 5
    envelope = received.json
    assert (envelope["type"], envelope["team_id"]) == ("event_callback", "T0ANALYTIC")
    assert envelope["event_id"].startswith("Ev")
    event = envelope["event"]
    assert (event["type"], event["user"], event["text"]) == (
        "message",
        "U0GRACE1906",
        "Found a moth",
    )
    assert (event["ts"], event["channel_type"]) == (said["ts"], "channel")
    assert event["event_ts"] == said["ts"]
    assert "x-slack-retry-num" not in received.headers


def test_the_timestamp_follows_the_clock_of_slack(slack, receiver, listening_app):
    slack.do("clock", forward=-600)
    slack.do("say", text="late")
    stamp = int(receiver.got[0].headers["x-slack-request-timestamp"])
    assert 590 < time.time() - stamp < 610
    assert receiver.got[0].signed_as_slack(SLACK_SECRET)


def test_only_channels_with_the_bot_inside_are_heard(slack, receiver, listening_app):
    slack.do("say", channel="general", text="not for you")
    slack.do("say", channel="vault", text="nor this")
    assert receiver.got == []


def test_edits_deletions_and_reactions_are_told(slack, receiver, listening_app):
    said = slack.do("say", text="Shiped")
    slack.do("edit_message", ts=said["ts"], text="Shipped")
    slack.do("react", account="grace", ts=said["ts"], reaction="tada")
    slack.do("delete_message", ts=said["ts"])
    _, edited, reacted, deleted = (received.json["event"] for received in receiver.got)
    assert (edited["subtype"], edited["message"]["text"]) == ("message_changed", "Shipped")
    assert edited["previous_message"]["text"] == "Shiped"
    assert (reacted["type"], reacted["reaction"]) == ("reaction_added", "tada")
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", said["ts"])


def test_the_bot_hears_itself(slack, receiver, listening_app):
    listening_app("chat.postMessage", channel="C0DONELOG01", text="Grace: done")
    slack.do("settle")
    assert receiver.got[0].json["event"]["bot_id"] == "B0DONEBOT01"


def test_what_is_not_subscribed_to_or_not_allowed_is_not_sent(slack, receiver):
    slack.install(scope="chat:write")
    slack.do("invite", channel="done")
    slack.do("say", text="no scope for this")
    slack.install(scope=LISTENING)
    slack.do("configure", subscriptions="tokens_revoked")
    slack.do("say", text="not subscribed")
    slack.do("configure", subscriptions="message.channels")
    slack.do("say", text="heard")
    assert [received.json["event"]["text"] for received in receiver.got] == ["heard"]


def test_a_failed_event_is_retried_three_times_with_reasons(slack, receiver, listening_app):
    receiver.answers = [Response("no", 500)]
    done = slack.settled("say", text="again and again")
    assert done["event"]["status"] == 500
    first, *retries = receiver.got
    assert [r.headers["x-slack-retry-num"] for r in retries] == ["1", "2", "3"]
    assert {r.headers["x-slack-retry-reason"] for r in retries} == {"http_error"}
    assert {r.json["event_id"] for r in receiver.got} == {first.json["event_id"]}
    assert all(r.signed_as_slack(SLACK_SECRET) for r in retries)


def test_retries_end_with_the_first_success(slack, receiver, listening_app):
    receiver.answers = [Response("no", 503), Response("no", 503), Response("ok")]
    slack.settled("say", text="third time lucky")
    assert len(receiver.got) == 3


def test_no_retry_means_no_retry(slack, receiver, listening_app):
    receiver.answers = [Response("no", 500, {"X-Slack-No-Retry": "1"})]
    slack.settled("say", text="once")
    assert len(receiver.got) == 1


def test_an_answer_after_the_deadline_is_a_timeout(slack, receiver, listening_app):
    receiver.answers = [2.0, Response("ok")]
    done = slack.settled("say", text="slow")
    assert (done["event"]["status"], done["event"]["error"]) == (None, "timeout")
    assert receiver.got[1].headers["x-slack-retry-reason"] == "http_timeout"


def test_nobody_at_home_is_a_failed_connection(slack, receiver, listening_app):
    slack.do("configure", slash_url="http://127.0.0.1:9/")
    done = slack.do("command", text="hello")
    assert done["error"] == "dispatch_failed"


@pytest.mark.parametrize("as_json", [True, False])
def test_the_handshake_takes_the_challenge_as_text_or_as_json(slack, receiver, as_json):
    async def echo(scope, receive, send):
        challenge = receiver.got[-1].json["challenge"]
        answer = JSONResponse({"challenge": challenge}) if as_json else Response(challenge)
        await answer(scope, receive, send)

    receiver.answers = [echo]
    assert slack.do("configure", events_url=f"{receiver.url}/new")["verified"] is True
    assert receiver.got[-1].json["type"] == "url_verification"
    assert receiver.got[-1].signed_as_slack(SLACK_SECRET)
    assert slack.read("settings")["events_url"] == f"{receiver.url}/new"


def test_an_address_that_fails_the_handshake_is_not_taken(slack, receiver):
    before = slack.read("settings")["events_url"]
    assert slack.do("configure", events_url=f"{receiver.url}/bad")["verified"] is False
    assert slack.read("settings")["events_url"] == before


def test_any_event_can_be_sent(slack, receiver):
    slack.do("event", event={"type": "app_rate_limited", "minute_rate_limited": 1})
    assert json.loads(receiver.got[0].body)["event"]["type"] == "app_rate_limited"
