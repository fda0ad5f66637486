"""Mattermost: the team's entries in a channel, by an incoming webhook.

https://developers.mattermost.com/integrate/webhooks/incoming/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    ADDRESS_REFUSED,
    Answers,
    Message,
    PostsToAddress,
    calling_nobody,
    in_markdown,
)


class Mattermost(PostsToAddress):
    name = "Mattermost"
    category = "Chat"
    tagline = "The team’s entries are posted in a channel."
    answers = Answers(
        source="https://developers.mattermost.com/integrate/webhooks/incoming/",
        refusals=ADDRESS_REFUSED,
    )

    def written(self, text: str) -> Mapping[str, Any]:
        return {"text": text, "props": {"disable_group_highlight": True}}

    def text(self, entry: Entry) -> str:
        said = Message.of(entry)
        lines = [f"{said.sign} **{said.word}** · {in_markdown(said.who)}", in_markdown(said.body)]
        # An address calls nobody, and must stay what it is.
        return "\n".join([calling_nobody("\n".join(lines)), *filter(None, [said.url])])


integration = Mattermost()
