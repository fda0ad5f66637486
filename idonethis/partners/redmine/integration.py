"""Redmine: a closed issue becomes a done, by the webhooks of Redmine itself or of a plugin.

https://github.com/redmine/redmine/blob/master/app/models/webhook_payload.rb
https://github.com/suer/redmine_webhook"""

from __future__ import annotations

from collections.abc import Iterator

from django import forms

from idonethis.integrations.base import (
    AnyOf,
    Asks,
    Event,
    Hmac,
    Hook,
    InAddress,
    Link,
    LinkForm,
    Place,
    Receives,
)
from idonethis.partners.redmine.issues import events
from idonethis.partners.redmine.reading import Change


class RedmineForm(LinkForm):
    site = forms.URLField(
        label="Where your Redmine is",
        required=False,
        initial="",
        max_length=200,
        assume_scheme="https",
        help_text="Such as https://redmine.example.org. Redmine’s own webhooks do not say so; left "
        "empty, entries have no link. With the plugin they have one anyway.",
    )


class Redmine(Receives):
    name = "Redmine"
    category = "Planning"
    tagline = "Closed issues become dones of their assignees."
    link_form = RedmineForm
    asks = Asks(place=Place("project", "projects", usual="every project"))
    # https://github.com/redmine/redmine/blob/master/app/models/webhook.rb
    # The plugin does not sign, so there the secret is a part of the address.
    signature = AnyOf((Hmac("X-Redmine-Signature-256", prefix="sha256="), InAddress()))

    def summary(self, link: Link) -> str:
        return "Logs closed issues"

    def event(self, hook: Hook) -> str:
        return Change.of(hook.json).event[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield from events(Change.of(hook.json), site=str(link.config.get("site") or ""))


integration = Redmine()
