"""Toggl Track: completed tasks and archived projects become dones, tracked time where the link asks
for it.

https://engineering.toggl.com/docs/webhooks_start"""

from __future__ import annotations

from collections.abc import Iterator

from django import forms

from idonethis.integrations.base import (
    Asks,
    Event,
    Hmac,
    Hook,
    Link,
    LinkForm,
    Receives,
    Response,
    Topic,
    fingerprint,
    line,
)
from idonethis.partners.toggl.reading import Happening

TOPICS = {
    "task": Topic("Completed tasks", "completed tasks"),
    "project": Topic("Archived projects", "archived projects"),
}


class TogglForm(LinkForm):
    time = forms.BooleanField(
        label="Log tracked time, too, each stretch as an entry",
        required=False,
        initial=False,
        help_text="Everybody in the team sees what a person has tracked, and for how long.",
    )


class Toggl(Receives):
    name = "Toggl Track"
    category = "Time and calendar"
    tagline = "Completed tasks and archived projects become dones, and tracked time if you like."
    link_form = TogglForm
    asks = Asks(topics=TOPICS)
    # https://engineering.toggl.com/docs/webhooks_start/validating_received_events
    signature = Hmac("X-Webhook-Signature-256", prefix="sha256=")

    def summary(self, link: Link) -> str:
        said = self.asks.said(link.config)
        said += ["tracked time"] * bool(link.config.get("time"))
        return f"Logs {', '.join(said) or 'nothing'}"[:80]

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
