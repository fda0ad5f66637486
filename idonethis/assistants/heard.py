from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse


@dataclass
class Heard:
    """An answer, as it is heard from an ASGI application."""

    status: int = 400
    content_type: str = "application/json"
    body: bytes = b""
    #: Which scopes were missing; then nothing was done.
    wants: tuple[str, ...] = ()

    def hear(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = dict(message.get("headers", ()))
            self.content_type = headers.get(b"content-type", b"application/json").decode("latin-1")
        else:
            self.body += message.get("body", b"")

    @property
    def response(self) -> HttpResponse:
        return HttpResponse(self.body, status=self.status, content_type=self.content_type)
