"""Integrations whose partner says little more than that something happened: a thin payload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from idonethis.integrations.http import Client
from idonethis.integrations.incoming import Receives
from idonethis.integrations.reads import BARE
from idonethis.integrations.terms import Link
from idonethis.integrations.values import Hook


class Expands(Receives):
    """Asks the partner for what its hooks do not say, before they are read for the first time."""

    def stored_as(self, hook: Hook) -> str:
        return BARE

    def expand(self, hook: Hook, client: Client, link: Link) -> Mapping[str, Any]:
        """What ``hook`` is to find in ``hook.more``, as JSON holds it; empty where nothing need be
        asked. It is stored with the hook and not asked for again, so no more than is needed.

        Raises Unreadable for a body that says nothing; Gone or Vanished where what it is about is
        no longer there; Again, with ``after`` where the partner says when it may be asked again; or
        another Never, which says what is wrong with the link."""
        raise NotImplementedError
