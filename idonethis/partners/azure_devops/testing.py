"""What the tests of Azure DevOps have in common."""

from __future__ import annotations

from typing import Any

import orjson

from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook

PUSH, MERGED = "git.push__two_commits", "git.pullrequest.merged__completed"
FINISHED = "workitem.updated__finished"


class AzureDevOpsTestCase(HookTestCase):
    def read(self, body: Any, **config: Any) -> list[Any]:
        return list(self.integration.read(Hook(orjson.dumps(body)), PlainLink(config=config)))

    def body(self, fixture: str) -> dict[str, Any]:
        body: dict[str, Any] = orjson.loads(self.fixture(fixture))
        return body
