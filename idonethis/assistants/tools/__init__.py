from __future__ import annotations

from idonethis.assistants.tool import Tool
from idonethis.assistants.tools.changing import Complete, Reopen, Restore
from idonethis.assistants.tools.finding import Search, Why
from idonethis.assistants.tools.logging import Log
from idonethis.assistants.tools.looking import Day, Teams
from idonethis.assistants.tools.previewing import Preview, PreviewLink
from idonethis.assistants.tools.watching import Connections

#: By their names, in the order in which they are listed.
TOOLS: dict[str, type[Tool]] = {
    each.name: each
    for each in (
        Teams, Day, Search, Why, Connections, Preview, PreviewLink, Log, Complete, Reopen, Restore,
    )
}  # fmt: skip
