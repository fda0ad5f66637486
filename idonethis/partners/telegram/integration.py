"""Telegram: log by a word in a group, and see the team's entries there or in a channel, by a bot.

https://core.telegram.org/bots/api"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    Account,
    Answers,
    Client,
    Each,
    Gone,
    Hook,
    Link,
    Message,
    NeedsReconnect,
    Never,
    Pace,
    Refusal,
    Registers,
    Secret,
    SendsToPicked,
    SharedToken,
    StandingHook,
    Vanished,
    calling_nobody,
    line,
    record,
    shortened,
)
from idonethis.integrations.kits.talks import SAID, Said, Talks
from idonethis.partners.telegram import updates, webhook
from idonethis.partners.telegram.forms import TelegramCredentials, TelegramForm

#: https://core.telegram.org/bots/api#sendmessage
LONGEST = 4096


class Telegram(Talks, Registers, SendsToPicked):
    name = "Telegram"
    category = "Chat"
    tagline = (
        "“done …” in a group is logged with a receipt; entries are posted there. Both follow edits."
    )
    link_form = TelegramForm
    place = "chat"
    credentials = TelegramCredentials
    addresses: ClassVar = {"api": "https://api.telegram.org"}
    reads = (SAID,)
    writes = ("messages in the group or channel that you name", "the webhook of the bot")
    # https://core.telegram.org/bots/api#setwebhook
    signature = SharedToken("X-Telegram-Bot-Api-Secret-Token")
    hook_events = webhook.EVENTS
    # https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
    paces = (Pace(20, per=60, each=Each.PLACE), Pace(30))
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
                Never,
                (400,),
                ("*bad webhook*", "*failed to resolve host*"),
                sentence="{partner} cannot send to this server ({word}). Leave “Log what people "
                "say there” out, or give this server an https address on the internet.",
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

    def hook_subject(self, config: Mapping[str, Any], uid: str) -> str:
        """A bot has one webhook, in however many chats it is."""
        return uid if config.get("hears") and self.subject(config) else ""

    def create_hook(
        self, client: Client, subject: str, *, url: str, secret: Secret, remote_id: str = ""
    ) -> str:
        webhook.make(client, subject, url=url, secret=secret)
        return subject

    def standing_hook(
        self, client: Client, subject: str, *, url: str, remote_id: str
    ) -> StandingHook | None:
        return webhook.standing(client, subject)

    def destroy_hook(self, client: Client, subject: str, *, url: str, remote_id: str) -> None:
        webhook.remove(client, subject, url=url)

    def concerns(self, hook: Hook) -> frozenset[str]:
        return updates.places(hook)

    def delivery_key(self, hook: Hook) -> str:
        return updates.number(hook) or super().delivery_key(hook)

    def said(self, hook: Hook) -> Said | None:
        return updates.said(hook)

    def hears(self, link: Link) -> bool:
        """Also by a webhook that was made by hand."""
        return bool(link.config.get("hears", not link.config.get("kinds")))

    def quoted(self, text: str) -> str:
        """Text without a parse_mode is text, but for names with an at-sign."""
        return calling_nobody(text)

    def answered(self, text: str, hook: Hook) -> Mapping[str, Any]:
        """A call of a method, in the body of the response:
        https://core.telegram.org/bots/api#making-requests-when-getting-updates"""
        short, quiet = shortened(text, LONGEST), {"is_disabled": True}
        about = {"method": "sendMessage", "link_preview_options": quiet, "text": short}
        return {**about, **updates.reply_to(hook)}

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
