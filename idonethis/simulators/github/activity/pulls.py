"""Pull requests: https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request"""

from __future__ import annotations

from ...params import BadParam, Params
from ...store import Record
from ..commits import signature
from ..payloads.pull_request import pull_request
from .merging import merged_commits
from .pushes import commits_by, move
from .scene import Scene


async def open_pull_request(scene: Scene, params: Params) -> Record:
    """Open a pull request (`title`, `body`, `branch`, `draft`, `labels`, `commits` or their
    `messages`)."""
    pull = new_pull(scene, params)
    scene.repository["pulls"][str(pull["number"])] = pull
    await tell(scene, pull, "opened")
    return {"number": pull["number"]}


def new_pull(scene: Scene, params: Params) -> Record:
    number = scene.number()
    title = params.text("title", "Print the Bernoulli numbers")
    parts = [f"{title}, part {part + 1}" for part in range(params.number("commits", 2))]
    messages = params.names("messages") or parts
    commits = commits_by(scene, signature(scene.actor), messages)
    base = scene.repository["default_branch"]
    return {
        **dict.fromkeys(("merge_commit_sha", "merged_by", "closed_at", "merged_at")),
        **dict.fromkeys(("created_at", "updated_at"), scene.now),
        "id": scene.world.store.next_id("pull request", 279_100_001),
        "number": number,
        "state": "open",
        "title": title,
        "body": params.text("body", ""),
        "draft": params.flag("draft"),
        "user": scene.actor["login"],
        "assignees": params.names("assignees"),
        "labels": params.names("labels"),
        "author_association": scene.association,
        "commits": commits,
        "head_ref": params.text("branch", f"{scene.actor['login']}-patch-{number}"),
        "head_sha": commits[-1]["id"],
        "base_ref": base,
        "base_sha": scene.repository["heads"][base],
    }


async def merge_pull_request(scene: Scene, params: Params) -> Record:
    """Merge pull request `number` by `method` (merge, squash, rebase); the push follows."""
    pull = open_one(scene, params)
    method = params.text("method", "merge")
    commits = merged_commits(scene, pull, method)
    pull.update(merge_commit_sha=commits[-1]["id"], merged_by=scene.actor["login"])
    pull.update(state="closed", merged_at=scene.now, closed_at=scene.now, updated_at=scene.now)
    order = params.names("order") or ["pull_request", "push"]
    for event in order:
        if event == "push":
            await move(scene, pull["base_ref"], commits, kind="pr_merge")
        else:
            await tell(scene, pull, "closed")
    return {"number": pull["number"], "merge_commit_sha": pull["merge_commit_sha"]}


async def close_pull_request(scene: Scene, params: Params) -> Record:
    """Close pull request `number` without merging it."""
    pull = open_one(scene, params)
    pull.update(state="closed", closed_at=scene.now, updated_at=scene.now)
    await tell(scene, pull, "closed")
    return {"number": pull["number"]}


async def reopen_pull_request(scene: Scene, params: Params) -> Record:
    """Reopen pull request `number`, which must be closed and not merged."""
    pull = scene.thing("pulls", params)
    if pull["state"] == "open" or pull["merged_at"]:
        raise BadParam(f"pull request {pull['number']} is open or merged; nothing was changed")
    pull.update(state="open", closed_at=None, updated_at=scene.now)
    await tell(scene, pull, "reopened")
    return {"number": pull["number"]}


async def retitle_pull_request(scene: Scene, params: Params) -> Record:
    """Give pull request `number` another `title`."""
    pull = scene.thing("pulls", params)
    changes = {"title": {"from": pull["title"]}}
    pull.update(title=params.text("title"), updated_at=scene.now)
    await tell(scene, pull, "edited", changes=changes)
    return {"number": pull["number"]}


def open_one(scene: Scene, params: Params) -> Record:
    pull = scene.thing("pulls", params)
    if pull["state"] != "open":
        raise BadParam(f"pull request {pull['number']} is not open; nothing was changed")
    return pull


async def tell(scene: Scene, pull: Record, action: str, **more: Record) -> None:
    shown = pull_request(scene.place, pull)
    number = {"action": action, "number": pull["number"]}
    await scene.send("pull_request", {**number, "pull_request": shown, **more})
