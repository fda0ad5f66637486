"""Calls of Slack's Web API, and what its refusals mean.

https://docs.slack.dev/apis/web-api and https://docs.slack.dev/reference/methods"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from idonethis.integrations.base import (
    Again,
    Client,
    Failed,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
)


class NoMessage(Never):
    """Somebody deleted the message in Slack."""


DEAD = "Slack no longer accepts our access ({error}). Connect Slack again; nothing is lost."
INVITE = "The app is not in that channel. Type “/invite @I Done This” there, then resume the link."
FORBIDDEN = (
    "The workspace does not let the app do this ({error}). Ask one of the workspace's "
    "administrators to allow it, then resume the link."
)
SCOPE = "The app lacks a permission ({error}: {needed}). Connect Slack again to grant it."
CHANNEL = "Slack does not know that channel. Pick another one, or invite the app if it is private."
ARCHIVED = "The channel is archived. Take it out of the archive in Slack, or pick another one."
WAIT = "Slack cannot take it right now ({error})."
FIXED = "Slack does not let this message be changed any more ({error}). It stays as it is there."

#: Slack refuses with a 200 and a word. Everything else that it may say concerns one call alone.
REFUSALS: Mapping[str, tuple[type[Failed], str]] = {
    **dict.fromkeys(
        ("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
        (NeedsReconnect, DEAD),
    ),
    "missing_scope": (NeedsPermission, SCOPE),
    "not_in_channel": (NeedsPermission, INVITE),
    **dict.fromkeys(
        ("restricted_action", "no_permission", "access_denied", "ekm_access_denied",
         "team_access_not_granted", "not_allowed_token_type", "org_login_required"),
        (NeedsPermission, FORBIDDEN),
    ),
    "channel_not_found": (Gone, CHANNEL),
    "is_archived": (Gone, ARCHIVED),
    "message_not_found": (NoMessage, "Somebody deleted the message in Slack."),
    **dict.fromkeys(
        ("ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable",
         "request_timeout", "team_added_to_org", "external_channel_migrating"),
        (Again, WAIT),
    ),
    **dict.fromkeys(
        ("cant_update_message", "edit_window_closed", "cant_delete_message"), (Never, FIXED)
    ),
}  # fmt: skip


def call(client: Client, method: str, **content: Any) -> Mapping[str, Any]:
    """What a method answers that changes something. Raises Failed with what to do about it."""
    try:
        return _checked(method, client.post(f"/{method}", json=content).json)
    except Again as problem:
        words = f"{problem} It is tried again by itself; nothing is lost."
        raise Again(words, after=problem.after) from problem


def look(client: Client, method: str, **params: Any) -> Mapping[str, Any]:
    """What a method answers that only looks. Raises Failed."""
    return _checked(method, client.get(f"/{method}", params=params).json)


def _checked(method: str, answer: Any) -> Mapping[str, Any]:
    if not isinstance(answer, dict):
        raise Again("Slack answered something else than it says it does.")
    if answer.get("ok") is True:
        return answer
    error = str(answer.get("error") or "no reason given")[:60]
    kind, sentence = _meaning(error)
    needed = str(answer.get("needed") or "unknown")[:100]
    raise kind(sentence.format(error=error, needed=needed, method=method))


def _meaning(error: str) -> tuple[type[Failed], str]:
    """Restrictions come in a family: restricted_action_read_only_channel, and so on."""
    if error.startswith("restricted_action"):
        return REFUSALS["restricted_action"]
    return REFUSALS.get(error, (Never, "Slack refused {method} ({error})."))
