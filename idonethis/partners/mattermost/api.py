"""The calls we make to Mattermost: https://developers.mattermost.com/api-documentation/

What is picked there is named by the id of a team, a slash, and that of a channel in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Never,
    Vanished,
    line,
    record,
    records,
)

PUBLIC, PRIVATE = "O", "P"


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """https://developers.mattermost.com/api-documentation/#/operations/GetUser"""
    me = record(client.get("/users/me").json)
    number, names = line(me.get("id")), (line(me.get("first_name")), line(me.get("last_name")))
    return Account(
        uid=f"{typed['site']}/{number}" if number else "",
        login=line(me.get("username")),
        name=" ".join(filter(None, names)),
        secrets=dict(typed),
    )


def channels(client: Client, site: str, query: str) -> Sequence[Choice]:
    """Those in which the account is, but no conversations.
    https://developers.mattermost.com/api-documentation/#/operations/GetChannelsForUser"""
    teams = {
        line(team.get("id")): line(team.get("display_name"))
        for team in records(client.get("/users/me/teams").json)
    }
    listed = records(client.get("/users/me/channels").json)
    found = [_choice(site, each, teams) for each in listed if _is_channel(each)]
    return [choice for choice in found if query.lower() in choice.label.lower()]


def _is_channel(channel: Mapping[str, Any]) -> bool:
    return channel.get("type") in (PUBLIC, PRIVATE) and not channel.get("delete_at")


def _choice(site: str, channel: Mapping[str, Any], teams: Mapping[str, str]) -> Choice:
    team, name = line(channel.get("team_id")), f"#{line(channel.get('display_name'))}"
    hint = [teams.get(team, ""), "private" * (channel.get("type") == PRIVATE)]
    where = f"{site}/{team}/{line(channel.get('id'))}"
    return Choice(f"{where}|{name}", name, ", ".join(filter(None, hint)))


def parts(channel: str) -> tuple[str, str]:
    """The ids of the team and of the channel. Raises Never for what is no channel."""
    team, _, number = channel.partition("/")
    if not (team.isalnum() and number.isalnum()):
        raise Never(f"“{channel[:100]}” is not a channel. Pick one.")
    return team, number


def post(client: Client, channel: str, content: Mapping[str, Any]) -> str:
    """https://developers.mattermost.com/api-documentation/#/operations/CreatePost"""
    said = client.post("/posts", json={"channel_id": parts(channel)[1], **content})
    return line(record(said.json).get("id"))


def rewrite(client: Client, reference: str, content: Mapping[str, Any]) -> None:
    """https://developers.mattermost.com/api-documentation/#/operations/PatchPost"""
    _change(client, "PUT", f"{_one(reference)}/patch", reference, json=content)


def take_back(client: Client, reference: str) -> None:
    """https://developers.mattermost.com/api-documentation/#/operations/DeletePost"""
    _change(client, "DELETE", _one(reference), reference)


def _change(client: Client, method: str, path: str, reference: str, **content: Any) -> None:
    """What is gone is not said to be gone, but not to be ours to change."""
    answer = client.send(method, path, **content)
    if answer.status in (403, 404) and client.send("GET", _one(reference)).status == 404:
        raise Vanished("The message is gone at Mattermost.")
    client.judge(answer, path)


def _one(reference: str) -> str:
    return f"/posts/{quote(reference, safe='')}"
