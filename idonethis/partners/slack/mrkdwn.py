"""Slack's own markup, to text that people read and back.

https://docs.slack.dev/messaging/formatting-message-text"""

from __future__ import annotations

import re

# Everything else between angle brackets is what somebody typed, and stays.
_CONTROL = re.compile(
    r"<((?:https?://|mailto:|tel:)[^<>|\s]+|@[UW]\w+|#[CG]\w+|![a-z][^<>|]*)(?:\|([^<>]*))?>"
)
_CALLS = frozenset(("here", "channel", "everyone"))
_WEB = re.compile(r"https?://[^\s<>|]+")


def plain(text: str) -> str:
    """As people read it: names without their ids, addresses in full, no entities."""
    spoken = _CONTROL.sub(lambda found: _spoken(found[1], found[2] or ""), text)
    return spoken.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _spoken(target: str, label: str) -> str:
    if target.startswith("@"):
        return f"@{label.lstrip('@')}" if label else "someone"
    if target.startswith("#"):
        return f"#{label.lstrip('#')}" if label else "a channel"
    if target.startswith("!"):
        return _called(target[1:].partition("^")[0], label)
    return _address(target, label)


def _called(word: str, label: str) -> str:
    if word in _CALLS:
        return f"@{word}"
    return label or ("a group" if word == "subteam" else word)


def _address(target: str, label: str) -> str:
    """The label alone where it is the address as it was typed."""
    address = re.sub(r"^(mailto|tel):", "", target)
    typed = re.sub(r"^https?://", "", address).rstrip("/")
    if label in ("", address):
        return address
    return label if label.rstrip("/") == typed else f"{label} ({address})"


def escape(text: str) -> str:
    """Text of people as Slack shows it, letter for letter: it can link to, and call, nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(url: str, label: str) -> str:
    """The label, leading to the address if that is one of the web."""
    words = escape(" ".join(label.split()))
    safe = escape(url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E"))
    return f"<{safe}|{words}>" if _WEB.fullmatch(safe) else words
