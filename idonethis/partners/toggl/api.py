"""The calls we make to Toggl Track: https://engineering.toggl.com/docs/api and
https://engineering.toggl.com/docs/webhooks/subscriptions"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Secret,
    StandingHook,
    choices_of,
    line,
    record,
    records,
)

API = "/api/v9"
WEBHOOKS = "/webhooks/api/v1"
#: Each counts as one event, of which the smallest plan allows three.
#: https://engineering.toggl.com/docs/webhooks_start/#limits
EVENTS = frozenset(("task:*", "project:*", "time_entry:*"))


def proof(token: str) -> str:
    """https://engineering.toggl.com/docs/authentication"""
    return "Basic " + base64.b64encode(f"{token}:api_token".encode()).decode()


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """https://engineering.toggl.com/docs/api/me#get-me"""
    me = record(client.get(f"{API}/me").json)
    return Account(uid=line(me.get("id")), name=line(me.get("fullname")), secrets=dict(typed))


def workspaces(client: Client, query: str) -> Sequence[Choice]:
    """https://engineering.toggl.com/docs/api/me#get-workspaces"""
    return choices_of(records(client.get(f"{API}/me/workspaces").json), query)


def create_hook(client: Client, workspace: str, *, url: str, secret: Secret, remote_id: str) -> str:
    """https://engineering.toggl.com/docs/webhooks/subscriptions#post-creates-a-subscription"""
    standing = standing_hook(client, workspace, url=url, remote_id=remote_id)
    wanted = _wanted(url, secret)
    if standing:
        made = client.call("PUT", _one(workspace, standing.remote_id), json=wanted)
    else:
        made = _create(client, workspace, wanted)
    name = standing.remote_id if standing else line(record(made.json).get("subscription_id"))
    if not record(made.json).get("validated_at"):
        client.post(f"{WEBHOOKS}/ping/{_quoted(workspace)}/{_quoted(name)}")
    return name


def _wanted(url: str, secret: Secret) -> Mapping[str, Any]:
    """In a workspace, no two may have the same description."""
    return {
        "url_callback": url,
        "event_filters": [_filter(each) for each in sorted(EVENTS)],
        "enabled": True,
        "description": f"I Done This at {urlsplit(url).netloc} ({url[-4:]})",
        "secret": str(secret),
    }


def _filter(event: str) -> Mapping[str, str]:
    entity, _, action = event.partition(":")
    return {"entity": entity, "action": action}


def _create(client: Client, workspace: str, wanted: Mapping[str, Any]) -> Any:
    try:
        return client.post(_all(workspace), json=wanted)
    except (Gone, NeedsPermission, NeedsReconnect):
        raise
    except Never as problem:
        here = urlsplit(wanted["url_callback"]).netloc
        raise Never(
            f"{problem} Toggl Track takes only addresses that it can reach from the internet, and "
            f"this server is {here}; and a plan allows a workspace one to three webhooks."
        ) from problem


def standing_hook(
    client: Client, workspace: str, *, url: str, remote_id: str
) -> StandingHook | None:
    """https://engineering.toggl.com/docs/webhooks/subscriptions"""
    listed = [_facts(each) for each in records(client.get(_all(workspace)).json)]
    return StandingHook.among(listed, url=url, remote_id=remote_id)


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    """It sends only what is switched on, and whose address has answered it once."""
    filters = records(hook.get("event_filters"))
    return StandingHook(
        remote_id=line(hook.get("subscription_id")),
        url=line(hook.get("url_callback")),
        events=frozenset(f"{line(e.get('entity'))}:{line(e.get('action'))}" for e in filters),
        active=hook.get("enabled") is True and bool(hook.get("validated_at")),
    )


def destroy_hook(client: Client, workspace: str, *, url: str, remote_id: str) -> None:
    """https://engineering.toggl.com/docs/webhooks/subscriptions#delete-deletes-a-subscription"""
    try:
        standing = standing_hook(client, workspace, url=url, remote_id=remote_id)
        if standing:
            client.delete(_one(workspace, standing.remote_id))
    except Gone:
        return


def _all(workspace: str) -> str:
    return f"{WEBHOOKS}/subscriptions/{_quoted(workspace)}"


def _one(workspace: str, name: str) -> str:
    return f"{_all(workspace)}/{_quoted(name)}"


def _quoted(name: str) -> str:
    """They are numbers."""
    if not name.isdecimal():
        raise Never(f"“{name}” is not a workspace. Pick one.")
    return quote(name, safe="")
