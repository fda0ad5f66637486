"""A mail as it came, and who sent it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import getaddresses

from idonethis.entries.text import clean, folded

#: Headers in which stands to whom it came.
TO = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "resent-to")
#: What nobody reads, since nobody can know how much more there is, in bytes.
LARGEST = 10 * 1024 * 1024


def parsed(raw: bytes) -> EmailMessage:
    """Whatever it is, it can be asked; see ``header``."""
    return message_from_bytes(raw, policy=policy.default)


def header(message: Message, name: str) -> str:
    """As text of one line; nothing, where it is missing or cannot be read."""
    return next(headers(message, name), "")


def headers(message: Message, name: str) -> Iterator[str]:
    """Each of them, topmost first. A header that is broken breaks the parser in many ways."""
    for key, value in message.raw_items():
        if key.lower() == name:
            yield " ".join(clean(_decoded(message, key, value)).split())


def _decoded(message: Message, name: str, value: object) -> str:
    text = str(value)
    try:
        return str(message.policy.header_fetch_parse(name, text))
    except (MessageError, ValueError, LookupError, IndexError, AttributeError, TypeError):
        return text.encode("ascii", "replace").decode()


def sender(message: Message) -> str:
    """The one mail address that it is from; nothing, where it says none or several."""
    named = list(headers(message, "from"))
    found = [address for _, address in getaddresses(named) if "@" in address]
    return folded(found[0]) if len(named) == 1 and len(found) == 1 else ""


def recipients(message: Message) -> list[str]:
    named = [value for name in TO for value in headers(message, name)]
    return [address for _, address in getaddresses(named) if "@" in address]


def message_id(message: Message) -> str:
    """Its name in the world, without the brackets; empty, where it has none."""
    found = re.search(r"[^\s<>]+", header(message, "message-id"))
    return found[0] if found else ""
