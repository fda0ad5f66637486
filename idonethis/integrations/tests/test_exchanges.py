"""What is kept of a request to a partner and of its answer: everything but what lets in."""

from __future__ import annotations

import base64
import json

import httpx
import pytest

from idonethis.integrations.answers import Answer
from idonethis.integrations.exchanges import LONGEST, Exchange
from idonethis.integrations.hiding import Hidden, mark, unmarked
from idonethis.integrations.masking import MASK
from idonethis.integrations.retold import Retold
from idonethis.integrations.tests.commands import words

TOKEN = "canary/4b1d+of=ada"
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/json"}


def kept(
    url="https://api.example.org/posts", *, secrets=None, headers=HEADERS, answer=None, **said
):
    secrets = {"access_token": TOKEN} if secrets is None else secrets
    proofs = {**headers, "X-Api-Version": "7"}
    asked = httpx.Request("POST", url, headers=proofs, **said)
    headers = [(name.decode(), value.decode()) for name, value in asked.headers.raw]
    exchange = Exchange("POST", str(asked.url), headers, asked.content, answer=answer)
    return exchange.kept(Hidden.of(secrets, proofs))


def told(**said):
    return json.dumps(kept(**said), ensure_ascii=False)


def test_a_token_in_a_header_is_kept_by_its_name_alone():
    lines = kept(json={})["headers"].split("\n")
    assert f"Authorization: Bearer {mark('access_token')}" in lines
    assert {"Accept: application/json", "X-Api-Version: 7"} < set(lines)


@pytest.mark.parametrize(
    "value",
    [
        f'OAuth oauth_consumer_key="k", oauth_token="{TOKEN}", oauth_signature="c2lnbmF0dXJl"',
        "c2lnbmF0dXJl",
        "Digest c2lnbmF0dXJl",
        f'OAuth oauth_signature="c2lnbmF0dXJl", oauth_token={TOKEN}',
        f"{TOKEN}:c2lnbmF0dXJl",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["Authorization", "X-Whatever"])
def test_a_header_that_proves_in_another_way_is_not_kept(name, value):
    said = kept(headers={name: value})
    assert "c2lnbmF0dXJl" not in str(said) and TOKEN not in str(said)
    assert mark(name) in said["headers"]


def test_what_is_made_of_a_password_is_hidden_where_the_partner_repeats_it():
    pair = base64.b64encode(b"ada:engine-1815").decode()
    answer = Answer(401, {"x-was": f"Basic {pair}"}, f'{{"you sent": "{pair}"}}'.encode())
    said = told(
        secrets={"user": "ada", "password": "engine-1815"},
        headers={"Authorization": f"Basic {pair}"},
        answer=answer,
    )
    assert pair not in said and pair[:12] not in said


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.org/bot{}/send",
        "https://api.example.org/send?key={}",
        "https://api.example.org/send?a=1&whatever={}#there",
    ],
)
@pytest.mark.parametrize(
    "spelt", [TOKEN, "canary%2F4b1d%2Bof%3Dada", "canary/4b1d%2Bof%3Dada", "can%61ry/4b1d+of=ada"]
)
def test_a_token_in_an_address_is_not_kept_in_whatever_way_it_is_written(url, spelt):
    said = kept(url.format(spelt), headers={})["url"]
    assert "4b1d" not in said and mark("access_token") in said
    assert said.startswith("https://api.example.org/")


ADDRESS = "https://chat.example.org/hooks/1815/a-key-that-is-long-enough?sig=short&v=1"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (ADDRESS, f"https://chat.example.org{MASK}"),
        (ADDRESS.partition("?")[0], f"https://chat.example.org{MASK}"),
        (f"{ADDRESS.partition('?')[0]}/messages/7", f"https://chat.example.org{MASK}/messages/7"),
        ("https://chat.example.org/a-key-that-is-long-enough", f"https://chat.example.org/{MASK}"),
    ],
)
def test_of_an_address_that_lets_in_the_server_alone_is_kept(url, shown):
    assert unmarked(kept(url, secrets={"url": ADDRESS}, headers={})["url"]) == shown


