"""The work of every contestant: a signed GitHub push of about 7.7 kB that compresses as a real one
does, to about a quarter."""

from __future__ import annotations

import hmac
import json
from random import Random

SECRET = "a secret that only the benchmark knows"
WORDS = [
    "mill", "store", "wheel", "column", "carry", "barrel", "card", "lever", "spring", "axis",
    "figure", "digit", "operand", "quotient", "divisor", "loop", "table", "engine", "punch",
    "ratchet", "sector", "tooth", "bolt", "crank", "register", "print", "plate", "type",
]  # fmt: skip


def push() -> bytes:
    chance = Random(1843)
    commits = [_commit(chance) for _ in range(6)]
    repository = {
        "id": 42,
        "node_id": _hex(chance, 24),
        "name": "engine",
        "full_name": "analytical/engine",
        "private": False,
        "owner": _account(chance),
        "html_url": "https://github.com/analytical/engine",
        "default_branch": "main",
        **{
            f"{word}_url": f"https://api.github.com/repos/analytical/engine/{word}s{{/{word}_id}}"
            for word in WORDS
        },
    }
    return json.dumps(
        {
            "ref": "refs/heads/main",
            "before": _hex(chance, 40),
            "after": commits[-1]["id"],
            "repository": repository,
            "pusher": {"name": "ada", "email": "ada@example.org"},
            "sender": _account(chance),
            "created": False,
            "deleted": False,
            "forced": False,
            "compare": f"https://github.com/analytical/engine/compare/{_hex(chance, 12)}",
            "commits": commits,
            "head_commit": commits[-1],
        }
    ).encode()


def _hex(chance: Random, digits: int) -> str:
    return f"{chance.getrandbits(4 * digits):0{digits}x}"


def _account(chance: Random) -> dict[str, object]:
    return {"login": "ada", "id": 1815, "node_id": _hex(chance, 20), "type": "User"}


def _commit(chance: Random) -> dict[str, object]:
    who = {"name": "Ada Lovelace", "email": "ada@example.org", "username": "ada"}
    sha = _hex(chance, 40)
    return {
        "id": sha,
        "tree_id": _hex(chance, 40),
        "distinct": True,
        "message": " ".join(chance.choices(WORDS, k=12)),
        "timestamp": f"2026-11-24T14:{chance.randrange(60):02}:11+00:00",
        "url": f"https://github.com/analytical/engine/commit/{sha}",
        "author": who,
        "committer": who,
        "added": [],
        "removed": [],
        "modified": ["/".join(chance.choices(WORDS, k=3)) + ".py" for _ in range(4)],
    }


def signature(body: bytes) -> str:
    return "sha256=" + hmac.digest(SECRET.encode(), body, "sha256").hex()
