"""Nobody who looks at a request sees a secret in it, and everybody sees the rest."""

from __future__ import annotations

import json
import time
from urllib.parse import urlencode

import pytest

from idonethis.integrations import showing
from idonethis.integrations.masking import MASK, SECRET_NAME, masked, masked_text
from idonethis.integrations.values import Hook

FORM = "application/x-www-form-urlencoded"
#: In the forms of those who issue them; none of them opens anything.
TOKENS = [
    "ghp_" + "a1B2" * 9,
    "github_pat_" + "a1B2_" * 9,
    "glpat-" + "a1B2" * 5,
    "idt_" + "a1B2-" * 8,
    "xoxb-" + "1234567890-abc",
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "sk_live_" + "a1B2" * 6,
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxIn0." + "c2lnbmF0dXJl",
    "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
]


@pytest.mark.parametrize(
    "name",
    [
        "token", "access_token", "clientSecret", "password", "Authorization", "X-Api-Key",
        "x-hub-signature-256", "private_key", "Set-Cookie", "credentials", "response_url", "x-sig",
    ],
)  # fmt: skip
def test_what_is_called_a_secret_is_masked(name):
    assert masked({name: "hunter2"}) == {name: MASK}
    assert masked({name: {"of": ["hunter2", 7, True, None]}}) == {
        name: {"of": [MASK, MASK, True, None]}
    }


@pytest.mark.parametrize(
    "name", ["author_association", "key", "design", "topic", "pinned", "sender", "assignee", "body"]
)
def test_what_is_not_is_shown(name):
    assert masked({name: "hunter2"}) == {name: "hunter2"}
    assert not SECRET_NAME.search(name)


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_is_masked_wherever_it_stands(token):
    said = masked({"text": f"use {token} for now"})["text"]
    assert said == f"use {MASK} for now"
    assert token not in masked_text(f"use {token} for now")


def test_the_password_in_an_address_is_masked():
    said = masked({"clone": "https://ada:hunter2@code.example.org/engine"})
    assert said == {"clone": f"https://{MASK}@code.example.org/engine"}


@pytest.mark.parametrize(
    "text",
    ["token=hunter2&a=1", "token: hunter2\n", '{"token": "hunter2"', "<token>hunter2</token>"],
)
def test_text_that_is_no_json_is_masked_by_the_names_in_it(text):
    shown = showing.readable(Hook(text.encode(), {}))
    assert "hunter2" not in shown and MASK in shown


def test_the_body_of_a_form_is_shown_by_field_with_the_json_in_it():
    payload = {"user": {"id": "U1"}, "token": "hunter2"}
    body = urlencode({"token": "hunter2", "text": "Mend the roof", "payload": json.dumps(payload)})
    shown = json.loads(showing.whole(Hook(body.encode(), {"content-type": FORM})))
    assert shown == {
        "token": MASK,
        "text": "Mend the roof",
        "payload": {"user": {"id": "U1"}, "token": MASK},
    }


def test_a_command_holds_no_secret_and_says_so():
    headers = {"content-type": "application/json", "x-sig": "abc", "x-event": "it's"}
    hook = Hook(b'{"text": "it\'s done", "token": "hunter2"}', headers, query="a=1&token=hunter2")
    command = showing.as_curl(hook, "https://log.example.org/hook")
    assert command.startswith("# The signature is left out")
    assert "hunter2" not in command and "x-sig" not in command
    assert """-H 'x-event: it'"'"'s'""" in command and "?a=1&token=" in command


def test_hostile_text_is_masked_in_time():
    began = time.process_time()
    for text in ("a" * 100_000, "a-" * 50_000, "://" * 30_000, "secret" * 20_000, "[" * 100_000):
        masked_text(text)
    assert time.process_time() - began < 20
