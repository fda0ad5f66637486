"""The calls we make to Shortcut: https://developer.shortcut.com/api/rest/v3

A token is of one member of one workspace, and webhooks are of the workspace. They are made, shown
by their ids and removed, but neither listed nor changed:
https://help.shortcut.com/hc/en-us/articles/34734717380756-Registering-Outgoing-Webhooks-API"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Account,
    Again,
    Answer,
    Client,
    Gone,
    NeedsPermission,
    Secret,
    StandingHook,
    line,
    record,
)

HOOKS = "/integrations/webhook"
LOST = "Maybe a webhook was made all the same: look there under Settings → Integrations → Webhooks."


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """https://developer.shortcut.com/api/rest/v3#Get-Current-Member-Info

    Hooks name people by the same ids."""
    me = record(client.get("/member").json)
    return Account(
        uid=line(me.get("id")),
        login=line(me.get("mention_name")),
        name=line(me.get("name")),
        secrets={"token": typed["token"]},
    )


def workspace(client: Client) -> str:
    """By its name in addresses."""
    me = record(client.get("/member").json)
    return line(record(me.get("workspace2")).get("url_slug"))


def stay_in(client: Client, name: str) -> None:
    """Raises NeedsPermission for another workspace than the token's, of which nothing is told."""
    own = workspace(client)
    if own != name:
        raise NeedsPermission(
            f"This token is of the workspace {own}, not of {name[:100]}. Connect an account that "
            "is in it."
        )


def create_hook(client: Client, name: str, *, url: str, secret: Secret, remote_id: str) -> str:
    """Another one each time. Raises Again also where one was made and we do not know its id: such
    a one we can never remove."""
    stay_in(client, name)
    try:
        made = client.post(HOOKS, json={"webhook_url": url, "secret": str(secret)})
        return _id(made)
    except Again as problem:
        raise Again(f"{problem} {LOST}", after=problem.after) from problem


def _id(made: Answer) -> str:
    found = line(record(made.json).get("id"))
    if not found:
        raise Again("Shortcut did not say what it calls the webhook.")
    return found


def standing_hook(client: Client, name: str, *, url: str, remote_id: str) -> StandingHook | None:
    stay_in(client, name)
    try:
        return _facts(record(client.get(_one(remote_id)).json)) if remote_id else None
    except Gone:
        return None


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    return StandingHook(
        remote_id=line(hook.get("id")),
        url=line(hook.get("webhook_url")),
        active=hook.get("disabled") is False,
        sound=hook.get("has_secret") is True,
    )


def destroy_hook(client: Client, name: str, *, url: str, remote_id: str) -> None:
    """One whose name got lost on the way cannot be found; who made it was told so."""
    stay_in(client, name)
    try:
        if remote_id:
            client.delete(_one(remote_id))
    except Gone:
        return


def _one(remote_id: str) -> str:
    return f"{HOOKS}/{quote(remote_id, safe='')}"
