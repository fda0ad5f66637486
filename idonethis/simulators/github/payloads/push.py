"""The push event, and the commits inside."""

from __future__ import annotations

from dataclasses import dataclass

from ...store import Record
from ..commits import NO_COMMIT
from .web import Web


@dataclass(frozen=True)
class Move:
    """A ref that went from one commit to another.

    `commits` are those that came along, oldest first; there are none when a branch is deleted, or
    goes back to what the repository had before. `head` is the commit where the ref is now.
    """

    ref: str
    before: str
    after: str
    head: Record | None
    commits: tuple[Record, ...] = ()
    forced: bool = False


def push(web: Web, full_name: str, move: Move) -> Record:
    """The event without repository, pusher and sender."""
    compared = f"{move.before[:12]}...{move.after[:12]}"
    return {
        "ref": move.ref,
        "before": move.before,
        "after": move.after,
        "created": move.before == NO_COMMIT,
        "deleted": move.after == NO_COMMIT,
        "forced": move.forced,
        "base_ref": None,
        "compare": web.page(full_name, "compare", compared),
        "commits": [commit(web, full_name, record) for record in move.commits],
        "head_commit": commit(web, full_name, move.head) if move.head else None,
    }


def commit(web: Web, full_name: str, record: Record) -> Record:
    return {**record, "url": web.page(full_name, "commit", record["id"])}
