"""Pretend Basecamp, and the Launchpad that lets people in: https://github.com/basecamp/bc3-api"""

from __future__ import annotations

from typing import ClassVar

from ..control import Action
from ..dialect import Dialect, renewal
from ..params import Params
from ..sending import Attempt
from ..store import Record
from .app import Call, Plan, Planning
from .basecamp_calls import (
    ENGINES,
    PEOPLE,
    authorization,
    change,
    create,
    error,
    for_members,
    inside,
    named,
    person,
    profile,
    projects,
    remove,
    webhooks,
)
from .clock import iso

__all__ = ["Basecamp"]

HOOKS = "/{account}/buckets/{project}/webhooks.json"
HOOK = "/{account}/webhooks/{hook}.json"


def moved(thing: Record, by: Record, at: float, is_done: bool) -> None:
    thing["updated_at"] = iso(at)


def told(thing: Record, by: Record, at: float, is_done: bool) -> Record:
    """https://github.com/basecamp/bc3-api/blob/master/sections/webhooks.md"""
    return {
        "id": int(at * 1000),
        "kind": "todo_completed" if is_done else "todo_uncompleted",
        "details": {},
        "created_at": iso(at),
        "recording": thing,
        "creator": person(by, ENGINES),
    }


def token_body(token: Record) -> Record:
    """https://github.com/basecamp/bc3-api/blob/master/sections/authentication.md"""
    return {"access_token": token["access_token"], "token_type": "Bearer", **renewal(token)}


class Basecamp(Planning):
    """It signs nothing."""

    name: ClassVar[str] = "basecamp"
    title: ClassVar[str] = "Basecamp"
    plan = Plan(
        calls=(
            Call("GET", "/authorization.json", named(authorization)),
            Call("GET", "/{account}/my/profile.json", inside(profile)),
            Call("GET", "/{account}/projects.json", inside(projects)),
            Call("GET", HOOKS, for_members(webhooks)),
            Call("POST", HOOKS, for_members(create)),
            Call("PUT", HOOK, for_members(change)),
            Call("DELETE", HOOK, for_members(remove)),
        ),
        people=PEOPLE,
        things={
            "12": {
                "id": 12,
                "title": "Oil the mill",
                "type": "Todo",
                "app_url": f"https://3.basecamp.com/{ENGINES}/buckets/3/todos/12",
                "bucket": {"id": 3, "name": "Difference Engine", "type": "Project"},
            },
        },
        moved=moved,
        told=told,
        signing=lambda partner, body, hook: {},
        dialect=Dialect(
            "/authorization/new",
            "/authorization/token",
            client_auth="post",
            pkce="off",
            lifetime=14 * 86_400,
            token_body=token_body,
        ),
        refusals={
            "429": (429, "Too Many Requests"),
            "500": (500, error("Internal Server Error")),
            "expired": (401, error("OAuth token expired (old age)")),
            "revoked": (401, error("OAuth token could not be verified")),
        },
    )

    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "spoil": self._spoil}

    async def _spoil(self, params: Params, _: str) -> Record:
        """Somebody sets a ``field`` of all webhooks to this ``value``."""
        for hook in self.hooks.values():
            hook[params.text("field")] = params.get("value")
            hook["url"] = hook["payload_url"]
        return {"said": "They are spoilt."}

    async def send(self, hook: Record, body: bytes) -> Attempt:
        """Whoever switches it off does not hear any more."""
        wanted = {"all", "Todo"} & set(hook["types"])
        return await super().send(hook, body) if hook["active"] and wanted else Attempt(None, "", 0)
