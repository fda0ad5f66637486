"""Make: a module of a scenario posts what it is told to.

https://apps.make.com/http"""

from __future__ import annotations

from idonethis.integrations.base import SharedToken
from idonethis.integrations.kits.mapped import Mapped


class Make(Mapped):
    name = "Make"
    category = "Anything"
    tagline = "Any of the apps that Make knows logs what happens there."
    # It cannot sign, but sets headers.
    signature = SharedToken("Authorization", prefix="Bearer ")


integration = Make()
