"""The Events API: https://docs.slack.dev/apis/events-api"""

from __future__ import annotations

import asyncio
import json
import secrets

from ..later import Later
from ..sending import Attempt
from ..store import Record
from .demo import APP_ID, BOT, TEAM
from .requests import VERIFICATION_TOKEN, Requests
from .workspace import Workspace

# At once, after a minute, after five minutes.
RETRY_AFTER_SECONDS = (0, 60, 300)
REASONS = {"timeout": "http_timeout", "connection": "connection_failed", "": "http_error"}
SUBSCRIPTIONS = (
    "app_home_opened,app_uninstalled,channel_archive,channel_rename,member_joined_channel,"
    "message.channels,message.groups,message.im,reaction_added,tokens_revoked"
)
# Events that come without a scope: they are about the application itself.
UNSCOPED = {"app_home_opened", "app_uninstalled", "tokens_revoked"}
SCOPES = {
    "channel_archive": "channels:read",
    "channel_rename": "channels:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
}


class Events:
    """delay_scale shortens the retries: 0.001 makes five minutes 0.3 seconds."""

    def __init__(
        self, workspace: Workspace, requests: Requests, *, later: Later, delay_scale: float
    ) -> None:
        self._workspace = workspace
        self._requests = requests
        self._later = later
        self._delay_scale = delay_scale

    @property
    def url(self) -> str:
        return str(self._workspace.store.table("settings").get("events_url", ""))

    async def tell(self, kind: str, event: Record) -> Record:
        """Send an event when the application is installed, subscribes to `kind` and may see it."""
        return await self.dispatch(event) if self.wants(kind) else {"sent": False}

    def wants(self, kind: str) -> bool:
        installation = self._workspace.installation
        settings = self._workspace.store.table("settings")
        subscribed = kind in settings.get("subscriptions", SUBSCRIPTIONS).split(",")
        allowed = kind in UNSCOPED or SCOPES.get(kind) in installation["scopes"]
        return bool(self.url and installation["installed"]) and subscribed and allowed

    async def tell_message(self, channel: Record, event: Record) -> Record:
        """Message events come from channels where the bot is a member."""
        if BOT["user"] not in channel["members"]:
            return {"sent": False}
        plural, where = place_of(channel)
        about = {"type": "message", "channel": channel["id"], "channel_type": where}
        return await self.tell(f"message.{plural}", {**about, **event})

    async def dispatch_all(self, events: list[Record]) -> list[Record]:
        return [await self.dispatch(event) for event in events]

    async def dispatch(self, event: Record) -> Record:
        """Send an event whatever the subscriptions say; retries go on in the background."""
        envelope = self._envelope(event)
        attempt = await self._attempt(envelope, {})
        if retry_wanted(attempt):
            self._later.start(self._retry(envelope, attempt))
        return {"sent": True, "event_id": envelope["event_id"], **attempt.as_record()}

    async def _attempt(self, envelope: Record, headers: dict[str, str]) -> Attempt:
        what = f"event {envelope['event']['type']}"
        return await self._requests.post_json(self.url, envelope, what=what, headers=headers)

    async def _retry(self, envelope: Record, attempt: Attempt) -> None:
        for number, seconds in enumerate(RETRY_AFTER_SECONDS, start=1):
            await asyncio.sleep(seconds * self._delay_scale)
            headers = {
                "X-Slack-Retry-Num": str(number),
                "X-Slack-Retry-Reason": REASONS[attempt.error],
            }
            attempt = await self._attempt(envelope, headers)
            if not retry_wanted(attempt):
                return

    def _envelope(self, event: Record) -> Record:
        now = self._workspace.now
        event_ts = event.get("event_ts") or event.get("ts") or f"{now:.6f}"
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM["id"],
            "context_team_id": TEAM["id"],
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": {**event, "event_ts": event_ts},
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(now),
            "authorizations": [authorization()],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_urlsafe(24)}",
        }

    async def verify(self, url: str) -> Record:
        """The url_verification handshake: the challenge must come back, as text or as JSON."""
        challenge = secrets.token_urlsafe(32)
        body = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
        attempt = await self._requests.post_json(url, body, what="url_verification")
        verified = attempt.arrived and echoed(attempt.body) == challenge
        return {"verified": verified, **attempt.as_record()}


def place_of(channel: Record) -> tuple[str, str]:
    """The kind of a channel, in the name of a subscription and in an event."""
    if channel["is_im"]:
        return "im", "im"
    return ("groups", "group") if channel["is_private"] else ("channels", "channel")


def retry_wanted(attempt: Attempt) -> bool:
    return not attempt.arrived and attempt.headers.get("x-slack-no-retry") != "1"


def authorization() -> Record:
    return {
        "enterprise_id": None,
        "team_id": TEAM["id"],
        "user_id": BOT["user"],
        "is_bot": True,
        "is_enterprise_install": False,
    }


def echoed(body: str) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return body.strip()
    return str(answer.get("challenge")) if isinstance(answer, dict) else body.strip()
