"""IFTTT: the action “Make a web request” of an applet posts what it is told to.

https://ifttt.com/maker_webhooks/actions/make_web_request"""

from __future__ import annotations

from idonethis.integrations.base import SharedToken
from idonethis.integrations.kits.mapped import Mapped


class Ifttt(Mapped):
    name = "IFTTT"
    category = "Anything"
    tagline = "Whatever IFTTT hears of, from a phone, a lamp or a feed, logs itself."
    # It cannot sign, but sets headers.
    signature = SharedToken("Authorization", prefix="Bearer ")


integration = Ifttt()