def test_the_address_of_a_server_is_no_secret():
    said = kept(secrets={"site": "https://api.example.org", "token": TOKEN}, headers={})
    assert said["url"] == "https://api.example.org/posts"


@pytest.mark.parametrize(
    "content",
    [
        {"json": {"text": f"my {TOKEN}", "password": "4b1d", TOKEN: [TOKEN]}},
        {"data": {"text": f"my {TOKEN}", "password": "4b1d"}},
        {"content": f"my {TOKEN} token=4b1d".encode()},
    ],
)
def test_nor_do_bodies_keep_any_on_either_side(content):
    asked = httpx.Request("POST", "https://api.example.org", **content)
    answer = Answer(200, {"set-cookie": "a=4b1d", "location": "/?token=4b1d"}, asked.content)
    said = told(**content, answer=answer)
    assert "4b1d" not in said and "my" in said


def test_a_short_secret_is_found_as_a_word_of_its_own():
    said = kept(secrets={"password": "ada"}, headers={}, json={"text": "ada adamant", "a": "x ada"})
    assert unmarked(said["body"]) == f'{{"text":"{MASK} adamant","a":"x {MASK}"}}'


def test_nobody_else_writes_a_mark():
    """Else what stands in an entry would name a variable of whoever pastes the command."""
    for text in (mark("PATH"), "\\ue000PATH\\ue001", '"\\ue000PATH\\ue001\\ud800"'):
        said = kept(content=text.encode(), headers={})
        assert "$PATH" not in Retold(said).curl


def test_the_address_of_a_hook_of_ours_is_masked():
    address = "https://here.example.org/integrations/acme/hook/" + "a1B2-" * 8 + "xyz"
    assert "a1B2-a1B2" not in told(json={"url": address}, headers={})


@pytest.mark.parametrize("text", ["x" * 100_000, json.dumps({"a": "x" * 9_000}), TOKEN * 9_000])
def test_a_long_body_is_cut_and_says_so(text):
    said = kept(content=text.encode(), headers={}, answer=Answer(200, {}, text.encode()))
    for part in (said, said["answer"]):
        assert len(part["body"]) <= LONGEST and part["is_cut"] and part["size"] == len(text)
        assert "\ue000" not in unmarked(part["body"])
    page = Retold(said)
    assert page.body_title == f"Body: the first 8,000 characters of {len(text):,} bytes"
    assert "8,000" in page.answer_title
    assert "--data-raw" not in page.curl and "# The body was too long to be kept." in page.curl


def test_deep_and_broken_bodies_are_kept_as_text():
    for body in (b"[" * 5000, b'{"a":' * 900 + b"1" + b"}" * 900, b"\xff\x00\xfe", b"{"):
        assert "\0" not in kept(content=body, headers={})["body"]


QUOTING = 'it\'s "$HOME" `id` \\ !x\n%s'


def test_the_command_is_quoted_for_a_shell():
    said = kept("https://api.example.org/a[1]?q='$(id)'", json={"text": f"{QUOTING} {TOKEN}"})
    args = words(Retold(said).curl, {"ACCESS_TOKEN": "put in"})
    assert args[:3] == ["-g", "-X", "POST"]
    assert args[3] == said["url"]
    assert "Authorization: Bearer put in" in args
    assert json.loads(args[-1]) == {"text": f"{QUOTING} put in"}
    assert not {"host", "content-length"} & {each.partition(":")[0].lower() for each in args}


def test_the_command_says_what_to_set():
    said = kept("https://api.example.org/bot1815:abcdef", secrets={"token": "1815:abcdef"})
    assert Retold(said).curl.startswith("# Set $TOKEN and $AUTHORIZATION first")
    assert Retold(kept(secrets={}, headers={})).curl.startswith("curl")


def test_where_no_answer_came_there_is_none():
    assert kept()["answer"] is None and Retold(kept()).status is None


def test_a_form_is_read_by_its_fields():
    page = Retold(kept(data={"to": "11", "content": "✅ Done & dusted"}, headers={}))
    assert page.body == "to: 11\ncontent: ✅ Done & dusted"
