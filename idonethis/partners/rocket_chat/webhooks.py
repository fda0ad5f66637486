"""The outgoing integrations that we make at Rocket.Chat, one for each room:
https://developer.rocket.chat/apidocs/integration-api"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from idonethis.integrations.base import (
    Client,
    Gone,
    Secret,
    StandingHook,
    line,
    lines,
    record,
    records,
)
from idonethis.integrations.kits.chats import TRIGGERS
from idonethis.partners.rocket_chat.api import username

OUTGOING = {"type": "webhook-outgoing"}
EVENTS = frozenset(TRIGGERS)
#: What of its settings is ours, besides where it listens and whom it tells.
SETTINGS = {"event": "sendMessage", "runOnEdits": True, "scriptEnabled": False}
#: As many as are asked for at once, and how often more are asked for.
FULL, MOST_PAGES = 100, 50


def create_hook(client: Client, room: str, *, url: str, secret: Secret, remote_id: str) -> str:
    """Whatever it answers is said in the name of the account.
    https://developer.rocket.chat/apidocs/create-integration and
    https://developer.rocket.chat/apidocs/update-integration"""
    standing = standing_hook(client, room, url=url, remote_id=remote_id)
    wanted = {**_wanted(room, url), "username": username(client), "token": str(secret)}
    if standing:
        known = {"integrationId": standing.remote_id}
        client.call("PUT", "/integrations.update", json={**wanted, **known})
        return standing.remote_id
    said = record(client.post("/integrations.create", json=wanted).json)
    return line(record(said.get("integration")).get("_id"))


def _wanted(room: str, url: str) -> Mapping[str, Any]:
    return {
        **OUTGOING,
        **SETTINGS,
        "name": "I Done This",
        "enabled": True,
        "channel": f"#{room}",
        "triggerWords": sorted(EVENTS),
        "urls": [url],
        "retryFailedCalls": True,
        "retryCount": 6,
        "retryDelay": "powers-of-ten",
    }


def standing_hook(client: Client, room: str, *, url: str, remote_id: str) -> StandingHook | None:
    facts = (_facts(each, room) for each in _listed(client))
    return StandingHook.among(facts, url=url, remote_id=remote_id)


def _facts(hook: Mapping[str, Any], room: str) -> StandingHook:
    is_ours = all(hook.get(name) == value for name, value in SETTINGS.items())
    return StandingHook(
        remote_id=line(hook.get("_id")),
        url=" ".join(lines(hook.get("urls"))),
        events=frozenset(lines(hook.get("triggerWords"))),
        active=hook.get("enabled") is True,
        sound=is_ours and lines(hook.get("channel")) == [f"#{room}"],
    )


def _listed(client: Client) -> Iterator[Mapping[str, Any]]:
    """https://developer.rocket.chat/apidocs/list-integrations"""
    seen = 0
    for _ in range(MOST_PAGES):
        asked = {"count": FULL, "offset": seen}
        said = record(client.get("/integrations.list", params=asked).json)
        listed = records(said.get("integrations"))
        yield from (each for each in listed if each.get("type") == OUTGOING["type"])
        seen, total = seen + len(listed), said.get("total")
        if not listed or not isinstance(total, int) or seen >= total:
            return


def destroy_hook(client: Client, room: str, *, url: str, remote_id: str) -> None:
    """https://developer.rocket.chat/apidocs/remove-integration"""
    standing = standing_hook(client, room, url=url, remote_id=remote_id)
    if standing:
        with suppress(Gone):
            known = {**OUTGOING, "integrationId": standing.remote_id}
            client.post("/integrations.remove", json=known)
