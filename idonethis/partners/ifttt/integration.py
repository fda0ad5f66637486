"""IFTTT: an applet posts what it is told to (“Make a web request”), or is told of entries.

https://ifttt.com/maker_webhooks/actions/make_web_request and
https://ifttt.com/maker_webhooks"""

from __future__ import annotations

from idonethis.integrations.kits.telling import BothWays


class Ifttt(BothWays):
    name = "IFTTT"
    tagline = (
        "Whatever IFTTT hears of, from a phone or a feed, logs itself; applets hear of entries."
    )
    hosts = ("maker.ifttt.com",)


integration = Ifttt()
