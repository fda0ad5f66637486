"""IFTTT: the action “Make a web request” of an applet posts what it is told to.

https://ifttt.com/maker_webhooks/actions/make_web_request"""

from __future__ import annotations

from idonethis.integrations.kits.mapped import FromTool


class Ifttt(FromTool):
    name = "IFTTT"
    tagline = "Whatever IFTTT hears of, from a phone, a lamp or a feed, logs itself."


integration = Ifttt()
