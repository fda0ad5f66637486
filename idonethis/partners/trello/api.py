"""The calls we make to Trello: https://developer.atlassian.com/cloud/trello/rest/

Webhooks belong to the token that made them, and are found by it alone; a path that begins with a
slash is below that token, as ``Trello.base`` says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Gone,
    Secret,
    StandingHook,
    choices_of,
    line,
    record,
    records,
)


def account(client: Client, me: str, token: Mapping[str, Any]) -> Account:
    """https://developer.atlassian.com/cloud/trello/rest/api-group-members/#api-members-id-get

    A token holds only beside the key that it was made for."""
    said = record(client.get(me, params={"fields": "username,fullName"}).json)
    return Account(
        uid=line(said.get("id")),
        login=line(said.get("username")),
        name=line(said.get("fullName")),
        secrets={name: token[name] for name in ("access_token", "consumer_key")},
    )


def boards(client: Client, me: str, query: str) -> Sequence[Choice]:
    """https://developer.atlassian.com/cloud/trello/rest/api-group-members/#api-members-id-boards-get"""
    asked = {"filter": "open", "fields": "name"}
    return choices_of(records(client.get(f"{me}/boards", params=asked).json), query)


def create_hook(client: Client, board: str, *, url: str, secret: Secret, remote_id: str) -> str:
    """https://developer.atlassian.com/cloud/trello/rest/api-group-tokens/#api-tokens-token-webhooks-post"""
    standing = standing_hook(client, board, url=url, remote_id=remote_id)
    wanted = {"callbackURL": url, "idModel": board, "description": "I Done This", "active": True}
    if standing:
        client.call("PUT", _one(standing), json=wanted)
        return standing.remote_id
    return line(record(client.post("/webhooks", json=wanted).json).get("id"))


def standing_hook(client: Client, board: str, *, url: str, remote_id: str) -> StandingHook | None:
    """https://developer.atlassian.com/cloud/trello/rest/api-group-tokens/#api-tokens-token-webhooks-get"""
    listed = [_facts(each) for each in records(client.get("/webhooks").json)]
    return StandingHook.among(listed, url=url, remote_id=remote_id)


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    return StandingHook(
        remote_id=line(hook.get("id")),
        url=line(hook.get("callbackURL")),
        active=hook.get("active") is not False,
    )


def destroy_hook(client: Client, board: str, *, url: str, remote_id: str) -> None:
    """https://developer.atlassian.com/cloud/trello/rest/api-group-tokens/#api-tokens-token-webhooks-idwebhook-delete"""
    try:
        standing = standing_hook(client, board, url=url, remote_id=remote_id)
        if standing:
            client.delete(_one(standing))
    except Gone:
        return


def _one(hook: StandingHook) -> str:
    return f"/webhooks/{quote(hook.remote_id, safe='')}"
