"""Sentry: a resolved issue becomes a done, a new one a blocker where the link asks for it.

https://docs.sentry.io/integrations/integration-platform/webhooks/"""

from __future__ import annotations

from collections.abc import Iterator

from django import forms

from idonethis.integrations.base import (
    Asks,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    LinkForm,
    Place,
    Reason,
    Receives,
    line,
    record,
)
from idonethis.partners.sentry.reading import Change


class SentryForm(LinkForm):
    blockers = forms.BooleanField(
        label="Log new issues as blockers",
        required=False,
        initial=False,
        help_text="Of whom the issue is assigned to, else of who makes this link.",
    )


class Sentry(Receives):
    name = "Sentry"
    category = "Operations"
    tagline = "Issues that somebody resolves become dones; new ones can become blockers."
    link_form = SentryForm
    asks = Asks(bots=True, place=Place("project", "projects", usual="every project"))
    # The time in Sentry-Hook-Timestamp is not signed, so it proves nothing.
    # https://docs.sentry.io/integrations/integration-platform/webhooks/#sentry-hook-signature
    signature = Hmac("Sentry-Hook-Signature")
    their_secret = "Sentry shows it on the page of the integration, as its client secret."  # noqa: S105
    delivery_header = "Request-ID"
    event_header = "Sentry-Hook-Resource"

    def summary(self, link: Link) -> str:
        return "Logs resolved issues" + ", and new ones as blockers" * _wants_blockers(link)

    def event(self, hook: Hook) -> str:
        said = (hook.header(self.event_header), line(record(hook.json).get("action")))
        return ".".join(filter(None, said))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        change = Change.of(hook)
        resource = hook.header(self.event_header)
        if resource == "issue":
            yield change.told(wants_blockers=_wants_blockers(link))
        else:
            yield Ignored(Reason.UNSUPPORTED, f"Sentry’s “{resource}” never makes an entry.")


def _wants_blockers(link: Link) -> bool:
    return bool(link.config.get("blockers"))


integration = Sentry()
