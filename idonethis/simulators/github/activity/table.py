"""The buttons of pretend GitHub."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ...control import Action
from ...params import Params
from ...store import Record
from ..world import World
from . import history, issues, pulls, pushes, releases, reviews
from .owning import actions as owners
from .scene import Scene

Deed = Callable[[Scene, Params], Awaitable[Record]]

DEEDS: dict[str, Deed] = {
    "push": pushes.push,
    "push_known": history.push_known,
    "cherry_pick": history.cherry_pick,
    "open_pull_request": pulls.open_pull_request,
    "merge_pull_request": pulls.merge_pull_request,
    "close_pull_request": pulls.close_pull_request,
    "reopen_pull_request": pulls.reopen_pull_request,
    "retitle_pull_request": pulls.retitle_pull_request,
    "revert_pull_request": history.revert_pull_request,
    "submit_review": reviews.submit_review,
    "open_issue": issues.open_issue,
    "close_issue": issues.close_issue,
    "reopen_issue": issues.reopen_issue,
    "retitle_issue": issues.retitle_issue,
    "publish_release": releases.publish_release,
}


def actions(world: World) -> dict[str, Action]:
    return {
        **{name: deed_by(world, deed) for name, deed in DEEDS.items()},
        "hooks": hooks_in(world),
        **owners(world),
        "exhaust_rate_limit": exhaustion_in(world),
    }


def deed_by(world: World, deed: Deed) -> Action:
    async def act(params: Params, origin: str) -> Record:
        scene = Scene.asked(world, params, origin)
        done = await deed(scene, params)
        return {**done, "said": told(deed, scene), "deliveries": scene.outcome()}

    act.__doc__ = deed.__doc__
    return act


def told(deed: Deed, scene: Scene) -> str:
    """A sentence for the page: what was done and how many hooks heard of it."""
    name = deed.__name__.replace("_", " ").capitalize()
    arrived = sum(delivery["status"] == "OK" for delivery in scene.deliveries)
    heard = f"{arrived} of {len(scene.deliveries)} deliveries arrived."
    return f"{name} in {scene.name} by {scene.actor['login']}: " + (
        heard if scene.deliveries else "no hook listens to this."
    )


def hooks_in(world: World) -> Action:
    async def hooks(_: Params, __: str) -> Record:
        """The hooks that stand, with their repositories."""
        return {
            "hooks": [{"id": h["id"], "repository": h["repository"]} for h in world.hooks.all()]
        }

    return hooks


def exhaustion_in(world: World) -> Action:
    async def exhaust_rate_limit(params: Params, _: str) -> Record:
        """Leave `account` no calls for `seconds`."""
        login, seconds = world.account(params, "account")["login"], params.number("seconds", 60)
        world.rate.exhaust(login, seconds=seconds)
        return {"said": f"{login} may not call for {seconds} seconds."}

    return exhaust_rate_limit
