"""Telegram: the team's entries in a group or a channel, by a bot. https://core.telegram.org/bots/api"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    Account,
    Answers,
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
    line,
    record,
    shortened,
)

#: https://core.telegram.org/bots/api#sendmessage
LONGEST = 4096


class TelegramCredentials(CredentialsForm):
    token = forms.CharField(
        label="Token of the bot",
        max_length=100,
        initial="",
        validators=[RegexValidator(r"^[0-9]+:[A-Za-z0-9_-]+$", "It looks like 123456:ABC-def.")],
    )


class TelegramForm(PostsForm):
    chat = forms.CharField(
        required=False,
        initial="",
        max_length=100,
        validators=[
            RegexValidator(
                r"^(-?[0-9]+|@[A-Za-z0-9_]{4,})(\|.+)?$",
                "A group has a number such as -1001234567890, a channel a name such as @done.",
            )
        ],
        help_text="The number of the group, or the @name of a public channel.",
    )


class Telegram(SendsToPicked):
    name = "Telegram"
    category = "Chat"
    tagline = "The team’s entries are posted in a group, and follow edits and removals."
    link_form = TelegramForm
    place = "chat"
    credentials = TelegramCredentials
    addresses: ClassVar = {"api": "https://api.telegram.org"}
    writes = ("messages in the group or channel that you name",)
    answers = Answers(
        source="https://core.telegram.org/bots/api#making-requests",
        word="description",
        success="ok",
        refusals=(
            Refusal(NeedsReconnect, (401,), sentence="{partner} takes the bot’s token no longer."),
            Refusal(
                Vanished,
                (400,),
                ("*message to * not found*", "*message can't be *"),
                sentence="The message is gone at {partner}, or may not be changed any more.",
            ),
            Refusal(
                Vanished,
                (400,),
                ("*message is not modified*",),
                sentence="The message says so already.",
            ),
            Refusal(
                Gone,
                (400, 403),
                ("*chat not found*", "*bot was *", "*bot is not a member*", "*upgraded to*"),
                sentence="The bot is not in that chat (any more).",
            ),
        ),
    )

    def base(self, secrets: Mapping[str, Any]) -> str:
        """The token is a part of the address, as Telegram wants it."""
        return f"{self.address('api')}/bot{secrets.get('token', '')}"

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return {}

    def introduced(self, typed: Mapping[str, Any], client: Client) -> Account:
        me = record(record(client.post("/getMe").json).get("result"))
        name, uid = line(me.get("username")), line(me.get("id"))
        return Account(uid=f"bot:{uid}", login=name, secrets=dict(typed))

    def deliver(self, entry: Entry, link: Link, client: Client) -> str:
        said = client.post("/sendMessage", json={"chat_id": link.subject, **content(entry)})
        return line(record(record(said.json).get("result")).get("message_id"))

    def update(self, entry: Entry, link: Link, client: Client, *, reference: str) -> None:
        client.post("/editMessageText", json={**which(link, reference), **content(entry)})

    def retract(self, link: Link, client: Client, *, reference: str) -> None:
        """What is older than two days stays: https://core.telegram.org/bots/api#deletemessage"""
        client.post("/deleteMessage", json=which(link, reference))


def which(link: Link, reference: str) -> dict[str, Any]:
    return {"chat_id": link.subject, "message_id": int(reference)}


def content(entry: Entry) -> dict[str, Any]:
    """Text without a parse_mode is text, but for names with an at-sign."""
    text = shortened(calling_nobody(Message.of(entry).plain), LONGEST)
    return {"text": text, "link_preview_options": {"is_disabled": True}}


integration = Telegram()
