"""The calls we make to Slack's Web API: https://docs.slack.dev/reference/methods"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from idonethis.integrations.base import (
    Account,
    Again,
    Choice,
    Client,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
)
from idonethis.partners.slack.payload import uid

MOST_PAGES = 10
#: Slack says no with a 200 and a word. https://docs.slack.dev/reference/methods/chat.postMessage
DEAD = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
FORBIDDEN = {
    "not_in_channel": "The app is not in that channel. Type /invite @I Done This there.",
    "missing_scope": "The app may not do this. Connect the workspace again to allow it.",
    "restricted_action": "The workspace does not let the app post there. Ask its administrator.",
    "no_permission": "The app may not do this. Ask the workspace's administrator.",
}
GONE = {"channel_not_found", "is_archived", "message_not_found"}


def call(client: Client, method: str, **content: Any) -> Mapping[str, Any]:
    """One method; its answer, or Failed with a sentence that says what to do."""
    return _checked(method, client.post(f"/{method}", json=content).json)


def _checked(method: str, answer: Any) -> Mapping[str, Any]:
    if not isinstance(answer, dict):
        raise Again("Slack answered something else than it says it does.")
    if answer.get("ok"):
        return answer
    error = str(answer.get("error") or "unknown_error")
    if error in DEAD:
        raise NeedsReconnect(f"Slack no longer accepts our access ({error}). Connect it again.")
    if error in FORBIDDEN:
        raise NeedsPermission(FORBIDDEN[error])
    if error in GONE:
        raise Gone(f"Slack does not know this channel or message any more ({error}).")
    if error in ("ratelimited", "internal_error", "fatal_error", "service_unavailable"):
        raise Again(f"Slack asks us to wait ({error}).")
    raise Never(f"Slack refused {method} ({error}).")


def account(token: Mapping[str, Any]) -> Account:
    """Whom https://docs.slack.dev/reference/methods/oauth.v2.access speaks for: a person, and the
    workspace whose bot token came with them."""
    team, person = token.get("team") or {}, token.get("authed_user") or {}
    if not team.get("id") or not person.get("id"):
        raise Never("Slack installed the app for a whole organisation, which is not supported yet.")
    workspace = Account(
        uid=team["id"],
        login=team.get("name") or "",
        scopes=tuple(str(token.get("scope") or "").split(",")),
        secrets={"access_token": token["access_token"], "bot": token.get("bot_user_id", "")},
    )
    return Account(uid(team["id"], person["id"]), workspace=workspace)


def channels(client: Client, query: str) -> Sequence[Choice]:
    """https://docs.slack.dev/reference/methods/conversations.list"""
    wanted = query.lower().strip().lstrip("#")
    found = (each for each in _all(client) if wanted in each["name"].lower())
    return [_choice(each) for each in found]


def _all(client: Client) -> Iterator[Mapping[str, Any]]:
    params = {"types": "public_channel,private_channel", "exclude_archived": "true", "limit": 200}
    for _ in range(MOST_PAGES):
        answer = client.get("/conversations.list", params=params).json
        listed = _checked("conversations.list", answer)
        yield from listed["channels"]
        params["cursor"] = (listed.get("response_metadata") or {}).get("next_cursor") or ""
        if not params["cursor"]:
            return


def _choice(channel: Mapping[str, Any]) -> Choice:
    hint = "private" if channel.get("is_private") else ""
    return Choice(f"{channel['id']}|{channel['name']}", f"#{channel['name']}", hint)
