"""Outgoing webhook: whatever takes webhooks hears of entries."""

from __future__ import annotations

from idonethis.integrations.kits.telling import HearsNews


class OutgoingWebhook(HearsNews):
    name = "Outgoing webhook"
    category = "Anything"
    tagline = "Any address that takes webhooks hears of new, changed and removed entries, signed."
    hosts = ("*",)


integration = OutgoingWebhook()
