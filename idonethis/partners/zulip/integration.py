"""Zulip: log by mentioning a bot or writing to it, and see the team's entries in a channel.

https://zulip.com/api/send-message and, for what people say,
https://zulip.com/api/outgoing-webhook-payload"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    Account,
    Actor,
    Answers,
    Choice,
    Client,
    CredentialsForm,
    Gone,
    Hook,
    InBody,
    Link,
    Message,
    NeedsReconnect,
    Pace,
    PostsForm,
    Refusal,
    Response,
    SendsToPicked,
    Vanished,
    calling_nobody,
    in_markdown,
    instant,
    line,
    picked,
    record,
    records,
    shortened,
)
from idonethis.integrations.kits.talks import SAID, Said, Talks
from idonethis.integrations.kits.words import NONE, Words

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


class Zulip(Talks, SendsToPicked):
    name = "Zulip"
    category = "Chat"
    tagline = (
        "“done …” to a bot is logged with a receipt; the team’s entries are posted under a topic."
    )
    their_secret = "Zulip gives it with the outgoing webhook bot, as token in its zuliprc file."  # noqa: S105
    signature = InBody("token")
    link_form = ZulipForm
    place = "channel"
    credentials = ZulipCredentials
    reads = ("the names of the channels that the bot sees, to pick one", SAID)
    writes = ("messages in the channel that you pick",)
    # https://zulip.com/api/rest-error-handling#rate-limit-exceeded, as servers are set up
    paces = (Pace(200, per=60),)
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

    def said(self, hook: Hook) -> Said | None:
        """A person's number is one within their organisation; the mail address may be made up."""
        body = record(hook.json)
        message = record(body.get("message"))
        who, realm = line(message.get("sender_id")), line(message.get("sender_realm_str"))
        actor = Actor(
            f"{realm}/{who}" if who else "",
            name=line(message.get("sender_full_name")),
            email=line(message.get("sender_email")),
        )
        words = Words.of_sentence(without_mention(body)) or NONE
        at = instant(message.get("timestamp"))
        return Said(actor, words, line(message.get("id")), at=at)

    def accepted(self, hook: Hook) -> Response:
        """Whoever does not answer says so: https://zulip.com/help/outgoing-webhooks"""
        return Response.json({"response_not_required": True})

    def answered(self, text: str, hook: Hook) -> Mapping[str, Any]:
        return {"content": shortened(text, LONGEST)}

    def quoted(self, text: str) -> str:
        return calling_nobody(in_markdown(text))

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


def without_mention(body: Mapping[str, Any]) -> str:
    """Where several are called the same, the mention has the bot's number after a bar."""
    name = re.escape(line(body.get("bot_full_name")))
    return re.sub(rf"@_?\*\*{name}(\|[0-9]+)?\*\*", "", str(body.get("data") or ""))


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
