"""The journal: every call received and every request sent, with secrets masked."""

from __future__ import annotations

import json
import time
from collections import deque
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from .store import Record

KEPT = 5_000
BODY_KEPT = 64_000
SECRETS = {
    "access_token",
    "client_secret",
    "code",
    "code_verifier",
    "refresh_token",
    "secret",
    "token",
}


class Journal:
    """The last few thousand calls and sends; not part of the state file. With a ``path``, every
    call is also a line of JSON there, once it was answered."""

    def __init__(self, path: Path | None = None) -> None:
        self.calls: deque[Record] = deque(maxlen=KEPT)
        self.sent: deque[Record] = deque(maxlen=KEPT)
        self._path = path

    def called(
        self, method: str, path: str, *, query: str, body: bytes, content_type: str
    ) -> Record:
        """Open the entry of a call; account, status and fault are filled in as they are known."""
        call = {
            "at": time.time(),
            "method": method,
            "path": path,
            "query": masked(dict(parse_qsl(query))),
            "body": masked(readable(body[:BODY_KEPT], content_type)),
            "account": None,
            "status": None,
            "fault": None,
        }
        self.calls.append(call)
        return call

    def answered(self, call: Record) -> None:
        if self._path:
            with self._path.open("a") as file:
                file.write(json.dumps(call) + "\n")

    def sending(self, url: str, *, headers: Record, body: bytes) -> Record:
        """Open the entry of a request to the application; the outcome is filled in later."""
        content_type = headers.get("Content-Type", "")
        sent = {
            "at": time.time(),
            "url": url,
            "headers": dict(headers),
            "body": masked(readable(body[:BODY_KEPT], content_type)),
            "status": None,
            "error": None,
            "seconds": None,
        }
        self.sent.append(sent)
        return sent

    def clear(self) -> None:
        self.calls.clear()
        self.sent.clear()


def readable(body: bytes, content_type: str) -> Any:
    """A JSON body as data, a form as a dict (with the JSON inside `payload`), else as text."""
    text = body.decode("utf-8", "replace")
    if content_type.startswith("application/x-www-form-urlencoded"):
        return {key: from_json(value) for key, value in parse_qsl(text, keep_blank_values=True)}
    return from_json(text)


def from_json(text: str) -> Any:
    if not text.startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: "********" if k in SECRETS and v else masked(v) for k, v in value.items()}
    return [masked(item) for item in value] if isinstance(value, list) else value
