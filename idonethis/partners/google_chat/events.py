"""What Google Chat tells of what people say to an app:
https://developers.google.com/workspace/chat/api/reference/rest/v1/Event"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from idonethis.integrations.base import Actor, Hook, instant, line, record
from idonethis.integrations.kits.talks import Said
from idonethis.integrations.kits.words import NONE, Words

MESSAGE, ADDED = "MESSAGE", "ADDED_TO_SPACE"
_COMMAND = re.compile(r"/(\S+)\s?(.*)", re.DOTALL)


def said(hook: Hook) -> Said | None:
    """A message, also one by which the app was added; whoever adds it without a word is greeted."""
    event = record(hook.json)
    if event.get("type") not in (MESSAGE, ADDED):
        return None
    message, user = record(event.get("message")), record(event.get("user"))
    at = instant(message.get("createTime")) or instant(event.get("eventTime"))
    return Said(actor_in(user), words_in(message), line(message.get("name")) or added(event), at=at)


def added(event: Mapping[str, Any]) -> str:
    """By what name it is known that the app was added."""
    space, at = line(record(event.get("space")).get("name")), line(event.get("eventTime"))
    return f"{space}:{at}" if event.get("type") == ADDED and space and at else ""


def actor_in(user: Mapping[str, Any]) -> Actor:
    """A token is not bound to what it comes with, so whoever owns the app could name any address:
    it is a hint."""
    name, email = line(user.get("displayName")), line(user.get("email"))
    return Actor(line(user.get("name")), name=name, email=email)


def words_in(message: Mapping[str, Any]) -> Words:
    """A command stands at the beginning of the text. Of all others, what is left without mentions
    of the app."""
    text = str(message.get("text") or "")
    if message.get("slashCommand") and (command := _COMMAND.match(text)):
        return Words.of_command(command[1], command[2])
    return Words.of_sentence(str(message.get("argumentText") or text)) or NONE
