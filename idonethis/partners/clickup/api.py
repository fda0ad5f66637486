"""The calls we make to ClickUp: https://developer.clickup.com/reference"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Account,
    Again,
    Choice,
    Client,
    Gone,
    MadeHook,
    Never,
    Secret,
    StandingHook,
    choices_of,
    line,
    record,
    records,
)

EVENTS = frozenset({"taskStatusUpdated"})
#: Of a task, what is kept.
KEPT = ("id", "name", "url", "date_updated", "tags")


def account(client: Client, token: Mapping[str, Any]) -> Account:
    """https://developer.clickup.com/reference/getauthorizeduser"""
    me = record(record(client.get("/user").json).get("user"))
    return Account(
        uid=line(me.get("id")),
        name=line(me.get("username")),
        email=line(me.get("email")),
        secrets={"access_token": token["access_token"]},
    )


def workspaces(client: Client, query: str) -> Sequence[Choice]:
    """https://developer.clickup.com/reference/getauthorizedteams: all of them, in one page."""
    return choices_of(records(record(client.get("/team").json).get("teams")), query)


def check_list(client: Client, number: str) -> None:
    """https://developer.clickup.com/reference/getlist"""
    try:
        client.get(f"/list/{quote(number, safe='')}")
    except Gone as problem:
        raise Never(f"ClickUp knows no list {number}, or does not show it to you.") from problem


def create_hook(
    client: Client, subject: str, *, url: str, secret: Secret, remote_id: str
) -> MadeHook:
    """https://developer.clickup.com/reference/createwebhook"""
    team, _, number = subject.partition("/")
    found = _ours(client, team, url=url, remote_id=remote_id)
    wanted = {"endpoint": url, "events": sorted(EVENTS)}
    if found:
        path = f"/webhook/{quote(line(found.get('id')), safe='')}"
        said = client.call("PUT", path, json={**wanted, "status": "active"})
    else:
        within = {"list_id": number} if number else {}
        said = client.post(f"/team/{quote(team, safe='')}/webhook", json={**wanted, **within})
    return _made({**(found or {}), **record(record(said.json).get("webhook"))})


def _made(hook: Mapping[str, Any]) -> MadeHook:
    remote_id, secret = line(hook.get("id")), line(hook.get("secret"))
    if not (remote_id and secret):
        raise Again("ClickUp made the webhook, but told no secret.")
    return MadeHook(remote_id, Secret(secret))


def _ours(client: Client, team: str, *, url: str, remote_id: str) -> Mapping[str, Any] | None:
    """https://developer.clickup.com/reference/getwebhooks"""
    answer = client.get(f"/team/{quote(team, safe='')}/webhook")
    listed = records(record(answer.json).get("webhooks"))
    by_id = {line(each.get("id")): each for each in listed}
    same = (each for each in listed if line(each.get("endpoint")) == url)
    return by_id.get(remote_id) or next(same, None)


def standing_hook(client: Client, subject: str, *, url: str, remote_id: str) -> StandingHook | None:
    found = _ours(client, subject.partition("/")[0], url=url, remote_id=remote_id)
    if found is None:
        return None
    return StandingHook(
        remote_id=line(found.get("id")),
        url=line(found.get("endpoint")),
        events=frozenset(map(line, found.get("events") or ())),
        active=line(record(found.get("health")).get("status")) == "active",
    )


def destroy_hook(client: Client, subject: str, *, url: str, remote_id: str) -> None:
    """https://developer.clickup.com/reference/deletewebhook"""
    try:
        found = standing_hook(client, subject, url=url, remote_id=remote_id)
        if found:
            client.delete(f"/webhook/{quote(found.remote_id, safe='')}")
    except Gone:
        return


def task(client: Client, name: str) -> Mapping[str, Any]:
    """https://developer.clickup.com/reference/gettask"""
    said = record(client.get(f"/task/{quote(name, safe='')}").json)
    return {"task": {each: said[each] for each in KEPT if each in said}}
