"""The world on the first day."""

from __future__ import annotations

from datetime import datetime

from ..store import Record
from .commits import GITHUB_ITSELF, NO_COMMIT, new_commit

CREATED = "2025-01-06T08:00:00Z"
CREATED_AT = datetime.fromisoformat(CREATED).timestamp()


def seed() -> Record:
    return {
        "accounts": accounts(),
        "organizations": {
            "analytical": {"id": 1837, "login": "analytical", "type": "Organization"}
        },
        "repositories": {repository["full_name"]: repository for repository in repositories()},
        "hooks": {},
        "deliveries": {},
        "sequence": {},
        "settings": {},
    }


def accounts() -> Record:
    people = [
        person("ada", 1815, "Ada Lovelace"),
        person("grace", 1906, "Grace Hopper", private_email=True),
        {
            **person("mallory", 6666, "Mallory", signs_in=False),
            **one_address("mallory@example.net"),
        },
        person("babbage", 1791, "Charles Babbage", signs_in=False),
        {
            **person("dependabot[bot]", 49699333, "dependabot[bot]", signs_in=False),
            "type": "Bot",
            "email": "49699333+dependabot[bot]@users.noreply.github.com",
        },
    ]
    return {account["login"]: account for account in people}


def person(
    login: str, number: int, name: str, *, signs_in: bool = True, private_email: bool = False
) -> Record:
    """private_email: commits carry the noreply address, as GitHub offers in its settings."""
    email = f"{login}@example.org"
    noreply = f"{number}+{login}@users.noreply.github.com"
    return {
        "id": number,
        "login": login,
        "name": name,
        "type": "User",
        "email": email,
        "noreply": noreply,
        "commit_email": noreply if private_email else email,
        "signs_in": signs_in,
    }


def one_address(email: str) -> Record:
    return {"email": email, "commit_email": email}


def repositories() -> list[Record]:
    both = {"ada": "admin", "grace": "admin"}
    return [
        repository("analytical/engine", 186853, both, description="The engine itself"),
        repository("analytical/secret-plans", 186854, both, private=True),
        repository("ada/notes", 186855, {"ada": "admin"}, description="Notes on the engine"),
        repository("babbage/difference-engine", 186856, {"babbage": "admin", "ada": "push"}),
        repository("mallory/heist", 186857, {"mallory": "admin"}),
    ]


def repository(
    full_name: str, number: int, permissions: dict[str, str], **facts: str | bool
) -> Record:
    owner, name = full_name.split("/")
    first = new_commit("Begin", GITHUB_ITSELF, committer=GITHUB_ITSELF, now=CREATED_AT)
    return {
        "id": number,
        "name": name,
        "full_name": full_name,
        "owner": owner,
        "private": False,
        "description": None,
        "default_branch": "main",
        "permissions": permissions,
        "heads": {"main": first["id"]},
        "commits": [first],
        "activity": [birth(first)],
        "created_at": CREATED,
        "updated_at": CREATED,
        "pushed_at": CREATED,
        "pulls": {},
        "issues": {},
        "releases": {},
        **facts,
    }


def birth(first: Record) -> Record:
    """The first of all activities: the branch was made."""
    return {
        "id": int(first["id"][:8], 16),
        **{"ref": "refs/heads/main", "before": NO_COMMIT, "after": first["id"]},
        "commits": [first["id"]],
        "activity_type": "branch_creation",
        "actor": "ada",
        "timestamp": CREATED,
    }
