"""Apprise: the team's entries wherever Apprise carries messages, by a server of one's own.

https://github.com/caronc/apprise-api#persistent-storage-solution

The library of the same name is left out on purpose. Each of its plugins makes calls of its own,
most to whatever host an address names, some to no host at all but to the desktop or a program of
the machine. None of them would pass the one door out and its guard of addresses. On a server of its
own, Apprise reaches what its administrator lets it reach, and from here one address is called."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from django import forms

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    Account,
    Answer,
    Answers,
    Client,
    CredentialsForm,
    Gone,
    Link,
    Message,
    NeedsReconnect,
    Never,
    Posts,
    PostsForm,
    Refusal,
    calling_nobody,
    fingerprint,
)
from idonethis.integrations.messages import UNSEEN

#: https://github.com/caronc/apprise-api#api-notes
KEY = r"[A-Za-z0-9_-]{1,64}"
EVERYTHING = "all"
#: What happened, in the words of Apprise, by kind and whether it is completed.
TYPES = {("goal", False): "info", ("blocked", False): "warning"}
NO_CONTENT = 204
LOCKED = 403


class AppriseCredentials(CredentialsForm):
    site = forms.URLField(
        label="Address of your Apprise API", max_length=300, assume_scheme="https", initial=""
    )
    key = forms.RegexField(
        rf"^{KEY}\Z",
        label="Key",
        strip=True,
        max_length=64,
        help_text="Under which Apprise keeps the addresses that are to be told.",
    )
    user = forms.CharField(
        label="User name", max_length=200, required=False, help_text="Where the key asks for one."
    )
    password = forms.CharField(label="Password", max_length=200, required=False)


class AppriseForm(PostsForm):
    tag = forms.RegexField(
        r"^[A-Za-z0-9_-]*\Z",
        initial=EVERYTHING,
        required=False,
        max_length=60,
        help_text="Only addresses with this tag are told; “all” are all of the key.",
    )


class Apprise(Posts):
    name = "Apprise"
    category = "Chat"
    tagline = "The team’s entries go wherever your Apprise API carries them: mail, phones, chats."
    link_form = AppriseForm
    credentials = AppriseCredentials
    reads = ("whether there is anything under the key, with secrets left out",)
    writes = ("messages to all that stand under the key, or to those with a tag",)
    answers = Answers(
        source="https://github.com/caronc/apprise-api",
        word="error",
        refusals=(
            Refusal(
                NeedsReconnect,
                (401, 403),
                sentence="{partner} takes the key, or what goes with it, no longer ({status}).",
            ),
            # Some may have been reached, and would be told twice.
            Refusal(
                Never,
                (424,),
                sentence="{partner} did not reach all that it should have told. Its log says why.",
            ),
            Refusal(Never, (400,), sentence="{partner} did not take the message ({word})."),
        ),
    )

    def subject(self, config: Mapping[str, Any]) -> str:
        return tag(config) if tag(config) != EVERYTHING else ""

    def base(self, secrets: Mapping[str, Any]) -> str:
        return f"{site(secrets)}/notify/{secrets.get('key', '')}"

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        wanted = {"Accept": "application/json"}
        if not secrets.get("user"):
            return wanted
        pair = f"{secrets['user']}:{secrets.get('password', '')}"
        return {**wanted, "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def introduced(self, typed: Mapping[str, Any], client: Client) -> Account:
        """Nobody is told anything yet. A key that is locked cannot be looked at, only used."""
        path = f"{site(typed)}/json/urls/{typed['key']}"
        answer = client.send("GET", path, params={"privacy": "1"})
        if answer.status != LOCKED:
            client.judge(answer, path)
            check_content(answer)
        there = f"{site(typed)}/{typed['key']}"
        uid = f"key:{fingerprint(there.encode())[:32]}"
        return Account(uid=uid, name=site(typed).partition("://")[2], secrets=dict(typed))

    def deliver(self, entry: Entry, link: Link, client: Client) -> str:
        check_content(client.post("", json={**message(entry), "tag": tag(link.config)}))
        return "posted"


def site(secrets: Mapping[str, Any]) -> str:
    return str(secrets.get("site") or "").rstrip("/")


def tag(config: Mapping[str, Any]) -> str:
    return str(config.get("tag") or EVERYTHING)


def check_content(answer: Answer) -> None:
    if answer.status == NO_CONTENT:
        raise Gone("There is nothing under this key at Apprise (any more).")


def message(entry: Entry) -> dict[str, str]:
    """As text. It may end where text is read as Markdown or as Slack's own, which Apprise does not
    prevent, so nothing in it may be a sign there."""
    said = Message.of(entry)
    return {
        "title": f"{said.sign} {said.word} · {plainly(said.who)}",
        "body": "\n".join(filter(None, [plainly(said.body), said.url])),
        "type": TYPES.get((entry.kind, bool(entry.completed_on)), "success"),
        "format": "text",
    }


def plainly(text: str) -> str:
    """The same to the eye, wherever it is read."""
    unlinked = text.replace("](", f"]{UNSEEN}(").replace("<", f"<{UNSEEN}")
    return calling_nobody(unlinked)


integration = Apprise()
