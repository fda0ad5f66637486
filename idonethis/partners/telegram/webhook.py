"""The one webhook of a bot: https://core.telegram.org/bots/api#setwebhook"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from idonethis.integrations.base import (
    Client,
    NeedsReconnect,
    Never,
    Secret,
    StandingHook,
    line,
    lines,
    record,
)

EVENTS = frozenset(("message", "edited_message"))


def make(client: Client, bot: str, *, url: str, secret: Secret) -> None:
    """Telegram lets whoever comes last have it, so one of another program is left alone."""
    there = line(info(client, bot).get("url"))
    if there and home(there) != home(url):
        raise Never(
            "The bot tells another program what is said. Take a bot of its own for this, or leave "
            "“Log what people say there” out."
        )
    asked = {"url": url, "secret_token": secret, "allowed_updates": sorted(EVENTS)}
    client.post("/setWebhook", json=asked)


def home(url: str) -> str:
    """What all addresses of one server have in common."""
    return url.rpartition("/")[0]


def standing(client: Client, bot: str) -> StandingHook | None:
    """It does not say with which secret it sends."""
    found = info(client, bot)
    url = line(found.get("url"))
    if not url:
        return None
    return StandingHook(bot, url, frozenset(lines(found.get("allowed_updates"))))


def remove(client: Client, bot: str, *, url: str) -> None:
    """Unless it leads elsewhere by now."""
    if info(client, bot).get("url") == url:
        client.post("/deleteWebhook", json={})


def info(client: Client, bot: str) -> Mapping[str, Any]:
    """Raises NeedsReconnect for the account of another bot."""
    if told(client, "getMe", "id") != bot.removeprefix("bot:"):
        raise NeedsReconnect("This is another bot.")
    return record(record(client.post("/getWebhookInfo").json).get("result"))


def told(client: Client, method: str, name: str) -> str:
    return line(record(record(client.post(f"/{method}").json).get("result")).get(name))
