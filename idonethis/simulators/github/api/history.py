"""What became of branches, and the commits between: https://docs.github.com/en/rest/repos/repos and
https://docs.github.com/en/rest/commits/commits"""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import JSONResponse, Response

from ...store import Record
from ..commits import NO_COMMIT, moment
from ..errors import ApiError, not_found
from ..payloads.commit import commit
from ..payloads.people import user
from ..payloads.web import node_id
from .call import Call
from .paging import by_neighbour, paged, per_page
from .things import place_of

PERIODS = {"day": 1, "week": 7, "month": 30, "quarter": 90, "year": 365}


async def activity(call: Call) -> Response:
    """Newest first, unless ?direction=asc."""
    found = [act for act in call.repository.get("activity", []) if meets(call, act)]
    if call.query("direction", "desc") != "asc":
        found.reverse()
    return by_neighbour(call, found, show=lambda act: shown(call, act))


def meets(call: Call, act: Record) -> bool:
    ref, kind = call.query("ref", ""), call.query("activity_type", "")
    period, actor = call.query("time_period", ""), call.query("actor", "")
    if period and period not in PERIODS:
        raise ApiError(422, "Validation Failed")
    days = timedelta(days=PERIODS.get(period, 36500)).total_seconds()
    return (
        ref in ("", act["ref"], act["ref"].removeprefix("refs/heads/"))
        and kind in ("", act["activity_type"])
        and actor in ("", act["actor"])
        and act["timestamp"] >= moment(call.world.store.now() - days)
    )


def shown(call: Call, act: Record) -> Record:
    who: Record | None = call.world.accounts.get(act["actor"])
    keys = ("id", "before", "after", "ref", "timestamp", "activity_type")
    return {
        **{key: act[key] for key in keys},
        "node_id": node_id("Activity", act["id"]),
        "actor": user(call.web, who) if who else None,
    }


async def compare(call: Call) -> Response:
    """The commits that came between two of a branch, oldest first."""
    base, dots, head = call.request.path_params["basehead"].partition("...")
    commits = between(call.repository, base, head) if dots else None
    if commits is None:
        raise not_found()
    place, size, page = place_of(call), per_page(call), int(call.query("page", "1"))
    address = place.web.page(place.name, "compare", f"{base}...{head}")
    around: Record = {
        "url": f"{place.api}/compare/{base}...{head}",
        "html_url": address,
        "status": "ahead" if commits else "identical",
        "ahead_by": len(commits),
        "behind_by": 0,
        "total_commits": len(commits),
        "files": [],
    }
    some = commits[(page - 1) * size : page * size]
    return JSONResponse({**around, "commits": [commit(place, record) for record in some]})


def between(repository: Record, base: str, head: str) -> list[Record] | None:
    """None where the repository does not know how one led to the other."""
    led = {act["after"]: act for act in repository.get("activity", [])}
    known = {record["id"]: record for record in repository["commits"]}
    found: list[Record] = []
    while head != base:
        if head not in led or led[head]["before"] == head:
            return None
        act = led.pop(head)
        found = [known[sha] for sha in act["commits"] if sha in known] + found
        head = act["before"]
    return found


async def commits(call: Call) -> Response:
    """Of a branch, or of all that led to the commit ?sha=; newest first."""
    repository, place = call.repository, place_of(call)
    branch = call.query("sha", repository["default_branch"])
    head = repository["heads"].get(branch, branch)
    found = between(repository, NO_COMMIT, head)
    if found is None:
        raise not_found()
    since = call.query("since", "")
    newest_first = [record for record in reversed(found) if record["timestamp"] >= since]
    return paged(call, [commit(place, record) for record in newest_first])
