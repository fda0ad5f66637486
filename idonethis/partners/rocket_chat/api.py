"""The calls we make to Rocket.Chat: https://developer.rocket.chat/apidocs"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from idonethis.integrations.base import Account, Choice, Client, line, record, records

PRIVATE = "p"
#: Of everything in which people write, those that have a name of their own.
CHANNELS = ("c", PRIVATE)


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """https://developer.rocket.chat/apidocs/get-profile-information"""
    me = record(client.get("/me").json)
    number = line(me.get("_id"))
    return Account(
        uid=f"{typed['site']}/{number}" if number else "",
        login=line(me.get("username")),
        name=line(me.get("name")),
        secrets=dict(typed),
    )


def username(client: Client) -> str:
    return line(record(client.get("/me").json).get("username"))


def channels(client: Client, site: str, query: str) -> Sequence[Choice]:
    """https://developer.rocket.chat/apidocs/get-rooms"""
    listed = records(record(client.get("/rooms.get").json).get("update"))
    found = [_choice(site, each) for each in listed if each.get("t") in CHANNELS]
    return [choice for choice in found if query.lower() in choice.label.lower()]


def _choice(site: str, room: Mapping[str, Any]) -> Choice:
    name = f"#{line(room.get('fname')) or line(room.get('name'))}"
    hint = "private" * (room.get("t") == PRIVATE)
    return Choice(f"{site}/{line(room.get('_id'))}|{name}", name, hint)


def post(client: Client, room: str, text: str) -> str:
    """https://developer.rocket.chat/apidocs/post-message"""
    said = record(client.post("/chat.postMessage", json={"roomId": room, "text": text}).json)
    return line(record(said.get("message")).get("_id"))


def rewrite(client: Client, room: str, text: str, *, reference: str) -> None:
    """https://developer.rocket.chat/apidocs/update-message"""
    client.post("/chat.update", json={"roomId": room, "msgId": reference, "text": text})


def take_back(client: Client, room: str, *, reference: str) -> None:
    """https://developer.rocket.chat/apidocs/delete-chat-message"""
    client.post("/chat.delete", json={"roomId": room, "msgId": reference})
