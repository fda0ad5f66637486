"""The push event, and the commits inside."""

from __future__ import annotations

from ...store import Record
from ..commits import NO_COMMIT
from .web import Web


def commit(web: Web, full_name: str, record: Record) -> Record:
    return {**record, "url": web.page(full_name, "commit", record["id"])}


def push(
    web: Web,
    full_name: str,
    ref: str,
    *,
    before: str,
    after: str,
    commits: list[Record],
    forced: bool,
) -> Record:
    """The event without repository, pusher and sender.

    The list is empty where a branch is deleted, or where a push only moves a branch to commits
    that the repository had before; head_commit is null only after a deletion.
    """
    shown = [commit(web, full_name, record) for record in commits]
    deleted = after == NO_COMMIT
    return {
        "ref": ref,
        "before": before,
        "after": after,
        "created": before == NO_COMMIT,
        "deleted": deleted,
        "forced": forced,
        "base_ref": None,
        "compare": web.page(full_name, "compare", f"{before[:12]}...{after[:12]}"),
        "commits": shown,
        "head_commit": shown[-1] if shown else None,
    }
