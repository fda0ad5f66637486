"""Commits as records, and the hours they were made."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from ..store import Record

NO_COMMIT = "0" * 40
GITHUB_ITSELF = {"name": "GitHub", "email": "noreply@github.com", "username": "web-flow"}


def new_sha() -> str:
    return secrets.token_hex(20)


def moment(now: float) -> str:
    """ISO 8601 in UTC to the second, as GitHub writes all its times."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signature(account: Record) -> Record:
    """Name, address and login of an account in a commit."""
    email = account.get("commit_email", account["email"])
    return {"name": account["name"], "email": email, "username": account["login"]}


def new_commit(message: str, author: Record, *, committer: Record, now: float) -> Record:
    """author and committer are signatures."""
    return {
        "id": new_sha(),
        "tree_id": new_sha(),
        "distinct": True,
        "message": message,
        "timestamp": moment(now),
        "author": author,
        "committer": committer,
        "added": [],
        "removed": [],
        "modified": ["README.md"],
    }
