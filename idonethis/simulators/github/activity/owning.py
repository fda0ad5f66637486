"""What the owners of a repository do in its settings, without telling any application."""

from __future__ import annotations

from ...control import Action
from ...params import BadParam, Params
from ...store import Record
from ..world import World


def actions(world: World) -> dict[str, Action]:
    return {
        "redeliver": redelivery_in(world),
        "delete_hook": removal_in(world),
        "edit_hook": edit_in(world),
        "permit": permission_in(world),
        "delete_repository": end_in(world),
    }


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


def edit_in(world: World) -> Action:
    async def edit_hook(params: Params, _: str) -> Record:
        """Change `url`, `secret`, `events` or `active` of `hook`, as far as they are given."""
        hook = hook_asked(world, params)
        config = {name: params.text(name) for name in ("url", "secret") if params.get(name)}
        body: Record = {"config": {**hook["config"], **config}}
        if params.get("events"):
            body["events"] = params.names("events")
        if params.get("active") is not None:
            body["active"] = params.flag("active")
        world.hooks.change(hook, body)
        return {"said": f"The hook on {hook['repository']} is changed."}

    return edit_hook


def permission_in(world: World) -> Action:
    async def permit(params: Params, _: str) -> Record:
        """Let `account` do `level` (admin, push, or empty for nothing) in `repository`."""
        login = world.account(params, "account")["login"]
        repository, level = world.repository(params), params.text("level", "")
        repository["permissions"].pop(login, None)
        if level:
            repository["permissions"][login] = level
        return {"said": f"{login} in {repository['full_name']}: {level or 'nothing'}."}

    return permit


def end_in(world: World) -> Action:
    async def delete_repository(params: Params, _: str) -> Record:
        """Delete `repository`, with its hooks."""
        name = world.repository(params)["full_name"]
        for hook in world.hooks.of(name):
            world.hooks.delete(hook)
        del world.store.table("repositories")[name]
        return {"said": f"{name} is deleted."}

    return delete_repository


def hook_asked(world: World, params: Params) -> Record:
    number = params.text("hook")
    for hook in world.hooks.all():
        if str(hook["id"]) == number:
            return hook
    raise BadParam(f"no such hook: {number}")
