"""Who did it, as far as GitHub vouches for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from idonethis.entries.text import one_line
from idonethis.integrations.base import Actor, record

#: https://docs.github.com/en/account-and-profile/reference/email-addresses-reference
NOREPLY = re.compile(r"([0-9]{1,20})\+[\w.-]{1,40}(?:\[bot\])?@users\.noreply\.github\.com")


def actor(account: Any) -> Actor:
    """An account of GitHub's ``user`` shape; nobody, where it was deleted."""
    known = record(account)
    login, number = text(known.get("login")), known.get("id")
    uid = str(number) if isinstance(number, int) else ""
    bot = known.get("type") == "Bot" or login.endswith("[bot]")
    return Actor(uid, login, text(known.get("name")), bot=bot)


def pusher(given: Mapping[str, Any]) -> Actor:
    """Pushes of old GitHub servers name nobody but the pusher, by login and mail address. They do
    not say whether anybody has verified that address, so only one that GitHub gave out counts."""
    login, email = text(given.get("name")), text(given.get("email"))
    return Actor(uid_of(email), login, email=email, bot=login.endswith("[bot]"))


def uid_of(email: str) -> str:
    """The account behind the address that GitHub gives out instead of a private one."""
    found = NOREPLY.fullmatch(email)
    return found[1] if found else ""


def is_bots(commit: Mapping[str, Any]) -> bool:
    """Written by a bot, whoever brought it in."""
    names = record(commit.get("author")).values()
    return any("[bot]" in name for name in names if isinstance(name, str))


def text(value: Any) -> str:
    return one_line(value)[:200] if isinstance(value, str) else ""
