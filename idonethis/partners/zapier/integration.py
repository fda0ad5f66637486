"""Zapier: a step of a Zap posts what it is told to.

https://help.zapier.com/hc/en-us/articles/8496326446989-Send-webhooks-in-Zaps"""

from __future__ import annotations

from idonethis.integrations.kits.mapped import FromTool


class Zapier(FromTool):
    name = "Zapier"
    tagline = "Any of the apps that Zapier knows logs what happens there."


integration = Zapier()
