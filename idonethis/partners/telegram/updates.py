"""What Telegram tells a bot of: https://core.telegram.org/bots/api#update"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from idonethis.integrations.base import Actor, Hook, instant, line, record
from idonethis.integrations.kits.talks import Said
from idonethis.integrations.kits.words import NONE, Words

#: In a group with several bots a command names the one that it is for.
_NAMED = re.compile(r"^(/[a-z]+)@\w+", re.IGNORECASE)


def number(hook: Hook) -> str:
    """Of the update: one that is sent again has the same."""
    return line(record(hook.json).get("update_id"))


def message(hook: Hook) -> tuple[Mapping[str, Any], bool]:
    """And whether it was edited. What is posted in a channel is of nobody, and no message."""
    body = record(hook.json)
    if "edited_message" in body:
        return record(body["edited_message"]), True
    return record(body.get("message")), False


def places(hook: Hook) -> frozenset[str]:
    """The number of the chat, and its name if it is public, as links may have it."""
    chat = record(message(hook)[0].get("chat"))
    name = line(chat.get("username"))
    named = {f"@{name}", f"@{name.lower()}"} if name else set()
    return frozenset({line(chat.get("id")) or "nowhere", *named})


def said(hook: Hook) -> Said | None:
    """A bot that hears all hears what is for others, too; what is passed on was said by others, and
    what a bot says is for nobody."""
    about, edited = message(hook)
    words = Words.of_sentence(_NAMED.sub(r"\1", str(about.get("text") or "")))
    by = record(about.get("from"))
    if by.get("is_bot") or "forward_origin" in about or not (words or edited and about):
        return None
    at, later = instant(about.get("date")), instant(about.get("edit_date"))
    edited_at = (later or hook.received_at) if edited else None
    return Said(actor(by), words or NONE, mark(about), at=at, edited_at=edited_at)


def actor(by: Mapping[str, Any]) -> Actor:
    names = (line(by.get("first_name")), line(by.get("last_name")))
    login, name = line(by.get("username")), " ".join(filter(None, names))
    return Actor(line(by.get("id")), login=login, name=name)


def mark(about: Mapping[str, Any]) -> str:
    """Messages are numbered in their chat."""
    place, own = line(record(about.get("chat")).get("id")), line(about.get("message_id"))
    return f"{place}:{own}" if place and own else ""


def reply_to(hook: Hook) -> Mapping[str, Any]:
    about, _ = message(hook)
    place = record(about.get("chat")).get("id")
    return {"chat_id": place, "reply_parameters": {"message_id": about.get("message_id")}}
