"""What pretend GitLab lists of a project: https://docs.gitlab.com/api/rest/#pagination

Its lists name no ids of releases, which its webhooks do; GraphQL has them:
https://docs.gitlab.com/api/graphql/reference/#release"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .app import Planning
from .forge import NAME, SITE, answered, since

API = "/api/v4"
#: The most that is shown at once.
MOST = 100
#: The levels of a maintainer and of a developer: https://docs.gitlab.com/api/access_requests/
PEOPLE: Record = {
    "ada": {"id": 1815, "username": "ada", "name": "Ada Lovelace", "level": 40},
    "grace": {"id": 1906, "username": "grace", "name": "Grace Hopper", "level": 30},
}
PROJECT = 42
FACTS: Record = {
    "id": PROJECT,
    "path_with_namespace": NAME,
    "web_url": f"{SITE}/{NAME}",
    "default_branch": "main",
}
#: Of a thing that the partner keeps, what it shows of itself.
SHOWN = ("id", "title", "state", "created_at", "updated_at")
LABELS = ("maintenance",)


def person(name: str) -> Record:
    known = PEOPLE[name]
    return {part: known[part] for part in ("id", "username", "name")}


def address_of(thing: Record) -> str:
    kind = "merge_requests" if thing.get("pull") else "issues"
    return f"{SITE}/{NAME}/-/{kind}/{thing['number']}"


def _shown(thing: Record) -> Record:
    return {
        **{name: thing.get(name) for name in SHOWN},
        "iid": thing["number"],
        "project_id": PROJECT,
        "web_url": address_of(thing),
        "author": person(thing.get("author", "grace")),
        "assignees": [person(each) for each in thing.get("assignees", ())],
        "labels": list(LABELS),
    }


def issue_of(thing: Record) -> Record:
    """https://docs.gitlab.com/api/issues/#list-project-issues"""
    number = thing.get("duplicate_of")
    original = f"{SITE}{API}/projects/{PROJECT}/issues/{number}" if number else None
    return {
        **_shown(thing),
        "closed_at": thing.get("done_at"),
        "closed_by": person(thing["closer"]) if thing.get("closer") else None,
        "confidential": bool(thing.get("confidential")),
        "moved_to_id": thing.get("moved_to_id"),
        "_links": {"closed_as_duplicate_of": original},
    }


def request_of(thing: Record) -> Record:
    """https://docs.gitlab.com/api/merge_requests/#list-project-merge-requests"""
    by = person(thing["closer"]) if thing.get("closer") else None
    return {
        **_shown(thing),
        "merged_at": thing.get("done_at"),
        "merged_by": by,
        "merge_user": by,
        "reviewers": [],
        "target_branch": "main",
        "sha": tip_of(thing),
        "merge_commit_sha": None,
    }


def tip_of(thing: Record) -> str:
    return f"{thing['number']:040x}"


async def project(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """https://docs.gitlab.com/api/projects/#retrieve-a-project"""
    return answered(request, FACTS)


async def issues(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    things = [each for each in partner.things.values() if not each.get("pull")]
    return _listed(partner, request, [issue_of(each) for each in things])


async def requests(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    things = [each for each in partner.things.values() if each.get("pull")]
    return _listed(partner, request, [request_of(each) for each in things])


def _listed(partner: Planning, request: Request, things: Sequence[Record]) -> Response:
    asked = request.query_params
    order = asked.get("order_by", "created_at")
    found = [
        each
        for each in things
        if asked.get("state", "all") in ("all", each["state"])
        and since(each, asked.get("updated_after", ""))
    ]
    found.sort(key=lambda each: each[order] or "", reverse=asked.get("sort", "desc") == "desc")
    return _paged(partner, request, found)


def _paged(partner: Planning, request: Request, found: Sequence[Record]) -> Response:
    """Of many, GitLab does not say how many there are."""
    asked, most = request.query_params, int(partner.settings.get("most", MOST))
    size, number = min(int(asked.get("per_page", 20)), most), int(asked.get("page", 1))
    begin, end = size * (number - 1), size * number
    headers = {"X-Page": str(number), "X-Per-Page": str(size)}
    headers["X-Next-Page"] = str(number + 1) if end < len(found) else ""
    if not partner.settings.get("many"):
        headers["X-Total"] = str(len(found))
    return answered(request, list(found[begin:end]), headers=headers)


async def graphql(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """Releases alone, and newest first where that is asked for."""
    query, asked = str(said.get("query")), said.get("variables") or {}
    if partner.settings.get("slow"):
        return _refused("Timeout on Project.releases", "")
    if partner.settings.get("old") and " id " in query:
        return _refused("Field 'id' doesn't exist on type 'Release'", "undefinedField")
    if "releases (sort: RELEASED_AT_DESC" not in query:
        return _refused("Nothing else is pretended.", "undefinedField")
    is_here = asked.get("project") == NAME
    shown = {"releases": _releases(partner, int(asked.get("after") or 0))} if is_here else None
    return answered(request, {"data": {"project": shown}})


def _refused(message: str, code: str) -> Response:
    """https://graphql-ruby.org/errors/overview.html: with 200, too."""
    return JSONResponse({"errors": [{"message": message, "extensions": {"code": code}}]})


def _releases(partner: Planning, begin: int) -> Record:
    made = sorted(partner.store.table("releases").values(), key=lambda each: each["released_at"])
    size = int(partner.settings.get("most", MOST))
    nodes = [_release(each) for each in made[::-1][begin : begin + size]]
    end = begin + len(nodes)
    return {"nodes": nodes, "pageInfo": {"hasNextPage": end < len(made), "endCursor": str(end)}}


def _release(made: Record) -> Record:
    return {
        "id": f"gid://gitlab/Release/{made['id']}",
        "tagName": made["tag"],
        "createdAt": made["created_at"],
        "releasedAt": made["released_at"],
        "links": {"selfUrl": made["url"]},
    }
