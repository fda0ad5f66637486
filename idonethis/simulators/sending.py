"""Signed requests from the partner to the application."""

from __future__ import annotations

import asyncio
import base64
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import httpx

from .journal import Journal
from .store import Record

ANSWER_KEPT = 64_000


@dataclass(frozen=True)
class Signing:
    """How a partner signs what it sends: an HMAC over `content`, in one header.

    content may name {timestamp} (whole seconds since the epoch) and {body}; with timestamp_header
    the same timestamp is sent beside the signature.
    """

    header: str
    algorithm: str = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    content: str = "{body}"
    timestamp_header: str | None = None

    def headers(self, body: bytes, secret: str, *, now: float) -> dict[str, str]:
        """The headers that prove the body; none at all without a secret."""
        if not secret:
            return {}
        signed = {self.header: self.prefix + self._digest(body, secret, now=now)}
        return {**signed, self.timestamp_header: str(int(now))} if self.timestamp_header else signed

    def _digest(self, body: bytes, secret: str, *, now: float) -> str:
        before, _, after = self.content.replace("{timestamp}", str(int(now))).partition("{body}")
        message = before.encode() + body + after.encode()
        mac = hmac.new(secret.encode(), message, self.algorithm)
        return (
            mac.hexdigest() if self.encoding == "hex" else base64.b64encode(mac.digest()).decode()
        )


@dataclass(frozen=True)
class Attempt:
    """What became of one request to the application. status None: there was no answer."""

    status: int | None
    error: Literal["", "timeout", "connection"]
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    def as_record(self) -> Record:
        return {"status": self.status, "error": self.error or None, "seconds": self.seconds}


class Sender:
    """Posts to the application; no redirect is followed and no proxy is asked."""

    def __init__(self, journal: Journal, *, timeout: float) -> None:
        self._journal = journal
        self._timeout = timeout

    async def post(
        self, url: str, body: bytes, *, headers: dict[str, str], verify: bool = True
    ) -> Attempt:
        """One request, cut off after the timeout whatever it is doing. Never raises."""
        entry = self._journal.sending(url, headers=headers, body=body)
        sent = {"content": body, "headers": headers}
        attempt = await self._attempt("POST", url, sent, verify=verify)
        entry.update(attempt.as_record())
        return attempt

    async def head(self, url: str) -> Attempt:
        """Tries an address before anything is sent there. Never raises."""
        return await self._attempt("HEAD", url, {}, verify=True)

    async def _attempt(self, method: str, url: str, sent: Record, *, verify: bool) -> Attempt:
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout):
                answer = await fetch(method, url, sent, verify=verify)
        except TimeoutError:
            return Attempt(None, "timeout", time.monotonic() - started)
        except (httpx.HTTPError, httpx.InvalidURL):
            return Attempt(None, "connection", time.monotonic() - started)
        seconds = time.monotonic() - started
        text = answer.text[:ANSWER_KEPT]
        return Attempt(answer.status_code, "", seconds, dict(answer.headers), text)


async def fetch(method: str, url: str, sent: Record, *, verify: bool) -> httpx.Response:
    # Reading the certificates takes longer than the whole request, and http needs none.
    secured = verify and url.startswith("https:")
    async with httpx.AsyncClient(timeout=None, trust_env=False, verify=secured) as client:  # noqa: S113
        return await client.request(method, url, **sent)
