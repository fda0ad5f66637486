"""The buttons of pretend GitHub."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ...control import Action
from ...params import BadParam, Params
from ...store import Record
from ..world import World
from . import history, issues, pulls, pushes, releases, reviews
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
        "redeliver": redelivery_in(world),
        "delete_hook": removal_in(world),
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


def redelivery_in(world: World) -> Action:
    async def redeliver(params: Params, _: str) -> Record:
        """Send `delivery` of `hook` once more, with the GUID it had."""
        hook = hook_asked(world, params)
        number = params.text("delivery")
        known = {str(delivery["id"]): delivery for delivery in world.deliveries.of(hook)}
        if number not in known:
            raise BadParam(f"no such delivery: {number}")
        again = await world.deliveries.redeliver(hook, known[number])
        return {"delivery": again["id"], "said": f"Sent again: {again['status']}."}

    return redeliver


def removal_in(world: World) -> Action:
    async def delete_hook(params: Params, _: str) -> Record:
        """Delete `hook`, as an owner may do without telling the application."""
        hook = hook_asked(world, params)
        world.hooks.delete(hook)
        return {"said": f"The hook on {hook['repository']} is gone."}

    return delete_hook


def exhaustion_in(world: World) -> Action:
    async def exhaust_rate_limit(params: Params, _: str) -> Record:
        """Leave `account` no calls for `seconds`."""
        login, seconds = world.account(params, "account")["login"], params.number("seconds", 60)
        world.rate.exhaust(login, seconds=seconds)
        return {"said": f"{login} may not call for {seconds} seconds."}

    return exhaust_rate_limit


def hook_asked(world: World, params: Params) -> Record:
    number = params.text("hook")
    for hook in world.hooks.all():
        if str(hook["id"]) == number:
            return hook
    raise BadParam(f"no such hook: {number}")
