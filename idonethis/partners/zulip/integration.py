"""Zulip: the team's entries in a channel, by a bot. https://zulip.com/api/send-message"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    Account,
    Answers,
    Choice,
    Client,
    CredentialsForm,
    Gone,
    Link,
    Message,
    NeedsReconnect,
    PostsForm,
    Refusal,
    SendsToPicked,
    Vanished,
    calling_nobody,
    in_markdown,
    line,
    picked,
    record,
    records,
    shortened,
)

#: https://zulip.com/api/send-message#parameter-content
LONGEST = 10_000


class ZulipCredentials(CredentialsForm):
    site = forms.URLField(
        label="Address of your Zulip", max_length=300, assume_scheme="https", initial=""
    )
    email = forms.EmailField(label="Email of the bot", initial="")
    key = forms.CharField(label="API key of the bot", max_length=200, initial="")


class ZulipForm(PostsForm):
    picks: ClassVar[tuple[str, ...]] = ("channel",)

    #: The channel's id, and after a bar its name.
    channel = forms.CharField(max_length=200, required=False, initial="")
    topic = forms.CharField(
        max_length=60, initial="done", help_text="Under which the entries stand there."
    )


class Zulip(SendsToPicked):
    name = "Zulip"
    category = "Chat"
    tagline = "The team’s entries are posted under a topic, and follow edits and removals."
    link_form = ZulipForm
    place = "channel"
    credentials = ZulipCredentials
    reads = ("the names of the channels that the bot sees, to pick one",)
    writes = ("messages in the channel that you pick",)
    answers = Answers(
        source="https://zulip.com/api/rest-error-handling",
        word="code",
        refusals=(
            Refusal(
                NeedsReconnect,
                (401, 403),
                ("invalid_api_key", "user_deactivated", "realm_deactivated"),
                sentence="{partner} takes the bot’s key no longer ({word}).",
            ),
            Refusal(
                Gone,
                (400,),
                ("stream_does_not_exist",),
                sentence="The channel is gone at {partner}, or the bot may not write there.",
            ),
        ),
    )

    def short_name(self, link: Link) -> str:
        name = picked(link.config.get("channel"))[1]
        return f"#{name} > {topic(link)}" if name else self.name

    def base(self, secrets: Mapping[str, Any]) -> str:
        return f"{str(secrets.get('site') or '').rstrip('/')}/api/v1"

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        pair = f"{secrets.get('email', '')}:{secrets.get('key', '')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def introduced(self, typed: Mapping[str, Any], client: Client) -> Account:
        me = record(client.get("/users/me").json)
        uid = f"{typed['site'].rstrip('/')}/{line(me.get('user_id'))}"
        return Account(uid=uid, name=line(me.get("full_name")), secrets=dict(typed))

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        listed = records(record(client.get("/streams").json).get("streams"))
        found = [(line(each.get("stream_id")), line(each.get("name"))) for each in listed]
        return [
            Choice(f"{number}|{name}", f"#{name}")
            for number, name in found
            if query.lower() in name.lower()
        ]

    def deliver(self, entry: Entry, link: Link, client: Client) -> str:
        form = {"type": "stream", "to": link.subject, "topic": topic(link), "content": text(entry)}
        return line(record(client.post("/messages", form=form).json).get("id"))

    def update(self, entry: Entry, link: Link, client: Client, *, reference: str) -> None:
        changed(client, "PATCH", reference, data={"content": text(entry)})

    def retract(self, link: Link, client: Client, *, reference: str) -> None:
        """Only bots of administrators may delete what is older than the organisation allows; then
        nothing of the entry is left in it."""
        changed(client, "DELETE", reference)


def topic(link: Link) -> str:
    return str(link.config.get("topic") or "done")


def changed(client: Client, method: str, reference: str, **content: Any) -> None:
    """Zulip says of a message that is gone that it is none, and has no word for it.
    https://zulip.com/api/update-message"""
    answer = client.send(method, f"/messages/{reference}", **content)
    if answer.status == 400 and line(record(answer.json).get("code")) == "BAD_REQUEST":
        raise Vanished("The message is gone at Zulip, or may not be changed any more.")
    client.judge(answer, "")


def text(entry: Entry) -> str:
    said = Message.of(entry)
    lines = [f"{said.sign} **{said.word}** · {in_markdown(said.who)}", in_markdown(said.body)]
    quiet = calling_nobody("\n".join(lines))
    return shortened("\n".join(filter(None, [quiet, said.url])), LONGEST)


integration = Zulip()
