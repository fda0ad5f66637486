"""A pretend tool that listens for webhooks, at whatever path, and looks at their signatures as
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

TOLERANCE = 5 * 60


@dataclass(frozen=True)
class Heard:
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """By who has the secret, and just now."""
        name, stamp = self.headers.get("webhook-id", ""), self.headers.get("webhook-timestamp", "")
        if not name or not stamp.isdecimal() or abs(time.time() - int(stamp)) > TOLERANCE:
            return False
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{name}.{stamp}.".encode() + self.body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        given = self.headers.get("webhook-signature", "").split(" ")
        return any(hmac.compare_digest(each, f"v1,{expected}") for each in given)


@dataclass
class Listener:
    """``status``: what it answers from now on."""

    status: int = 200
    heard: list[Heard] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        heard = Heard(request.url.path, dict(request.headers), await request.body())
        self.heard.append(heard)
        await Response(status_code=self.status)(scope, receive, send)
