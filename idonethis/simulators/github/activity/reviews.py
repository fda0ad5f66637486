"""Reviews, and remarks on single lines.

https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request_review
https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request_review_comment
"""

from __future__ import annotations

from ...params import BadParam, Params
from ...store import Record
from ..payloads.pull_request import inside_review, remark, review
from .scene import Scene

REVIEWS = ("approved", "changes_requested", "commented")


async def submit_review(scene: Scene, params: Params) -> Record:
    """Review pull request `number`: `state` is approved, changes_requested or commented; `remarks`
    on so many lines come with it."""
    pull = scene.thing("pulls", params)
    state = params.text("state", "approved")
    if state not in REVIEWS:
        raise BadParam(f"a review is one of {', '.join(REVIEWS)}")
    record = {
        "id": scene.world.store.next_id("review", 237_800_001),
        "body": params.text("body", "") or None,
        "state": state,
        "submitted_at": scene.now,
        "author_association": scene.association,
    }
    pull.setdefault("reviews", []).append({**record, "user": scene.actor["login"]})
    pull.update(updated_at=scene.now)
    payload = {
        "action": "submitted",
        "review": review(scene.place, pull, record=record, account=scene.actor),
        "pull_request": inside_review(scene.place, pull),
    }
    await scene.send("pull_request_review", payload)
    for line in range(params.number("remarks", 0)):
        await make_remark(scene, pull, record, line=line + 1)
    return {"number": pull["number"], "review": record["id"]}


async def make_remark(scene: Scene, pull: Record, of: Record, *, line: int) -> None:
    made = {"id": scene.world.store.next_id("remark", 284_300_001), "line": line, "at": scene.now}
    shown = remark(scene.place, pull, record=made, of=of, account=scene.actor)
    payload = {"action": "created", "comment": shown}
    payload["pull_request"] = inside_review(scene.place, pull)
    await scene.send("pull_request_review_comment", payload)
