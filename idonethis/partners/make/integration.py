"""Make: a module of a scenario posts what it is told to, and a scenario is told of entries.

https://apps.make.com/http and
https://apps.make.com/gateway"""

from __future__ import annotations

from idonethis.integrations.base import Each, Pace
from idonethis.integrations.kits.telling import BothWays


class Make(BothWays):
    name = "Make"
    tagline = "Any of the apps that Make knows logs what happens there, and hears of entries."
    # https://help.make.com/webhooks
    paces = (Pace(300, per=10, each=Each.LINK),)
    hosts = (
        "hook.*.make.com",
        "hook.integromat.com",
    )


integration = Make()
