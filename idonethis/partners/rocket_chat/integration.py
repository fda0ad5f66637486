"""Rocket.Chat: log by a word in a room, and see the team's entries there.

https://docs.rocket.chat/docs/integrations, both incoming and outgoing webhooks"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from idonethis.integrations.base import (
    Actor,
    Choice,
    Client,
    Hook,
    InBody,
    Pace,
    SignsAsTold,
    instant,
    line,
    record,
)
from idonethis.integrations.kits.chats import ChatOnServers
from idonethis.integrations.kits.talks import SAID, Said
from idonethis.integrations.kits.words import NONE, Words
from idonethis.partners.rocket_chat import api, webhooks
from idonethis.partners.rocket_chat.forms import RocketChatCredentials
from idonethis.partners.rocket_chat.refusals import ANSWERS


class RocketChat(SignsAsTold, ChatOnServers):
    name = "Rocket.Chat"
    category = "Chat"
    introducer = api
    registrar = webhooks
    tagline = "“done …” is logged with a receipt, and the team’s entries are posted in a channel."
    api_path = "/api/v1"
    bold = "*"
    credentials = RocketChatCredentials
    reads = ("your name, and those of the channels in which you are, to pick one", SAID)
    writes = (
        "messages in the channel",
        "one outgoing integration for each channel in which people log",
    )
    their_secret = "Rocket.Chat shows it in the outgoing integration, as its token."  # noqa: S105
    # Nothing else is signed: who knows address and token can say anything.
    signature = InBody("token")
    hook_events = webhooks.EVENTS
    # https://docs.rocket.chat/docs/rate-limiter
    paces = (Pace(10, per=60),)
    answers = ANSWERS

    def proof(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        """https://developer.rocket.chat/apidocs/authentication-api"""
        return {
            "X-Auth-Token": str(secrets.get("token", "")),
            "X-User-Id": str(secrets.get("user", "")),
        }

    def channels(self, client: Client, query: str) -> Sequence[Choice]:
        return api.channels(client, self.site(client), query)

    def hooks_page(self, subject: str) -> str:
        return f"{subject.rpartition('/')[0]}/admin/integrations"

    def said(self, hook: Hook) -> Said | None:
        """Of an edit nothing tells when it was made; what integrations say is for nobody."""
        body = record(hook.json)
        text, called = str(body.get("text") or ""), bool(body.get("trigger_word"))
        edited = hook.received_at if body.get("isEdited") else None
        words = Words.of_sentence(text) or (NONE if called or edited else None)
        if words is None or body.get("bot"):
            return None
        actor = Actor(line(body.get("user_id")), login=line(body.get("user_name")))
        at, mark = instant(body.get("timestamp")), line(body.get("message_id"))
        return Said(actor, words, mark, at=at, edited_at=edited)

    def post(self, client: Client, channel: str, text: str) -> str:
        return api.post(client, channel, text)

    def rewrite(self, client: Client, channel: str, text: str, *, reference: str) -> None:
        api.rewrite(client, channel, text, reference=reference)

    def take_back(self, client: Client, channel: str, *, reference: str) -> None:
        api.take_back(client, channel, reference=reference)


integration = RocketChat()
