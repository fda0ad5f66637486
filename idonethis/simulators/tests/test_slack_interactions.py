"""Buttons, shortcuts and modals."""

from __future__ import annotations

import httpx
import pytest
from starlette.responses import JSONResponse, Response

from idonethis.simulators.tests.conftest import SLACK_SECRET
from idonethis.simulators.visitor import PLAIN

BUTTON = {
    "type": "actions",
    "block_id": "receipt",
    "elements": [
        {
            "type": "button",
            "action_id": "undo",
            "value": "entry-1",
            "text": {"type": "plain_text", "text": "Undo"},
        }
    ],
}
MODAL = {
    "type": "modal",
    "callback_id": "edit",
    "title": {"type": "plain_text", "text": "Edit"},
    "blocks": [
        {
            "type": "input",
            "block_id": "body",
            "label": {"type": "plain_text", "text": "What did you get done?"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


def post(url, **message):
    return httpx.post(url, json=message, verify=PLAIN)


# Buttons


@pytest.fixture
def receipt(slack, receiver):
    """A message for Ada alone, with a button."""
    receiver.answers = [JSONResponse({"text": "Logged", "blocks": [BUTTON]}), Response("")]
    (message,) = slack.do("command", account="ada", text="x")["seen"]
    receiver.got.clear()
    return message


def test_a_pressed_button_arrives_with_its_value_and_its_place(slack, receiver, receipt):
    slack.do("click", account="ada", ts=receipt["ts"], action_id="undo")
    (received,) = receiver.got
    assert received.signed_as_slack(SLACK_SECRET)
    payload = received.json
    assert (payload["type"], payload["user"]["id"]) == ("block_actions", "U0ADA181512")
    (action,) = payload["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == (
        "undo",
        "receipt",
        "entry-1",
    )
    assert payload["container"]["message_ts"] == receipt["ts"]
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload


def test_of_several_blocks_with_the_same_button_the_named_one_is_pressed(slack, receiver):
    second = {**BUTTON, "block_id": "other", "elements": [{**BUTTON["elements"][0], "value": "2"}]}
    answer = {"text": "Logged", "blocks": [BUTTON, second]}
    receiver.answers = [JSONResponse(answer), Response(""), Response("")]
    (message,) = slack.do("command", account="ada", text="x")["seen"]
    for named in ("other/undo", "undo"):
        slack.do("click", account="ada", ts=message["ts"], action_id=named)
    pressed = [received.json["actions"][0] for received in receiver.got[1:]]
    assert [(each["block_id"], each["value"]) for each in pressed] == [
        ("other", "2"),
        ("receipt", "entry-1"),
    ]
    wrong = post(f"{slack.url}/_control/click", ts=message["ts"], action_id="third/undo")
    assert wrong.json() == {"error": "this message has no action third/undo"}


def test_the_answer_to_a_button_may_replace_or_delete_the_message(slack, receiver, receipt):
    for _ in range(2):
        slack.do("click", account="ada", ts=receipt["ts"], action_id="undo")
        url = receiver.got[-1].json["response_url"]
        if len(receiver.got) == 1:
            post(url, text="Undone", replace_original="true", blocks=[BUTTON])
            (message,) = slack.messages()
            assert (message["text"], message["ts"]) == ("Undone", receipt["ts"])
    post(url, delete_original=True)
    assert slack.messages() == []


def test_a_button_that_fails_says_so(slack, receiver, receipt):
    receiver.answers = [Response("no", 500)]
    done = slack.do("click", account="ada", ts=receipt["ts"], action_id="undo")
    assert done["error"] == "We had some trouble connecting. Try again?"
    answer = post(f"{slack.url}/_control/click", ts=receipt["ts"], action_id="fly")
    assert answer.json() == {"error": "this message has no action fly"}


# Shortcuts


def test_a_shortcut_carries_the_message_it_was_chosen_on(slack, receiver):
    said = slack.do("say", account="grace", text="Found a moth")
    slack.do("shortcut", account="ada", ts=said["ts"], callback_id="log_this")
    payload = receiver.got[-1].json
    assert (payload["type"], payload["callback_id"]) == ("message_action", "log_this")
    assert payload["message"]["text"] == "Found a moth"
    assert payload["message"]["user"] == "U0GRACE1906"
    post(payload["response_url"], text="Logged")
    assert slack.messages()[-1]["ephemeral_to"] == "U0ADA181512"


def test_a_global_shortcut_has_no_message(slack, receiver):
    slack.do("global_shortcut", account="ada", callback_id="new_done")
    payload = receiver.got[-1].json
    assert (payload["type"], payload["callback_id"]) == ("shortcut", "new_done")
    assert "message" not in payload and "response_url" not in payload


# Modals


def trigger(slack, receiver):
    slack.do("command", account="ada", text="x")
    return receiver.got[-1].form["trigger_id"]


def test_a_trigger_opens_one_modal_within_three_seconds(slack, receiver):
    api = slack.api()
    opened = api("views.open", trigger_id=(first := trigger(slack, receiver)), view=MODAL)
    assert opened["view"]["callback_id"] == "edit"
    assert api.error("views.open", trigger_id=first, view=MODAL) == "exchanged_trigger_id"
    late = trigger(slack, receiver)
    slack.do("clock", forward=4)
    assert api.error("views.open", trigger_id=late, view=MODAL) == "expired_trigger_id"
    assert api.error("views.open", trigger_id="x", view=MODAL) == "invalid_trigger_id"


def test_a_modal_is_sent_off_corrected_and_closed(slack, receiver):
    api = slack.api()
    api("views.open", trigger_id=trigger(slack, receiver), view=MODAL)
    wrong = {"response_action": "errors", "errors": {"body": "Too short"}}
    receiver.answers = [JSONResponse(wrong), Response("")]
    slack.do("submit_view", values={"body": {"text": "x"}})
    (view,) = slack.read("views")["views"]
    assert view["errors"] == {"body": "Too short"}
    slack.do("submit_view", values={"body": {"text": "shipped billing"}})
    payload = receiver.got[-1].json
    assert (payload["type"], payload["user"]["id"]) == ("view_submission", "U0ADA181512")
    typed = payload["view"]["state"]["values"]["body"]["text"]
    assert typed == {"type": "plain_text_input", "value": "shipped billing"}
    assert slack.read("views")["views"] == []
