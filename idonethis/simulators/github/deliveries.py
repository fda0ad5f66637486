"""Deliveries: one request to one hook, kept with its answer; never sent again by itself.

Source: https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
"""

from __future__ import annotations

import asyncio
import json
import uuid
from urllib.parse import urlencode, urlsplit

from ..sending import Attempt, Sender, Signing
from ..store import Record, Store
from .commits import moment
from .errors import not_found
from .hooks import Hooks, wants

SIGNING = Signing(header="X-Hub-Signature-256", prefix="sha256=")
LEGACY = Signing(header="X-Hub-Signature", algorithm="sha1", prefix="sha1=")
KEPT_PER_HOOK = 1_000
VERSION = "3.19.0"


class Deliveries:
    def __init__(self, store: Store, hooks: Hooks, sender: Sender) -> None:
        self._store = store
        self._hooks = hooks
        self._sender = sender

    def of(self, hook: Record) -> list[Record]:
        """Newest first."""
        return list(reversed(self._kept(hook)))

    def find(self, hook: Record, number: str) -> Record:
        for delivery in self._kept(hook):
            if str(delivery["id"]) == number:
                return delivery
        raise not_found()

    async def emit(self, repository: Record, event: str, payload: Record) -> list[Record]:
        """Send the event to each hook of the repository that wants it, under one GUID."""
        guid = str(uuid.uuid4())
        targets = [hook for hook in self._hooks.of(repository["full_name"]) if wants(hook, event)]
        sends = [self.send(hook, event, payload, guid=guid) for hook in targets]
        return list(await asyncio.gather(*sends))

    async def send(self, hook: Record, event: str, payload: Record, *, guid: str) -> Record:
        """Deliver to one hook, whether or not it is active."""
        return await self._deliver(hook, self._draft(hook, event, payload, guid=guid))

    async def redeliver(self, hook: Record, delivery: Record) -> Record:
        """Send the same payload once more: a new delivery with the old GUID."""
        draft = self._draft(hook, delivery["event"], delivery["payload"], guid=delivery["guid"])
        return await self._deliver(hook, {**draft, "redelivery": True})

    def _draft(self, hook: Record, event: str, payload: Record, *, guid: str) -> Record:
        return {
            "id": self._store.next_id("delivery", 190_600_001),
            "guid": guid,
            "redelivery": False,
            "event": event,
            "action": payload.get("action"),
            "repository_id": payload["repository"]["id"],
            "url": hook["config"]["url"],
            "payload": payload,
        }

    async def _deliver(self, hook: Record, delivery: Record) -> Record:
        now = self._store.now()
        body = serialized(delivery["payload"], hook["config"]["content_type"])
        headers = request_headers(hook, delivery, body, now=now)
        verify = hook["config"]["insecure_ssl"] == "0"
        attempt = await self._sender.post(delivery["url"], body, headers=headers, verify=verify)
        delivery.update(outcome(attempt), headers=headers, delivered_at=moment(now))
        self._keep(hook, delivery)
        return delivery

    def _keep(self, hook: Record, delivery: Record) -> None:
        code, status = delivery["status_code"], delivery["status"]
        state = "active" if 200 <= code < 300 else "failed"
        hook["last_response"] = {"code": code, "status": state, "message": status}
        if str(hook["id"]) in self._store.table("hooks"):
            self._kept(hook).append(delivery)
            del self._kept(hook)[:-KEPT_PER_HOOK]

    def _kept(self, hook: Record) -> list[Record]:
        deliveries = self._store.table("deliveries")
        kept: list[Record] = deliveries.setdefault(str(hook["id"]), [])
        return kept


def serialized(payload: Record, content_type: str) -> bytes:
    text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
    return text.encode() if content_type == "json" else urlencode({"payload": text}).encode()


def request_headers(hook: Record, delivery: Record, body: bytes, *, now: float) -> dict[str, str]:
    is_json = hook["config"]["content_type"] == "json"
    secret = hook["config"].get("secret", "")
    return {
        "Accept": "*/*",
        "Content-Type": "application/json" if is_json else "application/x-www-form-urlencoded",
        "User-Agent": "GitHub-Hookshot/1815add",
        "X-GitHub-Delivery": delivery["guid"],
        "X-GitHub-Enterprise-Host": urlsplit(delivery["payload"]["repository"]["html_url"]).netloc,
        "X-GitHub-Enterprise-Version": VERSION,
        "X-GitHub-Event": delivery["event"],
        "X-GitHub-Hook-ID": str(hook["id"]),
        "X-GitHub-Hook-Installation-Target-ID": str(delivery["repository_id"]),
        "X-GitHub-Hook-Installation-Target-Type": "repository",
        **LEGACY.headers(body, secret, now=now),
        **SIGNING.headers(body, secret, now=now),
    }


def outcome(attempt: Attempt) -> Record:
    """Status words as in "Troubleshooting webhooks" of GitHub's documentation."""
    words = {"timeout": (504, "timed out"), "connection": (502, "failed to connect to host")}
    code, status = words.get(attempt.error, (attempt.status or 0, said(attempt)))
    return {
        "duration": round(attempt.seconds, 2),
        "status": status,
        "status_code": code,
        "response": {"headers": dict(attempt.headers) or None, "payload": attempt.body or None},
    }


def said(attempt: Attempt) -> str:
    return "OK" if attempt.arrived else f"Invalid HTTP Response: {attempt.status}"
