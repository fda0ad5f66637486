"""Incoming webhook: whatever can send JSON or a form can log."""

from __future__ import annotations

from idonethis.integrations.kits.mapped import Mapped


class Webhook(Mapped):
    name = "Incoming webhook"
    category = "Anything"
    tagline = "Any tool that can send a webhook logs what you pick from what it sends."


integration = Webhook()
