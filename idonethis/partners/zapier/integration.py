"""Zapier: a step of a Zap posts what it is told to.

https://help.zapier.com/hc/en-us/articles/8496326446989-Send-webhooks-in-Zaps"""

from __future__ import annotations

from idonethis.integrations.base import SharedToken
from idonethis.integrations.kits.mapped import Mapped


class Zapier(Mapped):
    name = "Zapier"
    category = "Anything"
    tagline = "Any of the apps that Zapier knows logs what happens there."
    # It cannot sign, but sets headers.
    signature = SharedToken("Authorization", prefix="Bearer ")


integration = Zapier()
