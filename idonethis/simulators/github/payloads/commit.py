"""Commits as the API shows them: https://docs.github.com/en/rest/commits/commits"""

from __future__ import annotations

from ...store import Record
from .people import user
from .place import Place
from .web import node_id

UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None}


def commit(place: Place, record: Record) -> Record:
    """Accounts are null where GitHub knows nobody of that address."""
    sha, api = record["id"], place.api
    return {
        "sha": sha,
        "node_id": node_id("Commit", int(sha[:8], 16)),
        "commit": {
            "author": signed(record, "author"),
            "committer": signed(record, "committer"),
            "message": record["message"],
            "tree": {"sha": record["tree_id"], "url": f"{api}/git/trees/{record['tree_id']}"},
            "url": f"{api}/git/commits/{sha}",
            "comment_count": 0,
            "verification": UNSIGNED,
        },
        "url": f"{api}/commits/{sha}",
        "html_url": place.web.page(place.name, "commit", sha),
        "comments_url": f"{api}/commits/{sha}/comments",
        "author": account(place, record["author"]),
        "committer": account(place, record["committer"]),
        "parents": [],
    }


def signed(record: Record, role: str) -> Record:
    person = record[role]
    return {"name": person["name"], "email": person["email"], "date": record["timestamp"]}


def account(place: Place, signature: Record) -> Record | None:
    known: Record | None = place.accounts.get(signature.get("username", ""))
    return user(place.web, known) if known else None
