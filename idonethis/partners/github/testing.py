"""What the tests of GitHub have in common."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook


class GitHubTestCase(HookTestCase):
    """Fixtures are named after the event: ``pull_request__merged``, ``ignored__push__of_a_tag``."""

    def headers_for(self, name: str) -> dict[str, str]:
        event = name.removeprefix("ignored__").partition("__")[0]
        return {"x-github-event": event, "x-github-delivery": str(uuid4())}

    def body(self, name: str, **changes: Any) -> dict[str, Any]:
        """The fixture's body with these parts changed, however deep they lie."""
        changed: dict[str, Any] = _merged(orjson.loads(self.fixture(name)), changes)
        return changed

    def send_changed(self, name: str, **changes: Any) -> None:
        self.post_json(self.body(name, **changes), name)

    def post_json(self, body: Any, name: str) -> None:
        sent = self.post_hook(orjson.dumps(body), headers=self.headers_for(name))
        self.assertEqual(sent.status_code, 200)

    def read_changed(self, name: str, *, private: str = "title", **changes: Any) -> list[Any]:
        """What the integration alone makes of a changed fixture."""
        hook = Hook(orjson.dumps(self.body(name, **changes)), self.headers_for(name))
        return list(self.integration.read(hook, PlainLink(config={"private": private})))

    def the_entry(self) -> Entry:
        return Entry.objects.alive().get()

    def ended(self) -> str:
        """How the last hook ended."""
        return str(self.last_receipt().outcome)

    def count_receipts(self) -> int:
        return type(self.last_receipt()).objects.count()

    def configure(self, **config: Any) -> None:
        self.link.config = config
        self.link.save()


def account(login: str, uid: int, kind: str = "User") -> dict[str, Any]:
    return {"login": login, "id": uid, "type": kind}


def commits(*messages: str, author: str = "ada") -> list[dict[str, Any]]:
    """Commits of a push, each with an id that follows from its message and place."""
    return [
        {
            "id": f"{number:04x}{message.encode().hex()}".ljust(40, "0")[:40],
            "message": message,
            "url": f"https://github.com/analytical/engine/commit/{number:04x}",
            "author": {"name": author, "email": f"{author}@example.com", "username": author},
        }
        for number, message in enumerate(messages)
    ]


def _merged(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {name: _merged(old.get(name), value) for name, value in new.items()}
    return new
