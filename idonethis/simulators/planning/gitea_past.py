"""What pretend Gitea lists of a repository: https://docs.gitea.com/api/

Lists begin with what was made last, and say in a header how much there is:
https://docs.gitea.com/development/api-usage#pagination"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .app import Planning
from .forge import NAME, SITE, answered, since

#: The most that is shown at once: https://docs.gitea.com/administration/config-cheat-sheet#api-api
MOST = 50
LOST = JSONResponse({"errors": None, "message": "The target couldn't be found."}, 404)
PEOPLE: Record = {
    "ada": {"id": 1815, "login": "ada", "full_name": "Ada Lovelace", "admin": True},
    "grace": {"id": 1906, "login": "grace", "full_name": "Grace Hopper", "admin": False},
}
OWNER, SHORT = NAME.split("/")
REPOSITORY: Record = {
    "id": 42,
    "name": SHORT,
    "full_name": NAME,
    "owner": {"id": 7, "login": OWNER},
    "html_url": f"{SITE}/{NAME}",
    "default_branch": "main",
}
#: Of a thing that the partner keeps, what it shows of itself.
SHOWN = ("id", "number", "title", "state", "created_at", "updated_at", "closed_at")


def listed(partner: Planning, request: Request, found: Sequence[Record]) -> Response:
    asked = request.query_params
    size = min(int(asked.get("limit", 30)), int(partner.settings.get("most", MOST)))
    begin = size * (int(asked.get("page", 1)) - 1)
    counted = {"X-Total-Count": str(len(found))}
    return answered(request, list(found[begin : begin + size]), headers=counted)


def person(name: str) -> Record:
    known = PEOPLE[name]
    return {part: known[part] for part in ("id", "login", "full_name")}


def issue_of(thing: Record) -> Record:
    """Who closed it is not told. Of a pull request, only whether it was merged."""
    merged = {"merged": True, "merged_at": thing.get("closed_at")}
    pull, path = thing.get("pull"), "pulls" if thing.get("pull") else "issues"
    return {
        **{name: thing.get(name) for name in SHOWN},
        "html_url": f"{SITE}/{NAME}/{path}/{thing['number']}",
        "user": person(thing.get("author", "grace")),
        "assignees": [person(each) for each in thing.get("assignees", ())] or None,
        "labels": [],
        "pull_request": merged if pull else None,
    }


def pull_of(thing: Record) -> Record:
    """https://docs.gitea.com/api/#tag/repository/operation/repoGetPullRequest"""
    facts = issue_of(thing)
    merged = facts.pop("pull_request")
    by, sha = person(thing["closer"]), f"{thing['number']:040x}"
    return {**facts, **merged, "merged_by": by, "merge_commit_sha": sha, "base": {"ref": "main"}}


async def repository(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return answered(request, REPOSITORY)


async def issues(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """Pull requests, too. https://docs.gitea.com/api/#tag/issue/operation/issueListIssues"""
    asked = request.query_params
    things = sorted(partner.things.values(), key=lambda each: each["number"], reverse=True)
    found = [
        issue_of(each)
        for each in things
        if asked.get("state", "open") in ("all", each["state"])
        and since(each, asked.get("since", ""))
    ]
    return listed(partner, request, found)


async def pull(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.things.get(request.path_params["number"])
    return answered(request, pull_of(found)) if found and found.get("pull") else LOST


async def timeline(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """Oldest first.
    https://docs.gitea.com/api/#tag/issue/operation/issueGetCommentsAndTimeline"""
    found = partner.things.get(request.path_params["number"], {})
    if partner.settings.get("old"):
        return LOST
    if not found.get("closer"):
        return answered(request, [])
    other = next(name for name in PEOPLE if name != found["closer"])
    closed = {"type": "close", "user": person(found["closer"])}
    commented = {"type": "comment", "user": person(other)}
    at = {"created_at": found["closed_at"]}
    return listed(partner, request, [{**closed, **at}, {**commented, **at}])


async def releases(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """https://docs.gitea.com/api/#tag/repository/operation/repoListReleases"""
    made = partner.store.table("releases")
    return listed(partner, request, sorted(made.values(), key=lambda each: -each["id"]))
