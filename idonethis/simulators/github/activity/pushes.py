"""Pushes: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push"""

from __future__ import annotations

from ...params import BadParam, Params
from ...store import Record
from ..commits import NO_COMMIT, new_commit, signature
from ..payloads.push import Move
from ..payloads.push import push as payload
from .scene import Scene

KEPT = 500
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


async def move(
    scene: Scene, branch: str, commits: list[Record], *, forced: bool = False, kind: str = ""
) -> str:
    """Move the branch to the last of the commits; without any, back to an older one. `kind` is
    what the list of activities calls it, where that is no push."""
    repository = scene.repository
    before = repository["heads"].get(branch, NO_COMMIT)
    known = remembered(repository, commits)
    head = commits[-1] if commits else older(known, before)
    repository["heads"][branch] = head["id"]
    repository["pushed_at"] = repository["updated_at"] = scene.now
    ref, along = f"refs/heads/{branch}", tuple(commits)
    moved = Move(ref, before, head["id"], head=head, commits=along, forced=forced)
    remember(scene, moved, kind or kind_of(moved))
    await scene.send_push(payload(scene.web, scene.name, moved))
    return str(head["id"])


def kind_of(moved: Move) -> str:
    """https://docs.github.com/en/rest/repos/repos#list-repository-activities"""
    if NO_COMMIT in (moved.before, moved.after):
        return "branch_creation" if moved.before == NO_COMMIT else "branch_deletion"
    return "force_push" if moved.forced else "push"


def remember(scene: Scene, moved: Move, kind: str) -> None:
    """In the list of activities."""
    acts = scene.repository.setdefault("activity", [])
    act = {
        "id": scene.world.store.next_id("activity", 18_150_000_001),
        **{"ref": moved.ref, "before": moved.before, "after": moved.after},
        "commits": [commit["id"] for commit in moved.commits],
        "activity_type": kind,
        "actor": scene.actor["login"],
        "timestamp": scene.now,
    }
    acts.append(act)
    del acts[:-KEPT]


def remembered(repository: Record, commits: list[Record]) -> list[Record]:
    """All commits that the repository knows, these last; only so many are kept."""
    known: list[Record] = repository.setdefault("commits", [])
    known.extend(commits)
    del known[:-KEPT]
    return known


def older(known: list[Record], sha: str) -> Record:
    """The commit before that one, else the oldest. Raises BadParam where there is none."""
    if not known:
        raise BadParam("the repository has no commit to go back to; nothing was changed")
    ids = [commit["id"] for commit in known]
    return known[max(0, ids.index(sha) - 1)] if sha in ids else known[0]


async def delete_branch(scene: Scene, branch: str) -> Record:
    before = scene.repository["heads"].pop(branch, None)
    if before is None:
        raise BadParam(f"no branch {branch} in {scene.name}")
    moved = Move(f"refs/heads/{branch}", before, NO_COMMIT, head=None)
    remember(scene, moved, kind_of(moved))
    await scene.send_push(payload(scene.web, scene.name, moved))
    return {"branch": branch, "after": NO_COMMIT, "commits": []}
