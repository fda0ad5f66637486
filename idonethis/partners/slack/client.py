"""Calls of Slack's Web API: https://docs.slack.dev/apis/web-api"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from idonethis.integrations.base import Again, Client, record


def call(client: Client, method: str, **content: Any) -> Mapping[str, Any]:
    """What a method answers that changes something. Raises Failed with what to do about it."""
    try:
        return record(client.post(f"/{method}", json=content).json)
    except Again as problem:
        words = f"{problem} It is tried again by itself; nothing is lost."
        raise Again(words, after=problem.after) from problem


def look(client: Client, method: str, **params: Any) -> Mapping[str, Any]:
    """What a method answers that only looks. Raises Failed."""
    return record(client.get(f"/{method}", params=params).json)
