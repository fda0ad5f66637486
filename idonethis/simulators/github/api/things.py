"""What was done before: issues, pull requests, commits of a branch, and releases.

Sources: https://docs.github.com/en/rest/issues/issues, .../rest/pulls/pulls, .../rest/releases
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from ...store import Record
from ..errors import not_found
from ..payloads.issue import issue
from ..payloads.place import Place
from ..payloads.pull_request import pull_request
from ..payloads.release import release
from .call import Call
from .paging import paged


async def pulls(call: Call) -> Response:
    place = place_of(call)
    found = in_state(call, place.repository["pulls"])
    return paged(call, [pull_request(place, record) for record in found])


async def pull(call: Call) -> Response:
    place = place_of(call)
    return JSONResponse(pull_request(place, numbered(call, place.repository["pulls"])))


async def issues(call: Call) -> Response:
    place = place_of(call)
    found = in_state(call, place.repository["issues"])
    return paged(call, [issue(place, record) for record in found])


async def one_issue(call: Call) -> Response:
    place = place_of(call)
    return JSONResponse(issue(place, numbered(call, place.repository["issues"])))


async def releases(call: Call) -> Response:
    place = place_of(call)
    newest_first = reversed(place.repository["releases"].values())
    return paged(call, [release(place, record) for record in newest_first])


def place_of(call: Call) -> Place:
    repository = call.repository
    owner = call.world.repositories.owner(repository)
    return Place(call.web, repository, owner, call.world.accounts)


def in_state(call: Call, things: Record) -> list[Record]:
    """Newest first; open ones unless ?state= says closed or all; ?since= is by last change."""
    state, since = call.query("state", "open"), call.query("since", "")
    kept = [r for r in things.values() if state in ("all", r["state"]) and r["updated_at"] >= since]
    return sorted(kept, key=lambda record: int(record["number"]), reverse=True)


def numbered(call: Call, things: Record) -> Record:
    record: Record | None = things.get(call.request.path_params["number"])
    if record is None:
        raise not_found()
    return record
