"""What was done before: issues, pull requests, their reviews, and releases.

Sources: https://docs.github.com/en/rest/issues/issues, .../rest/pulls, .../rest/releases
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from ...store import Record
from ..errors import not_found
from ..payloads.issue import issue
from ..payloads.people import user
from ..payloads.place import Place
from ..payloads.pull_request import pull_request, review
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


async def reviews(call: Call) -> Response:
    """Oldest first; here, and not in hooks, their state is in capitals."""
    place, pull = place_of(call), numbered(call, call.repository["pulls"])
    found = [
        review(place, pull, record=record, account=place.accounts[record["user"]])
        for record in pull.get("reviews", [])
    ]
    return paged(call, [{**each, "state": each["state"].upper()} for each in found])


async def issues(call: Call) -> Response:
    """Pull requests are issues, too. Who closed one, only the issue itself says."""
    place = place_of(call)
    things = {**place.repository["issues"], **place.repository["pulls"]}
    return paged(call, [issue(place, record) for record in in_state(call, things)])


async def one_issue(call: Call) -> Response:
    place = place_of(call)
    things = {**place.repository["issues"], **place.repository["pulls"]}
    record = numbered(call, things)
    closer = place.accounts.get(record.get("closed_by") or record.get("merged_by") or "")
    closed_by = user(place.web, closer) if closer else None
    return JSONResponse({**issue(place, record), "closed_by": closed_by})


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
    order = {"created": "created_at", "updated": "updated_at"}[call.query("sort", "created")]
    newest_first = call.query("direction", "desc") != "asc"
    return sorted(kept, key=lambda r: (r[order], r["number"]), reverse=newest_first)


def numbered(call: Call, things: Record) -> Record:
    record: Record | None = things.get(call.request.path_params["number"])
    if record is None:
        raise not_found()
    return record
