"""Microsoft Teams: the team's entries in a channel, by an incoming webhook.

https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    ADDRESS_REFUSED,
    Answers,
    Message,
    PostsToAddress,
)


class Teams(PostsToAddress):
    name = "Microsoft Teams"
    category = "Chat"
    tagline = "The team’s entries are posted in a channel."
    answers = Answers(
        source="https://learn.microsoft.com/connectors/teams/", refusals=ADDRESS_REFUSED
    )

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


integration = Teams()
