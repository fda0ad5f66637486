"""Rocket.Chat: log by a word in a room, and see the team's entries there.

https://docs.rocket.chat/docs/integrations, both incoming and outgoing webhooks"""

from __future__ import annotations

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    ADDRESS_REFUSED,
    Actor,
    Answers,
    Hook,
    InBody,
    Message,
    PostsToAddress,
    calling_nobody,
    in_markdown,
    instant,
    line,
    record,
)
from idonethis.integrations.kits.talks import Said, Talks
from idonethis.integrations.kits.words import NONE, Words


class RocketChat(Talks, PostsToAddress):
    name = "Rocket.Chat"
    category = "Chat"
    tagline = "“done …” is logged with a receipt, and the team’s entries are posted in a room."
    their_secret = "Rocket.Chat shows it in the outgoing integration, as its token."  # noqa: S105
    # Nothing else is signed: who knows address and token can say anything.
    signature = InBody("token")
    answers = Answers(
        source="https://docs.rocket.chat/docs/integrations",
        refusals=ADDRESS_REFUSED,
    )

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

    def quoted(self, text: str) -> str:
        return calling_nobody(in_markdown(text))

    def text(self, entry: Entry) -> str:
        said = Message.of(entry)
        lines = [f"{said.sign} *{said.word}* · {in_markdown(said.who)}", in_markdown(said.body)]
        # An address calls nobody, and must stay what it is.
        return "\n".join([calling_nobody("\n".join(lines)), *filter(None, [said.url])])


integration = RocketChat()
