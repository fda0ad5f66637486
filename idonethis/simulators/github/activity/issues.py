"""Issues: https://docs.github.com/en/webhooks/webhook-events-and-payloads#issues"""

from __future__ import annotations

from ...params import BadParam, Params
from ...store import Record
from ..payloads.issue import issue as payload
from .scene import Scene

REASONS = ("completed", "not_planned", "duplicate")


async def open_issue(scene: Scene, params: Params) -> Record:
    """Open an issue (`title`, `body`, `labels`, `assignees`)."""
    record = new_issue(scene, params)
    scene.repository["issues"][str(record["number"])] = record
    await tell(scene, record, "opened")
    return {"number": record["number"]}


def new_issue(scene: Scene, params: Params) -> Record:
    return {
        "id": scene.world.store.next_id("issue", 444_500_001),
        "number": scene.number(),
        "state": "open",
        "state_reason": None,
        "title": params.text("title", "The mill loses a tooth"),
        "body": params.text("body", "") or None,
        "user": scene.actor["login"],
        "assignees": params.names("assignees"),
        "labels": params.names("labels"),
        "author_association": scene.association,
        "created_at": scene.now,
        "updated_at": scene.now,
        "closed_at": None,
        "closed_by": None,
    }


async def close_issue(scene: Scene, params: Params) -> Record:
    """Close issue `number`; `reason` is completed, not_planned or duplicate."""
    record = scene.thing("issues", params)
    reason = params.text("reason", "completed")
    if reason not in REASONS or record["state"] != "open":
        raise BadParam(f"an open issue is closed as {', '.join(REASONS)}; nothing was changed")
    record.update(state="closed", state_reason=reason, closed_at=scene.now, updated_at=scene.now)
    record.update(closed_by=scene.actor["login"])
    await tell(scene, record, "closed")
    return {"number": record["number"]}


async def reopen_issue(scene: Scene, params: Params) -> Record:
    """Reopen issue `number`."""
    record = scene.thing("issues", params)
    if record["state"] == "open":
        raise BadParam(f"issue {record['number']} is open; nothing was changed")
    record.update(state="open", state_reason="reopened", closed_at=None, updated_at=scene.now)
    record.update(closed_by=None)
    await tell(scene, record, "reopened")
    return {"number": record["number"]}


async def retitle_issue(scene: Scene, params: Params) -> Record:
    """Give issue `number` another `title`."""
    record = scene.thing("issues", params)
    changes = {"title": {"from": record["title"]}}
    record.update(title=params.text("title"), updated_at=scene.now)
    await tell(scene, record, "edited", changes=changes)
    return {"number": record["number"]}


async def tell(scene: Scene, record: Record, action: str, **more: Record) -> None:
    shown = payload(scene.place, record)
    await scene.send("issues", {"action": action, "issue": shown, **more})
