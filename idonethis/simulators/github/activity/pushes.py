"""Pushes: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push"""

from __future__ import annotations

from ...params import BadParam, Params
from ...store import Record
from ..commits import NO_COMMIT, new_commit, new_sha, signature
from ..payloads.push import push as payload
from .scene import Scene

MESSAGES = [
    "Carry the tens without losing any",
    "Oil the mill",
    "Print the Bernoulli numbers",
    "Let the cards decide which way to turn",
    "Count the turns of the handle",
]


async def push(scene: Scene, params: Params) -> Record:
    """Push `commits` (a number, or `messages`) to `branch`, or `force`, or `delete` the branch."""
    branch = params.text("branch", scene.repository["default_branch"])
    if params.flag("delete"):
        return await delete_branch(scene, branch)
    commits = commits_asked(scene, params)
    sha = await move(scene, branch, commits, forced=params.flag("force"))
    return {"branch": branch, "after": sha, "commits": [commit["id"] for commit in commits]}


def commits_asked(scene: Scene, params: Params) -> list[Record]:
    count = params.number("commits", 1)
    messages = params.get("messages") or [MESSAGES[i % len(MESSAGES)] for i in range(count)]
    return commits_by(scene, author_asked(scene, params), [str(message) for message in messages])


def author_asked(scene: Scene, params: Params) -> Record:
    """`author`: a login (else the actor), or {name, email} of somebody GitHub does not know."""
    author = params.get("author")
    if isinstance(author, dict):
        if not {"name", "email"} <= author.keys():
            raise BadParam("an author is a login, or an object with name and email")
        return {"name": author["name"], "email": author["email"]}
    return signature(scene.world.account(params, "author", scene.actor["login"]))


def commits_by(scene: Scene, author: Record, messages: list[str]) -> list[Record]:
    now = scene.world.store.now()
    return [new_commit(message, author, committer=author, now=now) for message in messages]


async def move(scene: Scene, branch: str, commits: list[Record], *, forced: bool = False) -> str:
    """Move the branch to the last of the commits; without commits (a reset) to an older one."""
    heads = scene.repository["heads"]
    before = heads.get(branch, NO_COMMIT)
    after = commits[-1]["id"] if commits else new_sha()
    heads[branch] = after
    scene.repository["pushed_at"] = scene.repository["updated_at"] = scene.now
    await push_ref(
        scene, f"refs/heads/{branch}", before, after=after, commits=commits, forced=forced
    )
    return str(after)


async def delete_branch(scene: Scene, branch: str) -> Record:
    before = scene.repository["heads"].pop(branch, None)
    if before is None:
        raise BadParam(f"no branch {branch} in {scene.name}")
    await push_ref(scene, f"refs/heads/{branch}", before, after=NO_COMMIT, commits=[], forced=False)
    return {"branch": branch, "after": NO_COMMIT, "commits": []}


async def push_ref(
    scene: Scene, ref: str, before: str, *, after: str, commits: list[Record], forced: bool
) -> None:
    body = payload(
        scene.web, scene.name, ref, before=before, after=after, commits=commits, forced=forced
    )
    await scene.send_push(body)
