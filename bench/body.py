"""What is sent: signed bodies of GitHub's, of about 8 kB, that compress as real ones do, to about a
quarter. A push is the work of every contestant; a merged pull request becomes an entry of its
own."""

from __future__ import annotations

import hmac
import json
from functools import cache
from random import Random

SECRET = "a secret that only the benchmark knows"
#: Of the link, in its address.
TOKEN = "t"
HOOK = f"/integrations/github/hook/{TOKEN}"
WORDS = [
    "mill", "store", "wheel", "column", "carry", "barrel", "card", "lever", "spring", "axis",
    "figure", "digit", "operand", "quotient", "divisor", "loop", "table", "engine", "punch",
    "ratchet", "sector", "tooth", "bolt", "crank", "register", "print", "plate", "type",
]  # fmt: skip


#: What stands in a pull request wherever its number does.
FIRST = 9_000_000


def push() -> bytes:
    chance = Random(1843)
    commits = [_commit(chance) for _ in range(6)]
    return json.dumps(
        {
            "ref": "refs/heads/main",
            "before": _hex(chance, 40),
            "after": commits[-1]["id"],
            "repository": _repository(chance),
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


def merged(number: int) -> bytes:
    """A pull request of its own for each number below a million."""
    return _merged().replace(b"%d" % FIRST, b"%d" % (FIRST + number))


@cache
def _merged() -> bytes:
    chance = Random(1815)
    places = {name: {"ref": name, "repo": _repository(chance)} for name in ("head", "base")}
    pull = {
        "id": FIRST,
        "number": FIRST,
        "title": f"Cast gear {FIRST} of the {' '.join(chance.choices(WORDS, k=3))}",
        "body": " ".join(chance.choices(WORDS, k=120)),
        "state": "closed",
        "html_url": f"https://github.com/analytical/engine/pull/{FIRST}",
        "merged": True,
        "merge_commit_sha": f"{_hex(chance, 33)}{FIRST}",
        "user": _account(chance),
        "labels": [],
        "assignees": [],
        **places,
    }
    said = {"action": "closed", "number": FIRST, "pull_request": pull}
    said |= {"repository": _repository(chance), "sender": _account(chance)}
    return json.dumps(said).encode()


def _repository(chance: Random) -> dict[str, object]:
    return {
        "id": 42,
        "node_id": _hex(chance, 24),
        "name": "engine",
        "full_name": "analytical/engine",
        "private": False,
        "default_branch": "main",
        "owner": _account(chance),
        "html_url": "https://github.com/analytical/engine",
        **{
            f"{word}_url": f"https://api.github.com/repos/analytical/engine/{word}s{{/{word}_id}}"
            for word in WORDS
        },
    }


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
