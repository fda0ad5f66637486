"""The app as Slack makes it from a text: https://docs.slack.dev/reference/app-manifest"""

from __future__ import annotations

import json
from typing import Any

from idonethis.partners.slack.interactions import LOG_THIS

#: Each with its reason. https://docs.slack.dev/reference/scopes
SCOPES = {
    "commands": "/done, /goal, /blocker and “Log this”",
    "chat:write": "posting entries",
    "chat:write.public": "posting in public channels without joining them",
    "channels:read": "listing public channels to pick one",
    "groups:read": "listing the private channels that the app was invited to",
}
COMMANDS = {
    "/done": ("Log what you got done", "shipped billing #api"),
    "/goal": ("Log what you plan", "write the docs"),
    "/blocker": ("Log what is in your way", "waiting for DNS"),
}


def text(hook_url: str, callback_url: str) -> str:
    return json.dumps(_manifest(hook_url, callback_url), indent=2, ensure_ascii=False)


def _manifest(hook_url: str, callback_url: str) -> dict[str, Any]:
    commands = [
        {"command": name, "url": hook_url, "description": says, "usage_hint": hint}
        for name, (says, hint) in COMMANDS.items()
    ]
    shortcut = {"name": "Log this", "type": "message", "callback_id": LOG_THIS}
    events = {"request_url": hook_url, "bot_events": ["app_uninstalled", "tokens_revoked"]}
    return {
        "display_information": {"name": "I Done This", "description": "Log what you get done"},
        "features": {
            "bot_user": {"display_name": "I Done This", "always_online": True},
            "shortcuts": [shortcut | {"description": "Log this message as a done"}],
            "slash_commands": commands,
        },
        "oauth_config": {"redirect_urls": [callback_url], "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": events,
            "interactivity": {"is_enabled": True, "request_url": hook_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }
