"""Pretend Bitbucket Cloud: https://developer.atlassian.com/cloud/bitbucket/rest/"""

from __future__ import annotations

import json
import uuid
from typing import ClassVar

from ..control import Action
from ..dialect import Dialect, renewal
from ..params import Params
from ..sending import Attempt, Signing
from ..store import Record
from .app import Call, Plan, Planning
from .bitbucket_calls import (
    API,
    HOOKS,
    PEOPLE,
    change,
    create,
    error,
    for_admins,
    me,
    person,
    remove,
    repositories,
    webhooks,
    workspaces,
)
from .clock import iso

__all__ = ["API", "Bitbucket"]

SIGNING = Signing("X-Hub-Signature", prefix="sha256=")


def moved(thing: Record, by: Record, at: float, is_done: bool) -> None:
    thing["state"], thing["author"] = "MERGED" if is_done else "DECLINED", person(by)
    thing["updated_on"] = iso(at)


def told(thing: Record, by: Record, at: float, is_done: bool) -> Record:
    """https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Pull-request-events"""
    repository = {"type": "repository", "full_name": "analytical/engine", "uuid": "{1842}"}
    return {"actor": person(by), "pullrequest": thing, "repository": repository}


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    merged = json.loads(body)["pullrequest"]["state"] == "MERGED"
    about = {
        "X-Event-Key": f"pullrequest:{'fulfilled' if merged else 'rejected'}",
        "X-Request-UUID": str(uuid.uuid4()),
        "X-Hook-UUID": hook["uuid"].strip("{}"),
    }
    return about | SIGNING.headers(body, hook["secret"] or "", now=partner.store.now())


def token_body(token: Record) -> Record:
    """https://developer.atlassian.com/cloud/bitbucket/oauth-2/"""
    body = {"access_token": token["access_token"], "token_type": "bearer"}
    return {**body, "scopes": " ".join(token["scopes"]), **renewal(token)}


class Bitbucket(Planning):
    name: ClassVar[str] = "bitbucket"
    title: ClassVar[str] = "Bitbucket"
    plan = Plan(
        calls=(
            Call("GET", f"{API}/user", me),
            Call("GET", f"{API}/user/workspaces", workspaces),
            Call("GET", f"{API}/repositories/{{workspace}}", repositories),
            Call("GET", HOOKS, for_admins(webhooks)),
            Call("POST", HOOKS, for_admins(create)),
            Call("PUT", f"{HOOKS}/{{hook}}", for_admins(change)),
            Call("DELETE", f"{HOOKS}/{{hook}}", for_admins(remove)),
        ),
        people=PEOPLE,
        things={
            "12": {
                "id": 12,
                "title": "Oil the mill",
                "state": "OPEN",
                "destination": {"branch": {"name": "main"}},
                "links": {
                    "html": {"href": "https://bitbucket.org/analytical/engine/pull-requests/12"}
                },
            },
        },
        moved=moved,
        told=told,
        signing=signed,
        dialect=Dialect(
            "/site/oauth2/authorize",
            "/site/oauth2/access_token",
            client_auth="basic",
            scopes=frozenset(("account", "email", "repository", "webhook")),
            pkce="off",
            lifetime=7200,
            rotates=False,
            token_body=token_body,
        ),
        refusals={
            "429": (429, error("Rate limit for this resource has been exceeded")),
            "500": (500, error("Something went wrong")),
            "expired": (401, error("Access token expired.")),
            "revoked": (401, error("Access token expired.")),
        },
    )

    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "spoil": self._spoil}

    async def _spoil(self, params: Params, _: str) -> Record:
        """Somebody changes all webhooks: they are off, or (``only``) sign no more."""
        changed = {"secret": None} if params.text("only", "") else {"active": False}
        for hook in self.hooks.values():
            hook.update(changed)
        return {"said": "They are spoilt."}

    async def send(self, hook: Record, body: bytes) -> Attempt:
        return await super().send(hook, body) if hook["active"] else Attempt(None, "", 0)
