"""Signed requests from Slack to the application.

Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from ..sending import Attempt, Sender, Signing
from ..store import Record, Store

SIGNING = Signing(
    header="X-Slack-Signature",
    prefix="v0=",
    content="v0:{timestamp}:{body}",
    timestamp_header="X-Slack-Request-Timestamp",
)
KEPT = 50
# Deprecated by Slack and still sent; no application should trust it.
VERIFICATION_TOKEN = "pretend-verification-token"  # noqa: S105


class Requests:
    def __init__(self, store: Store, sender: Sender) -> None:
        self._store = store
        self._sender = sender

    async def post_json(
        self, url: str, body: Record, *, what: str, headers: dict[str, str] | None = None
    ) -> Attempt:
        raw = json.dumps(body, separators=(",", ":")).encode()
        return await self._post(url, raw, "application/json", what=what, headers=headers or {})

    async def post_form(self, url: str, fields: dict[str, Any], *, what: str) -> Attempt:
        raw = urlencode(fields).encode()
        return await self._post(
            url, raw, "application/x-www-form-urlencoded", what=what, headers={}
        )

    async def _post(
        self, url: str, raw: bytes, content_type: str, *, what: str, headers: dict[str, str]
    ) -> Attempt:
        secret = self._store.table("settings").get("signing_secret", "")
        signed = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "Accept": "application/json,*/*",
            **SIGNING.headers(raw, secret, now=self._store.now()),
            **headers,
        }
        attempt = await self._sender.post(url, raw, headers=signed)
        self._keep(what, url, attempt=attempt, retry=headers.get("X-Slack-Retry-Num"))
        return attempt

    def _keep(self, what: str, url: str, *, attempt: Attempt, retry: str | None) -> None:
        latest = self.latest
        latest.append({"what": what, "url": url, "retry": retry, **attempt.as_record()})
        del latest[:-KEPT]

    @property
    def latest(self) -> list[Record]:
        """The last requests, oldest first, for the page."""
        kept: list[Record] = self._store.table("requests").setdefault("latest", [])
        return kept
