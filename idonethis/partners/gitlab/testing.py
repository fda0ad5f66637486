"""What the tests of GitLab have in common."""

from __future__ import annotations

from typing import Any

import orjson

from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook


class GitLabTestCase(HookTestCase):
    def read(
        self, fixture: str, *, config: dict[str, Any] | None = None, **changes: Any
    ) -> list[Any]:
        """What becomes of a fixture with these parts of the body in place of its own."""
        body = {**orjson.loads(self.fixture(fixture)), **changes}
        return list(self.integration.read(Hook(orjson.dumps(body)), PlainLink(config=config or {})))

    def thing(self, fixture: str, **changes: Any) -> dict[str, Any]:
        """The issue, request or pipeline of a fixture, changed."""
        return {**orjson.loads(self.fixture(fixture))["object_attributes"], **changes}
