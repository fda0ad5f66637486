"""Google Chat: log by a mention or a command, and see the team's entries in a space.

https://developers.google.com/workspace/chat/quickstart/webhooks and, for what people say,
https://developers.google.com/workspace/chat/receive-respond-interactions"""

from __future__ import annotations

from typing import ClassVar

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    ADDRESS_REFUSED,
    Answers,
    Hook,
    Message,
    Pace,
    PostsToAddress,
    PublishedJwt,
    Response,
    calling_nobody,
)
from idonethis.integrations.kits.talks import Said, Talks
from idonethis.partners.google_chat import events

#: It shows nowhere, and breaks what would otherwise be a sign of Google’s.
UNSEEN = "\u200b"
#: By whom what Google Chat sends is signed.
ISSUER = "chat@system.gserviceaccount.com"


class GoogleChat(Talks, PostsToAddress):
    name = "Google Chat"
    category = "Chat"
    tagline = (
        "“done …” to an app is logged with a receipt; the team’s entries are posted in a space."
    )
    their_secret = (
        "Google Cloud shows it as the project number (digits, not the project ID) of the app."  # noqa: S105
    )
    # https://developers.google.com/workspace/chat/verify-requests-from-chat
    signature = PublishedJwt(ISSUER, f"{{keys}}/service_accounts/v1/jwk/{ISSUER}")
    addresses: ClassVar = {"keys": "https://www.googleapis.com"}
    # https://developers.google.com/workspace/chat/limits, of what is written in a space
    paces = (Pace(1),)
    answers = Answers(
        source="https://developers.google.com/workspace/chat/api/guides/error-codes",
        refusals=ADDRESS_REFUSED,
    )

    def said(self, hook: Hook) -> Said | None:
        return events.said(hook)

    def accepted(self, hook: Hook) -> Response:
        """An app that has nothing to say answers with an empty object."""
        return Response.json({})

    def quoted(self, text: str) -> str:
        return plainly(text)

    def text(self, entry: Entry) -> str:
        said = Message.of(entry)
        head = f"{said.sign} *{said.word}* · {plainly(said.who)}"
        return "\n".join(filter(None, [head, plainly(said.body), said.url]))


def plainly(text: str) -> str:
    """What stands in angle brackets calls people, or leads elsewhere than it says.
    https://developers.google.com/workspace/chat/format-messages"""
    return calling_nobody(text.replace("<", f"<{UNSEEN}"))


integration = GoogleChat()
