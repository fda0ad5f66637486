"""Repositories."""

from __future__ import annotations

from datetime import datetime

from ...store import Record
from .people import user
from .web import Web, node_id

# Resource under the repository's API address -> URI template (RFC 6570) that ends it.
TEMPLATES = {
    "forks": "forks",
    "keys": "keys{/key_id}",
    "collaborators": "collaborators{/collaborator}",
    "teams": "teams",
    "hooks": "hooks",
    "issue_events": "issues/events{/number}",
    "events": "events",
    "assignees": "assignees{/user}",
    "branches": "branches{/branch}",
    "tags": "tags",
    "blobs": "git/blobs{/sha}",
    "git_tags": "git/tags{/sha}",
    "git_refs": "git/refs{/sha}",
    "trees": "git/trees{/sha}",
    "statuses": "statuses/{sha}",
    "languages": "languages",
    "stargazers": "stargazers",
    "contributors": "contributors",
    "subscribers": "subscribers",
    "subscription": "subscription",
    "commits": "commits{/sha}",
    "git_commits": "git/commits{/sha}",
    "comments": "comments{/number}",
    "issue_comment": "issues/comments{/number}",
    "contents": "contents/{+path}",
    "compare": "compare/{base}...{head}",
    "merges": "merges",
    "archive": "{archive_format}{/ref}",
    "downloads": "downloads",
    "issues": "issues{/number}",
    "pulls": "pulls{/number}",
    "milestones": "milestones{/number}",
    "notifications": "notifications{?since,all,participating}",
    "labels": "labels{/name}",
    "releases": "releases{/id}",
    "deployments": "deployments",
}
# What every repository here is like.
USUAL: Record = {
    "homepage": None,
    "size": 1834,
    "stargazers_count": 0,
    "watchers_count": 0,
    "language": "Ada",
    "has_issues": True,
    "has_projects": True,
    "has_downloads": True,
    "has_wiki": False,
    "has_pages": False,
    "has_discussions": False,
    "forks_count": 0,
    "mirror_url": None,
    "archived": False,
    "disabled": False,
    "license": None,
    "allow_forking": True,
    "is_template": False,
    "web_commit_signoff_required": False,
    "topics": [],
    "forks": 0,
    "watchers": 0,
}
LEVELS = ["pull", "triage", "push", "maintain", "admin"]


def repository(web: Web, record: Record, owner: Record) -> Record:
    """A repository as hooks carry it."""
    name = record["full_name"]
    open_issues = sum(
        thing["state"] == "open" for key in ("issues", "pulls") for thing in record[key].values()
    )
    return {
        "id": record["id"],
        "node_id": node_id("Repository", record["id"]),
        "name": record["name"],
        "full_name": name,
        "private": record["private"],
        "owner": user(web, owner),
        "html_url": web.page(name),
        "description": record["description"],
        "fork": False,
        "url": web.api("repos", name),
        **{f"{key}_url": web.api("repos", name, end) for key, end in TEMPLATES.items()},
        **{key: record[key] for key in ("created_at", "updated_at", "pushed_at")},
        **clone_addresses(web, name),
        **counts(open_issues),
        "default_branch": record["default_branch"],
    }


def clone_addresses(web: Web, name: str) -> Record:
    host = web.origin.split("//", 1)[1]
    return {
        "git_url": f"git://{host}/{name}.git",
        "ssh_url": f"git@{host}:{name}.git",
        "clone_url": web.page(f"{name}.git"),
        "svn_url": web.page(name),
    }


def counts(open_issues: int) -> Record:
    return {**USUAL, "open_issues": open_issues, "open_issues_count": open_issues}


def visible(record: Record) -> Record:
    return {"visibility": "private" if record["private"] else "public"}


def with_permissions(web: Web, record: Record, owner: Record, *, level: str) -> Record:
    """A repository as the API shows it to an account that has that level there."""
    reach = LEVELS.index(level) if level else -1
    permissions = {name: LEVELS.index(name) <= reach for name in reversed(LEVELS)}
    return {**repository(web, record, owner), **visible(record), "permissions": permissions}


def pushed(web: Web, record: Record, owner: Record) -> Record:
    """A repository as `push` carries it: older than the rest of the API, with epoch seconds."""
    body = {**repository(web, record, owner), **visible(record)}
    person = {"name": owner["login"], "email": owner.get("noreply")}
    extra = {"organization": owner["login"]} if owner["type"] == "Organization" else {}
    return {
        **body,
        "url": web.page(record["full_name"]),
        "owner": {**person, **body["owner"]},
        "created_at": epoch(record["created_at"]),
        "pushed_at": epoch(record["pushed_at"]),
        "stargazers": 0,
        "master_branch": record["default_branch"],
        **extra,
    }


def epoch(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
