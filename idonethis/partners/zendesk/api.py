"""The calls we make to Zendesk: https://developer.zendesk.com/api-reference/

An account lies at an address of its own, ``engines.zendesk.com``, by which it is named here. Of two
accounts, neither is told of the other."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    NeedsPermission,
    NeedsReconnect,
    line,
    record,
)


def proof(secrets: Mapping[str, Any]) -> str:
    """https://developer.zendesk.com/api-reference/introduction/security-and-auth/#api-token"""
    said = f"{secrets.get('email', '')}/token:{secrets.get('token', '')}"
    return "Basic " + base64.b64encode(said.encode()).decode()


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """The person whose mail address was typed: a token is of the whole account."""
    me = _me(client)
    return Account(uid=line(me.get("id")), name=line(me.get("name")), secrets=dict(typed))


def _me(client: Client) -> Mapping[str, Any]:
    """Raises NeedsReconnect for nobody: where it asks for no proof, Zendesk calls a stranger
    anonymous, with a 200.
    https://developer.zendesk.com/api-reference/ticketing/users/users/#show-self"""
    me = record(record(client.get("/api/v2/users/me").json).get("user"))
    if not line(me.get("id")):
        raise NeedsReconnect("Zendesk does not know who this token and mail address are.")
    return me


def choices(client: Client, query: str) -> Sequence[Choice]:
    """The account of the token, and no other."""
    site = _site(client)
    return [Choice(site, site)] if query.lower() in site else []


def _site(client: Client) -> str:
    return urlsplit(line(_me(client).get("url"))).netloc


def stay_at(client: Client, site: str) -> None:
    """Raises NeedsPermission for another account than the token's, whose webhooks must not be taken
    for gone."""
    ours = _site(client)
    if ours != site:
        raise NeedsPermission(
            f"{site[:100]} is another account at Zendesk than {ours}, which this token is for. "
            "Connect one that is for the same."
        )
