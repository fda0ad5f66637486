"""Microsoft Teams: log by a mention in a channel, and see the team's entries there.

https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook and, for what people say,
https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    ADDRESS_REFUSED,
    Actor,
    Answers,
    Hmac,
    Hook,
    Message,
    Pace,
    PostsToAddress,
    Text,
    in_markdown,
    instant,
    line,
    record,
)
from idonethis.integrations.kits.talks import Said, Talks
from idonethis.integrations.kits.words import NONE, Words

_MENTION = re.compile(r"<at\b[^<>]*>.*?</at>", re.DOTALL)
_BREAK = re.compile(r"<br\b[^<>]*>|</(?:p|div)>")
_TAG = re.compile(r"</?[a-z][^<>]*>")


class Teams(Talks, PostsToAddress):
    name = "Microsoft Teams"
    category = "Chat"
    tagline = "“done …” is logged with a receipt, and the team’s entries are posted in a channel."
    their_secret = "Teams shows it once, when you create the outgoing webhook."  # noqa: S105
    signature = Hmac("Authorization", prefix="HMAC ", encoding=Text.BASE64, key=Text.BASE64)
    # https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
    paces = (Pace(4),)
    answers = Answers(
        source="https://learn.microsoft.com/connectors/teams/", refusals=ADDRESS_REFUSED
    )

    def said(self, hook: Hook) -> Said | None:
        """A webhook hears nothing but what mentions it."""
        body = record(hook.json)
        who, where = record(body.get("from")), record(body.get("conversation"))
        uid = line(who.get("aadObjectId")) or line(who.get("id"))
        mark = line(body.get("id")) and f"{line(where.get('id'))}:{line(body.get('id'))}"
        words = Words.of_sentence(plain(str(body.get("text") or ""))) or NONE
        return Said(
            Actor(uid, name=line(who.get("name"))),
            words,
            mark,
            at=instant(body.get("timestamp")),
        )

    def answered(self, text: str, hook: Hook) -> Mapping[str, Any]:
        """It is read as Markdown, in which one line break is none."""
        return {"type": "message", "text": text.replace("\n", "\n\n")}

    def quoted(self, text: str) -> str:
        return in_markdown(text)

    def written(self, text: str) -> Mapping[str, Any]:
        """An adaptive card of rich text, the only kind of block that takes text as text: others
        read Markdown in it. https://adaptivecards.io/explorer/RichTextBlock.html"""
        blocks = [
            {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line}]}
            for line in text.splitlines()
        ]
        card = {"type": "AdaptiveCard", "version": "1.2", "body": blocks}
        kind = "application/vnd.microsoft.card.adaptive"
        return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}

    def text(self, entry: Entry) -> str:
        return Message.of(entry).plain


def plain(text: str) -> str:
    """What people see of it, but for whom it mentions; what they typed as a tag is escaped."""
    words = _TAG.sub("", _BREAK.sub("\n", _MENTION.sub("", text)))
    return unescape(words).replace("\xa0", " ")


integration = Teams()
