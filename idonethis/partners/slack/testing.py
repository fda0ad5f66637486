"""For the tests of this folder: the workspace of the fixtures, linked to Ada's team."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.base import Ended, Reason
from idonethis.integrations.ingest.intake import examine
from idonethis.integrations.ingest.routes import Routes
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    PartnerApp,
    Receipt,
    directory_for,
)
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook, Secret
from idonethis.partners.slack.integration import integration

WORKSPACE, CHANNEL = "T0ANALYTIC", "C0DONELOG01"
ADA, GRACE = "U0ADA181512", "U0GRACE1906"
SECRET = Secret("8f742231b10e8888abcd99yyyzzz85a5")
FORM = {"content-type": "application/x-www-form-urlencoded"}


class SlackTestCase(HookTestCase):
    ada_uid = f"{WORKSPACE}/{ADA}"
    grace_uid = f"{WORKSPACE}/{GRACE}"
    config = {"channel": f"{CHANNEL}|done", "kinds": ["done", "goal", "blocked"]}

    def setUp(self) -> None:
        super().setUp()
        self.presses = count(1)
        self.slack = integration
        PartnerApp.objects.create(integration_type="slack").keep({"SIGNING_SECRET": SECRET})

    def make_link(self, **fields: Any) -> IntegrationLink:
        self.workspace, _ = IntegrationUser.objects.get_or_create(
            integration_type="slack", uid=WORKSPACE, kind="workspace", defaults={"user": self.ada}
        )
        return super().make_link(integration_user=self.workspace, **{"subject": CHANNEL} | fields)

    def headers_for(self, name: str) -> dict[str, str]:
        is_form = self.fixture(name)[:1] != b"{"
        return FORM if is_form else {"content-type": "application/json"}

    def typed(self, name: str = "command__done", **changes: str) -> bytes:
        """A command like the fixture, with other fields."""
        fields = parse_qs(self.fixture(name).decode(), keep_blank_values=True)
        kept = {field: values[0] for field, values in fields.items()}
        return urlencode(kept | {"trigger_id": f"1.2.{next(self.presses)}"} | changes).encode()

    def type(self, text: str, **changes: str) -> dict[str, Any]:
        """Somebody types ``/done <text>``; what they see at once."""
        return self.says(self.post_hook(self.typed(text=text, **changes), headers=FORM))

    def says(self, response: Any) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(response.content)
        return message

    def acted(self, name: str, **changes: Any) -> bytes:
        """An interaction like the fixture, with other fields."""
        payload = json.loads(parse_qs(self.fixture(name).decode())["payload"][0])
        return urlencode({"payload": json.dumps(payload | changes)}).encode()

    def press(
        self, button: dict[str, Any], *, by: str = ADA, at: datetime | None = None, **changes: Any
    ) -> None:
        who = {"id": by, "username": "x", "team_id": WORKSPACE}
        trigger = f"3.4.{next(self.presses)}"
        fixture = "ignored__block_actions__open_the_log"
        more = {"user": who, "actions": [button], "trigger_id": trigger} | changes
        body = self.acted(fixture, **more)
        self.arrive(body, at or timezone.now())

    def note(self, body: bytes, reason: Reason, why: str = "") -> dict[str, Any] | None:
        """What the person is told once a request has ended like this."""
        hook = Hook(body, FORM, received_at=timezone.now())
        note = self.slack.note(hook, Ended(reason, why), directory_for(self.slack, hook, 0))
        return dict(note.content) if note else None

    def arrive(self, body: bytes, at: datetime) -> None:
        """Through the same intake, at a time of our choice."""
        hook = Hook(body, FORM, received_at=at)
        signed = FORM | self.integration.signature.sign(hook, SECRET)
        route = Routes().find(self.integration, "")
        rows = examine(self.integration, Hook(body, signed, received_at=at), route)
        store(rows if isinstance(rows, list) else [])
        while Receipt.drain():
            pass

    def log(self) -> list[tuple[str, str]]:
        """What the team's log shows: kinds and bodies, oldest first."""
        return list(Entry.objects.alive().order_by("pk").values_list("kind", "body"))


def shown(message: dict[str, Any]) -> str:
    """What a person sees of a message that has blocks."""
    return str(message["blocks"][0]["text"]["text"])


def button(message: dict[str, Any], label: str) -> dict[str, Any]:
    buttons = message["blocks"][-1]["elements"]
    found: dict[str, Any] = next(each for each in buttons if each["text"]["text"] == label)
    return found
