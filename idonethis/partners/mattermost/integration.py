"""Mattermost: log with /done or by a word in a channel, and see the team's entries there.

https://developers.mattermost.com/integrate/webhooks/incoming/ and, for what people say,
https://developers.mattermost.com/integrate/slash-commands/custom/ and
https://developers.mattermost.com/integrate/webhooks/outgoing/"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from idonethis.integrations.base import (
    Actor,
    AnyOf,
    Choice,
    Client,
    Hook,
    InBody,
    Pace,
    SharedToken,
    line,
    record,
)
from idonethis.integrations.kits.chats import ChatOnServers
from idonethis.integrations.kits.talks import SAID, Said
from idonethis.integrations.kits.words import NONE, Words
from idonethis.partners.mattermost import api, webhooks
from idonethis.partners.mattermost.forms import MattermostCredentials
from idonethis.partners.mattermost.refusals import ANSWERS

QUIET = {"props": {"disable_group_highlight": True}}


class Mattermost(ChatOnServers):
    name = "Mattermost"
    category = "Chat"
    introducer = api
    registrar = webhooks
    tagline = "“done …” is logged with a receipt, and the team’s entries are posted in a channel."
    api_path = "/api/v4"
    bold = "**"
    credentials = MattermostCredentials
    reads = ("your name, and those of the channels in which you are, to pick one", SAID)
    writes = (
        "messages in the channel",
        "one outgoing webhook for each channel in which people log",
    )
    their_secret = "Mattermost shows it when you save the slash command or outgoing webhook."  # noqa: S105
    # Commands say it in both, outgoing webhooks in the body alone.
    signature = AnyOf((SharedToken("Authorization", prefix="Token "), InBody("token")))
    hook_events = webhooks.EVENTS
    # https://docs.mattermost.com/administration-guide/configure/rate-limiting-configuration-settings.html
    paces = (Pace(10, burst=100),)
    answers = ANSWERS

    def proof(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        """https://developers.mattermost.com/api-documentation/#/#authentication"""
        return {"Authorization": f"Bearer {secrets.get('token', '')}"}

    def channels(self, client: Client, query: str) -> Sequence[Choice]:
        return api.channels(client, self.site(client), query)

    def said(self, hook: Hook) -> Said | None:
        fields = fields_of(hook)
        words = words_of(fields)
        actor = Actor(line(fields.get("user_id")), login=line(fields.get("user_name")))
        mark = line(fields.get("post_id")) or line(fields.get("trigger_id"))
        return Said(actor, words, mark) if words else None

    def answered(self, text: str, hook: Hook) -> Mapping[str, Any]:
        """To a command only its person sees the answer; to a message it stands in the thread."""
        is_command = "command" in fields_of(hook)
        return {"response_type": "ephemeral" if is_command else "comment", "text": text}

    def written(self, text: str) -> Mapping[str, Any]:
        return {"text": text, **QUIET}

    def post(self, client: Client, channel: str, text: str) -> str:
        return api.post(client, channel, {"message": text, **QUIET})

    def rewrite(self, client: Client, channel: str, text: str, *, reference: str) -> None:
        api.rewrite(client, reference, {"message": text, **QUIET})

    def take_back(self, client: Client, channel: str, *, reference: str) -> None:
        api.take_back(client, reference)


def fields_of(hook: Hook) -> Mapping[str, Any]:
    return hook.form if hook.is_form else record(hook.json)


def words_of(fields: Mapping[str, Any]) -> Words | None:
    """A command that is none of our words is followed by one, as in ``/log goal write the docs``. A
    webhook without trigger words is told everything, whomever it is for."""
    command, text = line(fields.get("command")), str(fields.get("text") or "")
    if command:
        return Words.of_sentence(f"{command} {text}") or Words.of_sentence(text) or NONE
    return Words.of_sentence(text) or (NONE if fields.get("trigger_word") else None)


integration = Mattermost()
