"""Pretend Gitea, and Forgejo, which speaks as it does: https://docs.gitea.com/api/

The bare words for events stand for more than one of them; what is shown is what they stand for:
https://github.com/go-gitea/gitea/blob/main/routers/api/v1/utils/hook.go"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from ..control import Action
from ..params import Params
from ..sending import Signing
from ..store import Record
from . import gitea_past as past
from .app import Call, Plan, Planning
from .clock import iso
from .forge import NAME, SITE, Does, Forge, site_of

API = "/api/v1"
ONE = f"{API}/repos/{{owner}}/{{name}}"
HOOKS = f"{ONE}/hooks"
#: What a hook of this event speaks of.
EVENTS = {"issue": "issues", "pull_request": "pull_request", "release": "release"}
#: What the words that a webhook is made with stand for.
PARTS = ("assign", "label", "milestone", "comment")
STAND_FOR: Mapping[str, Iterable[str]] = {
    "issues_only": ("issues",),
    "issues": ("issues", *(f"issue_{part}" for part in PARTS)),
    "pull_request_only": ("pull_request",),
    "pull_request": ("pull_request", *(f"pull_request_{part}" for part in PARTS)),
}


async def user(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    me = partner.me(request)
    return JSONResponse({name: me[name] for name in ("id", "login", "full_name")})


async def search(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """Everybody sees it; it is of those alone who have to do with it."""
    asked, me = request.query_params, partner.me(request)
    is_theirs = asked.get("uid") in ("1815", "1906")
    one = {
        "id": 42,
        "full_name": NAME,
        "private": True,
        "permissions": {"admin": me["admin"], "push": True, "pull": True},
    }
    found = is_theirs and asked.get("q", "").lower() in NAME
    return JSONResponse({"ok": True, "data": [one] if found else []})


def there(does: Does) -> Does:
    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        asked = "{owner}/{name}".format_map(request.path_params)
        if renamed := partner.settings.get("renamed"):
            return RedirectResponse(request.url.path.replace(asked, renamed), 307)
        if asked != NAME or not partner.things:
            return past.LOST
        return await does(partner, request, said)

    return call


def administered(does: Does) -> Does:
    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if not partner.me(request)["admin"]:
            word = "user should be an owner or a collaborator with admin write of a repository"
            return JSONResponse({"message": word}, 403)
        return await does(partner, request, said)

    return there(call)


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return past.listed(partner, request, [shown(each) for each in partner.hooks.values()])


def shown(hook: Record) -> Record:
    config = {"url": hook["url"], "content_type": hook["content_type"]}
    facts = {name: hook[name] for name in ("id", "events", "active", "branch_filter")}
    return {"type": "gitea", "config": config, **facts}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    config = said.get("config") or {}
    if said.get("type") != "gitea":
        return JSONResponse({"message": f"Invalid hook type: {said.get('type')}"}, 422)
    for name in ("url", "content_type"):
        if name not in config:
            return JSONResponse({"message": f"Missing config option: {name}"}, 422)
    number = partner.store.next_id("hook", 9001)
    hook = {"id": number, "secret": "", "active": False, "site": site_of(request)}
    return _kept(partner, hook, said, 201)


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.hooks.get(request.path_params["hook"])
    return _kept(partner, found, said, 200) if found else past.LOST


def _kept(partner: Planning, hook: Record, said: Mapping[str, Any], status: int) -> Response:
    """Events and the filter of branches that are not said are not kept, either."""
    words = said.get("events") or ["push"]
    events = sorted({event for word in words for event in STAND_FOR.get(word, (word,))})
    config = {**hook, **(said.get("config") or {})}
    active = said.get("active", hook["active"])
    rest = {"events": events, "branch_filter": said.get("branch_filter", ""), "active": active}
    partner.hooks[str(hook["id"])] = {**config, **rest}
    return JSONResponse(shown(partner.hooks[str(hook["id"])]), status)


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    gone = partner.hooks.pop(request.path_params["hook"], None)
    return Response(status_code=204) if gone else past.LOST


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["state"], thing["updated_at"] = "closed" if is_done else "open", iso(at)
    thing["closed_at"], thing["closer"] = (iso(at), person["login"]) if is_done else (None, "")


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    """https://docs.gitea.com/usage/repository/webhooks#event-information"""
    name, facts = ("pull_request", past.pull_of) if thing.get("pull") else ("issue", past.issue_of)
    return {
        "action": "closed" if is_done else "reopened",
        "number": thing["number"],
        name: facts(thing),
        "repository": past.REPOSITORY,
        "sender": past.person(person["login"]),
    }


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    said, name = json.loads(body), f"delivery-{partner.store.next_id('delivery', 1)}"
    event = next(each for each in EVENTS if each in said)
    headers = {"X-Gitea-Event": EVENTS[event], "X-Gitea-Delivery": name}
    now = partner.store.now()
    return headers | Signing("X-Gitea-Signature").headers(body, hook["secret"], now=now)


class Gitea(Forge):
    name: ClassVar[str] = "gitea"
    title: ClassVar[str] = "Gitea"
    options: ClassVar[Mapping[str, str]] = {
        "most": "the most that is shown at once",
        "old": "whether it is too old to say what happened to an issue",
        "renamed": "what the repository is called by now, as owner/name",
    }
    plan = Plan(
        calls=(
            Call("GET", f"{API}/user", user),
            Call("GET", f"{API}/repos/search", search),
            Call("GET", ONE, there(past.repository)),
            Call("GET", f"{ONE}/issues", there(past.issues)),
            Call("GET", f"{ONE}/issues/{{number}}/timeline", there(past.timeline)),
            Call("GET", f"{ONE}/pulls/{{number}}", there(past.pull)),
            Call("GET", f"{ONE}/releases", there(past.releases)),
            Call("GET", HOOKS, administered(webhooks)),
            Call("POST", HOOKS, administered(create)),
            Call("PATCH", f"{HOOKS}/{{hook}}", administered(change)),
            Call("DELETE", f"{HOOKS}/{{hook}}", administered(remove)),
        ),
        people=past.PEOPLE,
        things={"3": {"id": 2003, "number": 3, "title": "Oil the mill", "state": "open"}},
        moved=moved,
        told=told,
        signing=signed,
        refusals={
            "429": (429, "Too Many Requests"),
            "500": (500, {"message": "Internal Server Error"}),
            "expired": (401, {"message": "user does not exist [uid: 0, name: ]"}),
            "revoked": (401, {"message": "user does not exist [uid: 0, name: ]"}),
        },
    )

    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "happen": self._happen, "publish": self._publish}

    async def _publish(self, params: Params, _: str) -> Record:
        """Somebody (``by``) publishes a ``tag``, ``ago`` seconds before now; everybody is told."""
        number, by = self.store.next_id("release", 20), past.person(params.text("by", "ada"))
        at, tag = iso(self.store.now() - float(params.text("ago", "0"))), params.text("tag")
        page = f"{SITE}/{NAME}/releases/tag/{tag}"
        made = {"id": number, "tag_name": tag, "name": "", "html_url": page, "author": by}
        made |= {"draft": False, "prerelease": False, "created_at": at, "published_at": at}
        self.store.table("releases")[str(number)] = made
        body = {"action": "published", "release": made, "repository": past.REPOSITORY}
        return {"answers": await self.tell({**body, "sender": by})}

    def token_of(self, request: Request) -> str:
        """https://docs.gitea.com/development/api-usage#authentication"""
        return request.headers.get("authorization", "").removeprefix("token ")
