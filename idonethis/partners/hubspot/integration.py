"""HubSpot: a deal that is won and a ticket that is closed become dones.

https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    MILLISECONDS,
    Event,
    Hmac,
    Hook,
    Link,
    Receives,
    Stamp,
    Text,
)
from idonethis.partners.hubspot.forms import HubSpotForm, chosen
from idonethis.partners.hubspot.reading import batch, told


class HubSpot(Receives):
    name = "HubSpot"
    category = "Support and sales"
    tagline = "Won deals, closed tickets and completed tasks become dones."
    link_form = HubSpotForm
    # https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
    signature = Hmac(
        "X-HubSpot-Signature-v3",
        encoding=Text.BASE64,
        template="{method}{url}{body}{timestamp}",
        stamp=Stamp("X-HubSpot-Request-Timestamp", per_second=MILLISECONDS),
    )
    their_secret = "HubSpot shows it on the Auth tab of the app, as its client secret."  # noqa: S105

    def summary(self, link: Link) -> str:
        said = {"won": "won deals", "closed": "closed tickets", "completed": "completed tasks"}
        parts = [words for name, words in said.items() if chosen(link.config, name)]
        return f"Logs {', '.join(parts)}"

    def check_readable(self, hook: Hook) -> None:
        batch(hook.json)

    def event(self, hook: Hook) -> str:
        """Of a batch, what it is about."""
        return ", ".join(dict.fromkeys(change.name for change in batch(hook.json)))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield from told(batch(hook.json), link.config)


integration = HubSpot()
