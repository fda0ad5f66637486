"""How many messages a channel takes: a burst, then one a second.

Source: https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

from ..store import Record
from .errors import TooFast
from .workspace import Workspace


def take(workspace: Workspace, channel: Record) -> None:
    """Count one message. Without the setting `burst` there is no limit. Raises TooFast."""
    burst = int(workspace.store.table("settings").get("burst") or 0)
    if not burst:
        return
    paces = workspace.store.table("paces")
    pace = paces.setdefault(channel["id"], {"left": burst, "at": workspace.now})
    left = min(burst, pace["left"] + workspace.now - pace["at"])
    if left < 1:
        raise TooFast
    pace.update(left=left - 1, at=workspace.now)
