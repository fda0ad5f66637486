"""Google Chat: the team's entries in a space, by an incoming webhook.

https://developers.google.com/workspace/chat/quickstart/webhooks"""

from __future__ import annotations

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    ADDRESS_REFUSED,
    Answers,
    Message,
    PostsToAddress,
    calling_nobody,
)

#: It shows nowhere, and breaks what would otherwise be a sign of Google’s.
UNSEEN = "\u200b"


class GoogleChat(PostsToAddress):
    name = "Google Chat"
    category = "Chat"
    tagline = "The team’s entries are posted in a space."
    answers = Answers(
        source="https://developers.google.com/workspace/chat/api/guides/error-codes",
        refusals=ADDRESS_REFUSED,
    )

    def text(self, entry: Entry) -> str:
        said = Message.of(entry)
        head = f"{said.sign} *{said.word}* · {plainly(said.who)}"
        return "\n".join(filter(None, [head, plainly(said.body), said.url]))


def plainly(text: str) -> str:
    """What stands in angle brackets calls people, or leads elsewhere than it says.
    https://developers.google.com/workspace/chat/format-messages"""
    return calling_nobody(text.replace("<", f"<{UNSEEN}"))


integration = GoogleChat()
