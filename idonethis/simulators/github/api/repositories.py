"""Repositories: https://docs.github.com/en/rest/repos/repos and .../rest/search"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from ...store import Record
from ..errors import ApiError
from ..payloads.repository import with_permissions
from ..repositories import level, may_see
from .call import Call
from .paging import paged

SORTS = {"full_name": "full_name", "created": "created_at", "updated": "updated_at"}
SORTS["pushed"] = "pushed_at"


async def mine(call: Call) -> Response:
    """Those where the account has an explicit permission; private ones with the repo scope."""
    login = call.account["login"]
    found = [
        repository
        for repository in call.world.repositories.all()
        if level(repository, login) and may_see(repository, login, call.scopes)
    ]
    return paged(
        call, [shown(call, repository) for repository in in_order(call, wanted(call, found))]
    )


def wanted(call: Call, found: list[Record]) -> list[Record]:
    visibility = call.query("visibility", call.query("type", "all"))
    if visibility not in ("public", "private"):
        return found
    return [
        repository for repository in found if repository["private"] == (visibility == "private")
    ]


def in_order(call: Call, found: list[Record]) -> list[Record]:
    sort = call.query("sort", "full_name")
    if sort not in SORTS:
        raise ApiError(422, "Validation Failed")
    usual = "asc" if sort == "full_name" else "desc"
    backwards = call.query("direction", usual) == "desc"
    return sorted(found, key=lambda repository: str(repository[SORTS[sort]]), reverse=backwards)


async def one(call: Call) -> Response:
    """One repository comes with counts that lists leave out."""
    counts = {"network_count": 0, "subscribers_count": 1}
    return JSONResponse({**shown(call, call.repository), **counts})


async def search(call: Call) -> Response:
    """Words in the name or the description, and the qualifiers user:, org: and is:."""
    words = call.query("q", "").lower().split()
    if not words:
        error = {"resource": "Search", "field": "q", "code": "missing"}
        raise ApiError(422, "Validation Failed", errors=[error])
    found = [
        repository
        for repository in call.world.repositories.all()
        if may_see(repository, call.login, call.scopes)
        and all(matches(repository, word) for word in words)
    ]
    around = {"total_count": len(found), "incomplete_results": False}
    items = [{**shown(call, repository), "score": 1.0} for repository in found]
    return paged(call, items, around=around)


def matches(repository: Record, word: str) -> bool:
    qualifier, colon, value = word.partition(":")
    if not colon:
        return word in f"{repository['full_name']} {repository['description'] or ''}".lower()
    if qualifier in ("user", "org"):
        return bool(repository["owner"].lower() == value)
    if qualifier == "is" and value in ("public", "private"):
        return bool(repository["private"] == (value == "private"))
    return True


def shown(call: Call, repository: Record) -> Record:
    owner = call.world.repositories.owner(repository)
    return with_permissions(call.web, repository, owner, level=level(repository, call.login))
