"""Mattermost: log with /done or by a word in a channel, and see the team's entries there.

https://developers.mattermost.com/integrate/webhooks/incoming/ and, for what people say,
https://developers.mattermost.com/integrate/slash-commands/custom/ and
https://developers.mattermost.com/integrate/webhooks/outgoing/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    ADDRESS_REFUSED,
    Actor,
    Answers,
    AnyOf,
    Hook,
    InBody,
    Message,
    PostsToAddress,
    SharedToken,
    calling_nobody,
    in_markdown,
    line,
    record,
)
from idonethis.integrations.kits.talks import Said, Talks
from idonethis.integrations.kits.words import NONE, Words


class Mattermost(Talks, PostsToAddress):
    name = "Mattermost"
    category = "Chat"
    tagline = "“done …” is logged with a receipt, and the team’s entries are posted in a channel."
    their_secret = "Mattermost shows it when you save the slash command or outgoing webhook."  # noqa: S105
    # Commands say it in both, outgoing webhooks in the body alone.
    signature = AnyOf((SharedToken("Authorization", prefix="Token "), InBody("token")))
    answers = Answers(
        source="https://developers.mattermost.com/integrate/webhooks/incoming/",
        refusals=ADDRESS_REFUSED,
    )

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

    def quoted(self, text: str) -> str:
        return calling_nobody(in_markdown(text))

    def written(self, text: str) -> Mapping[str, Any]:
        return {"text": text, "props": {"disable_group_highlight": True}}

    def text(self, entry: Entry) -> str:
        said = Message.of(entry)
        lines = [f"{said.sign} **{said.word}** · {in_markdown(said.who)}", in_markdown(said.body)]
        # An address calls nobody, and must stay what it is.
        return "\n".join([calling_nobody("\n".join(lines)), *filter(None, [said.url])])


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
