"""Rocket.Chat: the team's entries in a room, by an incoming webhook.

https://docs.rocket.chat/docs/integrations"""

from __future__ import annotations

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    ADDRESS_REFUSED,
    Answers,
    Message,
    PostsToAddress,
    calling_nobody,
    in_markdown,
)


class RocketChat(PostsToAddress):
    name = "Rocket.Chat"
    category = "Chat"
    tagline = "The team’s entries are posted in a room."
    answers = Answers(
        source="https://docs.rocket.chat/docs/integrations",
        refusals=ADDRESS_REFUSED,
    )

    def text(self, entry: Entry) -> str:
        said = Message.of(entry)
        lines = [f"{said.sign} *{said.word}* · {in_markdown(said.who)}", in_markdown(said.body)]
        # An address calls nobody, and must stay what it is.
        return "\n".join([calling_nobody("\n".join(lines)), *filter(None, [said.url])])


integration = RocketChat()
