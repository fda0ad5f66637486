"""Make: a module of a scenario posts what it is told to.

https://apps.make.com/http"""

from __future__ import annotations

from idonethis.integrations.kits.mapped import FromTool


class Make(FromTool):
    name = "Make"
    tagline = "Any of the apps that Make knows logs what happens there."


integration = Make()
