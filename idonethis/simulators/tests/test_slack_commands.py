"""Slash commands, and the addresses to answer them later."""

from __future__ import annotations

import httpx
import pytest
from starlette.responses import JSONResponse, Response

from idonethis.simulators.tests.conftest import SLACK_SECRET
from idonethis.simulators.visitor import PLAIN


def post(url, **message):
    return httpx.post(url, json=message, verify=PLAIN)


def texts(slack):
    return [message["text"] for message in slack.messages()]


def test_a_command_arrives_as_a_signed_form(slack, receiver):
    slack.do("command", account="grace", command="/goal", text="write docs & tests")
    (received,) = receiver.got
    assert received.signed_as_slack(SLACK_SECRET)
    form = received.form
    assert (form["command"], form["text"]) == ("/goal", "write docs & tests")
    assert (form["user_id"], form["user_name"]) == ("U0GRACE1906", "grace")
    assert (form["channel_id"], form["channel_name"]) == ("C0DONELOG01", "done")
    assert form["response_url"].startswith(f"{slack.url}/commands/T0ANALYTIC/")
    assert form["trigger_id"]


def test_private_channels_keep_their_name_to_themselves(slack, receiver):
    slack.do("command", channel="vault", text="x")
    assert receiver.got[0].form["channel_name"] == "privategroup"


@pytest.mark.parametrize("answer", [Response("Logged."), JSONResponse({"text": "Logged."})])
def test_an_immediate_answer_is_seen_by_who_typed_alone(slack, receiver, answer):
    receiver.answers = [answer]
    done = slack.do("command", account="charles", text="x")
    assert (done["error"], done["immediate"]) == (None, {"text": "Logged."})
    assert done["ms"] < 500
    (message,) = slack.messages()
    assert (message["text"], message["ephemeral_to"]) == ("Logged.", "U0CHARLES79")


def test_an_answer_for_all_shows_what_was_typed_too(slack, receiver):
    receiver.answers = [JSONResponse({"text": "Done!", "response_type": "in_channel"})]
    slack.do("command", account="ada", text="shipped")
    typed, answered = slack.messages()
    assert (typed["text"], typed["user"]) == ("/done shipped", "U0ADA181512")
    assert (answered["text"], answered["ephemeral_to"]) == ("Done!", None)


def test_an_empty_answer_shows_nothing(slack, receiver):
    receiver.answers = [Response("")]
    assert slack.do("command", text="x")["seen"] == []
    assert slack.messages() == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (2.0, "operation_timeout"),
        (Response("no", 500), "http_service_error"),
        (Response("no", 404), "http_client_error"),
    ],
)
def test_a_command_that_fails_says_so_to_who_typed(slack, receiver, answer, error):
    receiver.answers = [answer]
    assert slack.do("command", account="ada", text="x")["error"] == error
    (message,) = slack.messages()
    assert message["text"] == f'/done failed with the error "{error}"'
    assert message["ephemeral_to"] == "U0ADA181512"


@pytest.fixture
def response_url(slack, receiver):
    receiver.answers = [Response("")]
    slack.do("command", account="ada", text="x")
    return receiver.got.pop().form["response_url"]


def test_a_later_answer_is_private_unless_it_says_otherwise(slack, response_url):
    assert post(response_url, text="psst").json() == {"ok": True}
    post(response_url, text="hear ye", response_type="in_channel")
    private, public = slack.messages()
    assert (private["ephemeral_to"], public["ephemeral_to"]) == ("U0ADA181512", None)


def test_an_address_is_good_for_five_answers(slack, response_url):
    codes = [post(response_url, text=str(n)).status_code for n in range(6)]
    assert codes == [200] * 5 + [404]
    assert post(response_url, text="7").json() == {"ok": False, "error": "used_url"}
    assert texts(slack) == ["0", "1", "2", "3", "4"]


def test_an_address_is_good_for_thirty_minutes(slack, response_url):
    slack.do("clock", forward=29 * 60)
    assert post(response_url, text="in time").status_code == 200
    slack.do("clock", forward=120)
    assert post(response_url, text="late").json()["error"] == "expired_url"
    assert texts(slack) == ["in time"]


def test_a_made_up_address_is_none(slack, response_url):
    assert post(response_url[:-3] + "xxx", text="x").status_code == 404
    assert post(response_url).json()["error"] == "no_text"
