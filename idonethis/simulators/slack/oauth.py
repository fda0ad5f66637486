"""Slack's OAuth v2.

Sources: https://docs.slack.dev/authentication/installing-with-oauth,
https://docs.slack.dev/reference/methods/oauth.v2.access,
https://docs.slack.dev/authentication/using-token-rotation
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from ..dialect import Dialect, Reason, renewal
from ..store import Record
from .demo import APP_ID, BOT, TEAM

STEADY = {"access": "xoxb-", "user": "xoxp-"}
ROTATING = {"access": "xoxe.xoxb-1-", "user": "xoxe.xoxp-1-", "refresh": "xoxe-1-"}
BOT_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:manage",
        "channels:read",
        "chat:write",
        "chat:write.customize",
        "chat:write.public",
        "commands",
        "emoji:read",
        "files:read",
        "groups:history",
        "groups:read",
        "groups:write",
        "im:history",
        "im:read",
        "im:write",
        "incoming-webhook",
        "links:read",
        "links:write",
        "mpim:read",
        "reactions:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "users.profile:read",
        "users:read",
        "users:read.email",
        "users:write",
    }
)
ERRORS: Mapping[Reason, str] = {
    "unknown_client": "invalid_client_id",
    "wrong_secret": "bad_client_secret",
    "unknown_grant_type": "invalid_grant_type",
    "unknown_code": "invalid_code",
    "used_code": "code_already_used",
    "expired_code": "invalid_code",
    "other_redirect": "bad_redirect_uri",
    "wrong_verifier": "invalid_code",
    "unknown_refresh": "invalid_refresh_token",
}


def token_body(token: Record) -> Record:
    """The answer for a bot token; without the person who installed it."""
    return {
        "ok": True,
        "app_id": APP_ID,
        "access_token": token["access_token"],
        "token_type": "bot",
        "scope": ",".join(token["scopes"]),
        "bot_user_id": BOT["user"],
        "team": {"id": TEAM["id"], "name": TEAM["name"]},
        "enterprise": None,
        "is_enterprise_install": False,
        **renewal(token),
    }


def user_part(token: Record) -> Record:
    """The person's own token, inside authed_user."""
    return {
        "scope": ",".join(token["scopes"]),
        "access_token": token["access_token"],
        "token_type": "user",
        **renewal(token),
    }


def error_body(error: str) -> Record:
    return {"ok": False, "error": error}


def dialect(token_lifetime: int | None) -> Dialect:
    """With a lifetime (Slack's is 43200 seconds) the app has token rotation switched on."""
    prefixes = STEADY if token_lifetime is None else ROTATING
    return Dialect(
        authorize_path="/oauth/v2/authorize",
        token_path="/api/oauth.v2.access",  # noqa: S106
        body="either",
        scope_separator=",",
        scopes=BOT_SCOPES,
        # An app that keeps a secret and redirects to the web has PKCE switched off.
        pkce="off",
        grant_type_required=False,
        lifetime=token_lifetime,
        mint=lambda kind: f"{prefixes[kind]}{secrets.token_hex(24)}",
        token_body=token_body,
        errors=ERRORS,
        error_body=error_body,
        error_status=200,
    )
