"""A program that asks with a token, and with nothing of a browser."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from idonethis.accounts.models import ApiToken

ALL = ("read", "write")
FORM = "application/x-www-form-urlencoded"


@dataclass
class Program:
    shown: str
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def ask(self, method: str, path: str, content: Any = None, *, kind="application/json", **more):
        """What is answered, as it comes."""
        body = json.dumps(content) if isinstance(content, dict | list) else content or ""
        headers = {"Authorization": f"Token {self.shown}", **more}
        path = f"/api/v2{path}"
        return self.client.generic(method, path, body, content_type=kind, headers=headers)

    def got(self, path: str, **more) -> Any:
        answer = self.ask("GET", path, **more)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def did(self, method: str, path: str, content: Any = None, **more) -> Any:
        answer = self.ask(method, path, content, **more)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def refused(self, method: str, path: str, content: Any = None, **more) -> tuple[int, str]:
        answer = self.ask(method, path, content, **more)
        assert list(answer.json()) == ["error"], answer.content
        return answer.status_code, answer.json()["error"]


def program_of(user, *scopes: str, name="My tool") -> Program:
    return Program(ApiToken.objects.make(user, name=name, scopes=scopes or ALL)[1])
