"""Chats in which people log by saying so, and are answered where they said it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    NOTHING,
    Actor,
    Directory,
    Event,
    Found,
    Hook,
    Ignored,
    Link,
    Posts,
    Reads,
    Reason,
    Replies,
    Response,
    Retract,
    Unreadable,
    posted,
)
from idonethis.integrations.kits.wishes import Wish, taken_back
from idonethis.integrations.kits.words import Words

#: What a chat reads, for whoever connects it.
SAID = "what people say to it with “done”, “goal” or “blocked”"
#: So many lines of a message are taken back where an edit takes them out of it.
FOLLOWED = 30
HELP = (
    "Say what you got done: done shipped billing #api\n"
    "What you plan: goal write the docs. What is in your way: blocked waiting for DNS\n"
    "Each line is an entry of its own; one that starts with [] is a goal, with ! a blocker."
)
REFUSALS = {
    Reason.NO_LINK: "Nothing was logged: the link of this team was removed.",
    Reason.NOT_IN_TEAM: "Nothing was logged: the team that is linked here does not know you as "
    "one who writes. Ask one of its admins to add you, then say this again.",
    Reason.LINK_PAUSED: "Not logged yet: the team has paused this link. What you said is kept, and "
    "an admin of the team can have it logged after resuming.",
}


@dataclass(frozen=True)
class Said:
    """Something that a person said to us. ``mark`` is the partner's name of the message, the same
    after an edit; ``edited_at`` is when these words took the place of others."""

    actor: Actor
    words: Words
    mark: str
    at: datetime | None = None
    edited_at: datetime | None = None
    url: str = ""

    @property
    def wish(self) -> Wish:
        lines, later = self.words.lines, self.edited_at
        return Wish(self.actor, lines, self.mark, at=self.at, as_of=later, url=self.url)

    @property
    def delivery(self) -> str:
        return f"{self.mark}:{self.edited_at.isoformat()}" if self.edited_at else self.mark

    def events(self) -> Iterator[Event]:
        yield from self.wish.drafts()
        if self.edited_at:
            yield from self._taken_out()
        elif not self.words.lines:
            yield Ignored(Reason.UNSUPPORTED, "It was answered with what can be said.")

    def _taken_out(self) -> Iterator[Retract]:
        """What stood in it before. Of words that were for others all along nothing is noted."""
        rest = range(len(self.words.lines), FOLLOWED)
        for gone in taken_back(self.actor, self.mark, rest, as_of=self.edited_at):
            yield gone if self.words.lines else replace(gone, actor=self.actor)


class Listens(Reads, Posts):
    """Logs what people say to it, and posts the team's entries. They speak for themselves, so there
    is nothing to leave out or to suggest."""

    asks = NOTHING
    reads: tuple[str, ...] = (SAID,)

    def said(self, hook: Hook) -> Said | None:
        """What somebody said to us; None for whatever else comes. Raises Unreadable. Pure."""
        raise NotImplementedError

    def quoted(self, text: str) -> str:
        """Text of people as it shows there, letter for letter; it can call nobody."""
        raise NotImplementedError

    def hears(self, link: Link) -> bool:
        """Whether people may log by this link, as far as its config says."""
        return True

    def summary(self, link: Link) -> str:
        if not self.hears(link):
            return super().summary(link)
        what = posted(link.config)
        return f"Posts {what} there; logs what people say." if what else "Logs what people say."

    def delivery_key(self, hook: Hook) -> str:
        said = self.said(hook)
        return said.delivery if said else super().delivery_key(hook)

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        if said := self.said(hook):
            yield from said.events()
        else:
            yield Ignored(Reason.UNSUPPORTED, "Nothing in it was said to this server.")

    def told(self, hook: Hook, directory: Directory) -> str:
        """What the person is told; nothing, where nobody waits for an answer."""
        said = self.said(hook)
        if said is None or (said.edited_at and not said.words.lines):
            return ""
        return self._told(said, directory) if said.words.lines else HELP

    def _told(self, said: Said, directory: Directory) -> str:
        found = directory.find(said.actor)
        if isinstance(found, Found):
            return "\n".join([*map(self.quoted, said.wish.receipt(found)), found.log_url])
        if found is Reason.NO_PERSON:
            return (
                "I do not know you yet. What you said is kept. Say who you are here, and it is "
                f"logged with the day on which you said it: {directory.claim_url(said.actor)}"
            )
        return REFUSALS.get(found, "Nothing was logged.")


class Talks(Listens, Replies):
    """What is said comes to an address of the link's own, and is answered in the response; without
    the partner's secret nothing is taken there, and all else goes on."""

    def check_readable(self, hook: Hook) -> None:
        said = self.said(hook)
        if said and not (said.mark and said.actor.uid):
            raise Unreadable(f"{self.name} says who said it, and in which message; this does not.")

    def reply(self, hook: Hook, directory: Directory) -> Response:
        text = self.told(hook, directory)
        return Response.json(self.answered(text, hook)) if text else self.accepted(hook)

    def answered(self, text: str, hook: Hook) -> Mapping[str, Any]:
        """The body of a response to this hook that says so to the person."""
        return {"text": text}
