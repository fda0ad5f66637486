"""An assistant that asks with a token of its person, a message at a time, and with no process or
server of its own: ``Assistant.of(ada, "read", "write").logs("[x] did it #tag", team)``."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from idonethis.accounts.models import ApiToken
from idonethis.entries.models import Entry

VERSION = "2025-11-25"


@dataclass
class Assistant:
    shown: str
    headers: dict[str, str] = field(default_factory=dict)
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    @classmethod
    def of(cls, user, *scopes: str, name: str = "My assistant") -> Assistant:
        asked = scopes or ("read", "draft")
        return cls(ApiToken.objects.make(user, name=name, scopes=asked)[1])

    def says(self, message: Any, **headers: str):
        """What is answered to a message, as it comes."""
        sent = {
            "Accept": "application/json, text/event-stream",
            "Authorization": f"Bearer {self.shown}",
            "MCP-Protocol-Version": VERSION,
            **self.headers,
            **headers,
        }
        body = json.dumps(message) if isinstance(message, dict | list) else message
        return self.client.generic(
            "POST",
            "/mcp",
            body,
            content_type="application/json",
            headers={name: value for name, value in sent.items() if value},
        )

    def asks(self, method: str, **params: Any) -> Any:
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = self.says(message)
        assert answer.status_code == 200, answer.content
        return answer.json()["result"]

    def offered(self) -> dict[str, Any]:
        return {each["name"]: each for each in self.asks("tools/list")["tools"]}

    def calls(self, tool: str, **given: Any) -> Any:
        """What the tool gives."""
        told = self.asks("tools/call", name=tool, arguments=given)
        assert not told.get("isError"), told
        assert json.loads(told["content"][0]["text"]) == told["structuredContent"]
        return told["structuredContent"]

    def refused(self, tool: str, **given: Any) -> str:
        """Why it is not done."""
        told = self.asks("tools/call", name=tool, arguments=given)
        assert told["isError"] and "structuredContent" not in told, told
        return told["content"][0]["text"]

    def logs(self, text: str, team, **given: Any) -> Entry:
        """The entry that comes of a text, where its person lets it write."""
        told = self.calls("log", text=text, team=team.hash_id, **given)
        assert told["state"] == "logged", told
        return Entry.objects.get(hash_id=told["entry"]["id"])
