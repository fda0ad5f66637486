"""Commits that are there already, and what people make of them.

https://git-scm.com/docs/git-cherry-pick
https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/reverting-a-pull-request
"""

from __future__ import annotations

from ...params import BadParam, Params
from ...store import Record
from ..commits import new_commit, signature
from . import pulls
from .pushes import move
from .scene import Scene


async def push_known(scene: Scene, params: Params) -> Record:
    """Bring `commits` that the repository has already, by their ids, to `branch`."""
    known = [{**commit_asked(scene, sha), "distinct": False} for sha in params.names("commits")]
    sha = await move(scene, params.text("branch"), known)
    return {"branch": params.text("branch"), "after": sha}


async def cherry_pick(scene: Scene, params: Params) -> Record:
    """Make `commit` once more on `branch`, as git does; with `x` its message says where it is
    from."""
    commit = commit_asked(scene, params.text("commit"))
    note = f"\n\n(cherry picked from commit {commit['id']})" if params.flag("x") else ""
    picker, now = signature(scene.actor), scene.world.store.now()
    picked = new_commit(commit["message"] + note, commit["author"], committer=picker, now=now)
    branch = params.text("branch", scene.repository["default_branch"])
    await move(scene, branch, [picked])
    return {"branch": branch, "commit": picked["id"]}


async def revert_pull_request(scene: Scene, params: Params) -> Record:
    """Open a pull request that reverts pull request `number`, which must be merged."""
    merged = scene.thing("pulls", params)
    if not merged["merged_at"]:
        raise BadParam(f"pull request {merged['number']} is not merged; nothing was changed")
    reverting = {
        "title": f'Revert "{merged["title"]}"',
        "body": f"Reverts {scene.name}#{merged['number']}",
        "branch": f"revert-{merged['number']}-{merged['head_ref']}",
        "messages": [f'Revert "{merged["title"]}"\n\nReverts {merged["merge_commit_sha"]}.'],
    }
    return await pulls.open_pull_request(scene, Params(reverting))


def commit_asked(scene: Scene, sha: str) -> Record:
    """Raises BadParam, where the repository does not know it."""
    for commit in scene.repository["commits"]:
        if commit["id"] == sha:
            found: Record = commit
            return found
    raise BadParam(f"no such commit in {scene.name}: {sha}")
