"""Incoming webhook: whatever can send JSON or a form can log."""

from __future__ import annotations

from idonethis.integrations.base import AnyOf, Hmac, SharedToken
from idonethis.integrations.kits.mapped import Mapped


class Webhook(Mapped):
    name = "Incoming webhook"
    category = "Anything"
    tagline = "Any tool that can send a webhook logs what you pick from what it sends."
    # A sender that cannot sign puts the secret itself into a header.
    signature = AnyOf(
        (
            Hmac("X-Signature-256", prefix="sha256="),
            Hmac("X-Hub-Signature-256", prefix="sha256="),
            SharedToken("X-Webhook-Token"),
            SharedToken("Authorization", prefix="Bearer "),
        )
    )


integration = Webhook()
