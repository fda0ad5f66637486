"""Zapier: a step of a Zap posts what it is told to, and a Zap is told of entries.

https://help.zapier.com/hc/en-us/articles/8496326446989-Send-webhooks-in-Zaps and
https://help.zapier.com/hc/en-us/articles/8496288690317-Trigger-Zaps-from-webhooks"""

from __future__ import annotations

from idonethis.integrations.base import Pace
from idonethis.integrations.kits.telling import BothWays


class Zapier(BothWays):
    name = "Zapier"
    tagline = "Any of the apps that Zapier knows logs what happens there, and hears of entries."
    # https://docs.zapier.com/platform/build/operating-constraints
    paces = (Pace(30),)
    hosts = ("hooks.zapier.com",)


integration = Zapier()
