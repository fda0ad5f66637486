"""Toggl Track: completed tasks and archived projects become dones, tracked time where the link asks
for it.

https://engineering.toggl.com/docs/webhooks_start"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from idonethis.integrations.base import (
    Asks,
    Choice,
    Client,
    Event,
    Hmac,
    Hook,
    Link,
    PicksOne,
    Registers,
    Response,
    Topic,
    fingerprint,
    line,
)
from idonethis.partners.toggl import api
from idonethis.partners.toggl.forms import TogglCredentials, TogglForm
from idonethis.partners.toggl.reading import Happening
from idonethis.partners.toggl.refusals import ANSWERS

TOPICS = {
    "task": Topic("Completed tasks", "completed tasks"),
    "project": Topic("Archived projects", "archived projects"),
}


class Toggl(PicksOne, Registers):
    name = "Toggl Track"
    category = "Time and calendar"
    introducer = registrar = api
    tagline = "Completed tasks and archived projects become dones, and tracked time if you like."
    credentials = TogglCredentials
    link_form = TogglForm
    place = "workspace"
    asks = Asks(topics=TOPICS)
    addresses: ClassVar[dict[str, str]] = {"api": "https://api.track.toggl.com"}
    answers = ANSWERS
    reads = (
        "your name",
        "the names of your workspaces, to pick one",
        "tasks, projects and tracked time, as webhooks bring them",
    )
    writes = ("one webhook in each workspace that you link",)
    # https://engineering.toggl.com/docs/webhooks_start/validating_received_events
    signature = Hmac("X-Webhook-Signature-256", prefix="sha256=")
    hook_events = api.EVENTS

    def summary(self, link: Link) -> str:
        said = self.asks.said(link.config)
        said += ["tracked time"] * bool(link.config.get("time"))
        return f"Logs {', '.join(said) or 'nothing'}"[:80]

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return {"Authorization": api.proof(str(secrets.get("token", "")))}

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.workspaces(client, query)

    def check_readable(self, hook: Hook) -> None:
        Happening.of(hook.json)

    def challenge(self, hook: Hook) -> Response | None:
        """https://engineering.toggl.com/docs/webhooks_start/url_endpoint_validation

        Nothing but what is posted is signed."""
        if hook.method != "POST":
            return None
        code = line(Happening.of(hook.json).body.get("validation_code"))
        return Response.json({"validation_code": code[:200]}) if code else None

    def delivery_key(self, hook: Hook) -> str:
        """A ping has the number 0."""
        number = line(Happening.of(hook.json).body.get("event_id"))
        return number if number not in ("", "0") else fingerprint(hook.body)

    def event(self, hook: Hook) -> str:
        happening = Happening.of(hook.json)
        return ".".join(filter(None, (happening.model, happening.action)))[:80]

    def topic(self, hook: Hook) -> str:
        return Happening.of(hook.json).model

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield from Happening.of(hook.json).told(wants_time=bool(link.config.get("time")))


integration = Toggl()
