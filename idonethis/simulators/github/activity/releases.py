"""Releases: https://docs.github.com/en/webhooks/webhook-events-and-payloads#release"""

from __future__ import annotations

from ...params import BadParam, Params
from ...store import Record
from ..commits import NO_COMMIT
from ..payloads.push import Move, push
from ..payloads.release import release as payload
from .scene import Scene

# A release that was no draft before is created, published and released at one moment.
ACTIONS = ("created", "published", "released")
PRERELEASE_ACTIONS = ("created", "published", "prereleased")


async def publish_release(scene: Scene, params: Params) -> Record:
    """Publish a release of a new tag (`tag`, `title`, `body`, `prerelease`)."""
    record = new_release(scene, params)
    releases = scene.repository["releases"]
    if any(known["tag_name"] == record["tag_name"] for known in releases.values()):
        raise BadParam(f"tag {record['tag_name']} is taken; nothing was changed")
    releases[str(record["id"])] = record
    await tag(scene, record["tag_name"])
    shown = payload(scene.place, record)
    for action in PRERELEASE_ACTIONS if record["prerelease"] else ACTIONS:
        await scene.send("release", {"action": action, "release": shown})
    return {"release": record["id"], "tag": record["tag_name"]}


def new_release(scene: Scene, params: Params) -> Record:
    count = len(scene.repository["releases"])
    tag_name = params.text("tag", f"v1.{count}.0")
    return {
        "id": scene.world.store.next_id("release", 17_300_001),
        "user": scene.actor["login"],
        "tag_name": tag_name,
        "target_commitish": scene.repository["default_branch"],
        "name": params.text("title", tag_name),
        "body": params.text("body", "") or None,
        "prerelease": params.flag("prerelease"),
        "created_at": scene.now,
    }


async def tag(scene: Scene, name: str) -> None:
    """A new tag makes a create event and a push without commits."""
    repository = scene.repository
    created = {
        "ref": name,
        "ref_type": "tag",
        "master_branch": repository["default_branch"],
        "description": repository["description"],
        "pusher_type": "user",
    }
    await scene.send("create", created)
    sha = repository["heads"][repository["default_branch"]]
    head = next((c for c in repository.get("commits", []) if c["id"] == sha), None)
    tagged = Move(f"refs/tags/{name}", NO_COMMIT, sha, head=head)
    await scene.send_push(push(scene.web, scene.name, tagged))
