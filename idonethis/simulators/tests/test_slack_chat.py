"""Messages by the Web API."""

from __future__ import annotations

import json

import pytest

DONE, VAULT = "C0DONELOG01", "C0VAULT0001"


@pytest.fixture
def writing(slack):
    return slack.api(scope="chat:write,chat:write.public,im:write")


def test_a_message_is_posted_changed_and_deleted(slack, writing):
    posted = writing("chat.postMessage", channel=DONE, text="Shipped")
    assert posted["message"]["bot_id"] == "B0DONEBOT01"
    changed = writing("chat.update", channel=DONE, ts=posted["ts"], text="Shipped billing")
    assert changed["ts"] == posted["ts"]
    assert [message["text"] for message in slack.messages()] == ["Shipped billing"]
    assert writing("chat.delete", channel=DONE, ts=posted["ts"])["ok"] is True
    assert slack.messages() == []
    again = {"channel": DONE, "ts": posted["ts"]}
    assert writing.error("chat.update", **again, text="x") == "message_not_found"
    assert writing.error("chat.delete", **again) == "message_not_found"


def test_other_people_s_messages_stay_as_they_are(slack, writing):
    said = {"channel": DONE, "ts": slack.do("say", text="mine")["ts"]}
    assert writing.error("chat.update", **said, text="yours") == "cant_update_message"
    assert writing.error("chat.delete", **said) == "cant_delete_message"
    assert slack.messages()[0]["text"] == "mine"


def test_a_message_may_be_for_one_person_alone(slack, writing):
    answer = writing("chat.postEphemeral", channel=DONE, user="U0GRACE1906", text="psst")
    assert slack.messages()[0]["ephemeral_to"] == "U0GRACE1906"
    where = {"channel": DONE, "ts": answer["message_ts"]}
    assert writing.error("chat.update", **where, text="x") == "message_not_found"
    stranger = {"channel": DONE, "user": "U0NOBODY", "text": "psst"}
    assert writing.error("chat.postEphemeral", **stranger) == "user_not_in_channel"


def test_a_message_to_a_person_opens_direct_messages(slack, writing):
    posted = writing("chat.postMessage", channel="U0GRACE1906", text="Your day?")
    opened = writing("conversations.open", users="U0GRACE1906")
    assert posted["channel"] == opened["channel"]["id"] == "D0GRACE1906"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"thread_ts": "1.2"}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"blocks": ["section"]}, "invalid_blocks"),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
    ],
)
def test_a_message_without_sense_is_refused(slack, writing, content, error):
    assert writing.error("chat.postMessage", channel=DONE, **content) == error
    assert slack.messages() == []


def test_a_form_carries_blocks_as_json(slack, writing):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Done*"}}]
    form = {"channel": DONE, "blocks": json.dumps(blocks)}
    posted = writing.client.post("chat.postMessage", data=form).json()
    assert posted["message"]["blocks"][0]["text"]["text"] == "*Done*"
    assert posted["message"]["blocks"][0]["block_id"]
    broken = writing.client.post("chat.postMessage", data={**form, "blocks": "["}).json()
    assert broken["error"] == "invalid_blocks_format"


def test_a_channel_takes_a_burst_and_then_one_message_a_second(slack, writing, pretend_slack):
    pretend_slack.settings["burst"] = "2"
    post = {"channel": DONE, "text": "Shipped"}
    answers = [writing.client.post("chat.postMessage", json=post) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["retry-after"] == "1"
    slack.do("clock", forward=1)
    assert writing("chat.postMessage", **post)["ok"] is True
    assert writing.error("chat.postMessage", **post) == "ratelimited"
