"""The signatures themselves, against what the partners publish."""

from __future__ import annotations

from idonethis.simulators.github.deliveries import SIGNING as GITHUB
from idonethis.simulators.sending import Signing
from idonethis.simulators.slack.requests import SIGNING as SLACK


def test_github_signs_as_its_documentation_shows():
    """https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries"""
    headers = GITHUB.headers(b"Hello, World!", "It's a Secret to Everybody", now=0)
    expected = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert headers == {"X-Hub-Signature-256": f"sha256={expected}"}


def test_slack_signs_as_its_documentation_shows():
    """https://docs.slack.dev/authentication/verifying-requests-from-slack"""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015"
        b".47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    assert SLACK.headers(body, "8f742231b10e8888abcd99yyyzzz85a5", now=1531420618.9) == {
        "X-Slack-Signature": (
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        ),
        "X-Slack-Request-Timestamp": "1531420618",
    }


def test_a_signature_may_be_base64_of_another_hash():
    signing = Signing(header="Sig", algorithm="sha1", encoding="base64")
    assert signing.headers(b"what do ya want for nothing?", "Jefe", now=0) == {
        "Sig": "7/zfauXrL6LSdBbV8YTfnCWafHk="
    }


def test_without_a_secret_nothing_is_signed():
    assert SLACK.headers(b"body", "", now=0) == {}
