"""What the tests of Gitea and Forgejo have in common."""

from __future__ import annotations

from typing import Any

import orjson

from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook


class GiteaTestCase(HookTestCase):
    """People have the name of their server before their ids."""

    ada_uid = "git.example.org/1815"
    grace_uid = "git.example.org/1906"

    def read(
        self, fixture: str, *, config: dict[str, Any] | None = None, **parts: Any
    ) -> list[Any]:
        """What becomes of a fixture of which these parts are changed."""
        body = orjson.loads(self.fixture(fixture))
        for part, changes in parts.items():
            old = body.get(part)
            body[part] = {**old, **changes} if isinstance(changes, dict) and old else changes
        hook = Hook(orjson.dumps(body), self.headers_for(fixture))
        return list(self.integration.read(hook, PlainLink(config=config or {})))
