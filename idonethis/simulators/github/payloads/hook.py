"""Hooks and deliveries, as the API shows them; the ping that a new hook gets."""

from __future__ import annotations

from typing import Any

from ...store import Record
from .web import Web

ZEN = "Keep it logically awesome."


def hook(web: Web, record: Record) -> Record:
    """The secret is never shown, only that there is one."""
    api = web.api("repos", record["repository"], "hooks", record["id"])
    secret = {"secret": "********"} if record["config"].get("secret") else {}
    return {
        "type": "Repository",
        "id": record["id"],
        "name": "web",
        "active": record["active"],
        "events": record["events"],
        "config": {**record["config"], **secret},
        "updated_at": record["updated_at"],
        "created_at": record["created_at"],
        "url": api,
        "test_url": f"{api}/test",
        "ping_url": f"{api}/pings",
        "deliveries_url": f"{api}/deliveries",
        "last_response": record["last_response"],
    }


def ping(web: Web, record: Record) -> Record:
    return {"zen": ZEN, "hook_id": record["id"], "hook": hook(web, record)}


def delivery(record: Record) -> Record:
    """A line of the list of deliveries."""
    keys = ("id", "guid", "delivered_at", "redelivery", "duration", "status", "status_code")
    return {
        **{key: record[key] for key in keys},
        "event": record["event"],
        "action": record["action"],
        "installation_id": None,
        "repository_id": record["repository_id"],
        "throttled_at": None,
    }


def delivery_in_full(record: Record) -> Record:
    response: dict[str, Any] = record["response"]
    return {
        **delivery(record),
        "url": record["url"],
        "request": {"headers": record["headers"], "payload": record["payload"]},
        "response": response,
    }
