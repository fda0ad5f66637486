"""The app as Slack makes it from a text: https://docs.slack.dev/reference/app-manifest"""

from __future__ import annotations

import json
from typing import Any

from idonethis.partners.slack.interactions import LOG_THIS

#: The least that works, each with its reason: https://docs.slack.dev/reference/scopes
#: Not users:read and users:read.email: people show by a link who they are.
SCOPES = {
    "commands": "/done, /goal, /blocker and “Log this”",
    "chat:write": "posting entries, changing and removing them",
    "chat:write.public": "posting in public channels without being invited",
    "channels:read": "listing public channels to pick one",
    "groups:read": "listing the private channels that the app was invited to",
}
COMMANDS = {
    "/done": ("Log what you got done", "shipped billing #api"),
    "/goal": ("Log what you plan to get done", "write the docs"),
    "/blocker": ("Log what is in your way", "waiting for DNS"),
}
EVENTS = ("app_uninstalled", "tokens_revoked")


def text(hook_url: str, callback_url: str) -> str:
    return json.dumps(_manifest(hook_url, callback_url), indent=2, ensure_ascii=False)


def _manifest(hook_url: str, callback_url: str) -> dict[str, Any]:
    return {
        "display_information": {
            "name": "I Done This",
            "description": "Log what you get done, and see what your team gets done",
        },
        "features": _features(hook_url),
        "oauth_config": {"redirect_urls": [callback_url], "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"request_url": hook_url, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, "request_url": hook_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def _features(hook_url: str) -> dict[str, Any]:
    log_this = {
        "name": "Log this",
        "type": "message",
        "callback_id": LOG_THIS,
        "description": "Log this message as something you got done",
    }
    return {
        "bot_user": {"display_name": "I Done This", "always_online": True},
        "shortcuts": [log_this],
        "slash_commands": [_command(hook_url, name) for name in COMMANDS],
    }


def _command(hook_url: str, name: str) -> dict[str, Any]:
    """Not escaped: @grace and #api arrive as they were typed, which is what an entry wants."""
    description, hint = COMMANDS[name]
    return {
        "command": name,
        "url": hook_url,
        "description": description,
        "usage_hint": hint,
        "should_escape": False,
    }
