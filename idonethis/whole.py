"""The part of a process that does everything, and needs nobody beside it: on SQLite it never loads
what speaks to PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from idonethis import asgi
from idonethis.background import INBOX
from idonethis.background.writers import WRITERS
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.integrations.models.expanding import expansions
from idonethis.integrations.models.sweeping import take_over
from idonethis.server import KEEPING, TAKING, WORKING, Part, Work

#: For people who write while a long inbox is read, in seconds.
REST = 0.1


def whole() -> Part:
    """Everything, in one process."""
    writer = GroupCommit()
    alone = (writer, Alone()) if settings.INBOX == "inbox" else (writer,)
    return Part("up", asgi.application(writer), _all_work, alone)


def _all_work() -> Iterator[Work]:
    yield from (*KEEPING, *WORKING, *TAKING, *expansions())


class Alone:
    """The only process there is."""

    def start(self) -> None:
        take_over()
        INBOX.rest = REST
        WRITERS.watch()

    def stop(self) -> None:
        """Whoever comes next takes over."""
        WRITERS.forget()
