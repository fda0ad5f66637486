"""Pretend GitLab: https://docs.gitlab.com/api/project_webhooks/

Since version 19 it signs with a token of its own, which it never shows; before, it ignores it, and
says a secret token with each hook: https://docs.gitlab.com/user/project/integrations/webhooks/"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..control import Action
from ..params import Params
from ..store import Record
from . import gitlab_past as past
from .app import Call, Plan, Planning
from .clock import iso
from .forge import NAME, SITE, Does, Forge, site_of
from .gitlab_past import API, PEOPLE, PROJECT

#: What is said of a webhook, and what it is where nobody says it.
USUAL: Mapping[str, Any] = {
    "push_events": True,
    "push_events_branch_filter": "",
    "issues_events": False,
    "confidential_issues_events": False,
    "merge_requests_events": False,
    "tag_push_events": False,
    "note_events": False,
    "pipeline_events": False,
    "releases_events": False,
    "enable_ssl_verification": True,
}
LOST = JSONResponse({"message": "404 Not found"}, 404)


async def user(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    me = partner.me(request)
    return JSONResponse({name: me[name] for name in ("id", "username", "name")})


async def projects(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    asked = request.query_params
    is_enough = partner.me(request)["level"] >= int(asked.get("min_access_level", 0))
    found = is_enough and asked.get("search", "").lower() in NAME
    one = {"id": PROJECT, "path_with_namespace": NAME, "web_url": f"{site_of(request)}/{NAME}"}
    return JSONResponse([one] if found else [])


def there(does: Does) -> Does:
    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if request.path_params["project"] != str(PROJECT) or not partner.things:
            return JSONResponse({"message": "404 Project Not Found"}, 404)
        return await does(partner, request, said)

    return call


def maintained(does: Does) -> Does:
    """https://docs.gitlab.com/user/permissions/"""

    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if partner.me(request)["level"] < PEOPLE["ada"]["level"]:
            return JSONResponse({"message": "403 Forbidden"}, 403)
        return await does(partner, request, said)

    return there(call)


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse([shown(each) for each in partner.hooks.values()])


def shown(hook: Record) -> Record:
    facts = {name: hook[name] for name in ("id", "url", "alert_status", *USUAL)}
    present = {f"{name}_present": bool(hook[name]) for name in ("token", "signing_token")}
    return {**facts, "project_id": PROJECT, **present}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    number = partner.store.next_id("hook", 9001)
    hook = {"id": number, "url": "", "token": "", "signing_token": "", "site": site_of(request)}
    return _kept(partner, {**hook, **USUAL, "alert_status": "executable"}, said, 201)


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.hooks.get(request.path_params["hook"])
    return _kept(partner, found, said, 200) if found else LOST


def _kept(partner: Planning, hook: Record, said: Mapping[str, Any], status: int) -> Response:
    if not said.get("url"):
        return JSONResponse({"error": "url is missing"}, 400)
    if not str(said["url"]).startswith("http"):
        return JSONResponse({"error": "Invalid url given"}, 422)
    names = {"url", "token", "signing_token", *USUAL} & set(said)
    signs = partner.settings.get("signs") != "no"
    changed = {name: said[name] for name in names if signs or name != "signing_token"}
    partner.hooks[str(hook["id"])] = {**hook, **changed}
    return JSONResponse(shown(partner.hooks[str(hook["id"])]), status)


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    gone = partner.hooks.pop(request.path_params["hook"], None)
    return Response(status_code=204) if gone else LOST


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    done = "merged" if thing.get("pull") else "closed"
    thing["state"], thing["updated_at"] = done if is_done else "opened", iso(at)
    thing["done_at"], thing["closer"] = (iso(at), person["username"]) if is_done else (None, "")


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    """https://docs.gitlab.com/user/project/integrations/webhook_events/"""
    kind, facts = ("merge_request", _request) if thing.get("pull") else ("issue", _issue)
    shown = {name: thing.get(name) for name in ("id", "title", "state", "updated_at")}
    shown |= {"iid": thing["number"], "url": past.address_of(thing), **facts(thing, is_done)}
    return {
        "object_kind": kind,
        "event_type": kind,
        "user": _known(person["username"]),
        "project": past.FACTS,
        "object_attributes": shown,
        "assignees": [_known(each) for each in thing.get("assignees", ())],
        "labels": [{"id": 5, "title": each} for each in past.LABELS],
        "changes": {},
    }


def _known(name: str) -> Record:
    return {**past.person(name), "email": "[REDACTED]"}


def _request(thing: Record, is_done: bool) -> Record:
    """Of its author, the id alone; when it was merged, not at all."""
    return {
        "author_id": PEOPLE[thing["author"]]["id"],
        "target_branch": "main",
        "merge_commit_sha": None,
        "last_commit": {"id": past.tip_of(thing)},
        "action": "merge" if is_done else "reopen",
    }


def _issue(thing: Record, is_done: bool) -> Record:
    return {
        "closed_at": thing.get("done_at"),
        "confidential": bool(thing.get("confidential")),
        "moved_to_id": thing.get("moved_to_id"),
        "duplicated_to_id": thing.get("duplicate_of"),
        "action": "close" if is_done else "reopen",
    }


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    """https://docs.gitlab.com/user/project/integrations/webhooks/#signing-tokens"""
    name = f"event-{partner.store.next_id('event', 1)}"
    kind = str(json.loads(body)["object_kind"]).replace("_", " ").title()
    headers = {"X-Gitlab-Event": f"{kind} Hook", "Idempotency-Key": name}
    if hook["token"]:
        headers["X-Gitlab-Token"] = hook["token"]
    if hook["signing_token"]:
        headers |= _signature(hook["signing_token"], body, name, at=int(partner.store.now()))
    return headers


def _signature(token: str, body: bytes, name: str, *, at: int) -> dict[str, str]:
    key = base64.b64decode(token.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{name}.{at}.".encode() + body, hashlib.sha256)
    stamped = {"webhook-id": name, "webhook-timestamp": str(at)}
    return {**stamped, "webhook-signature": f"v1,{base64.b64encode(digest).decode()}"}


class GitLab(Forge):
    name: ClassVar[str] = "gitlab"
    title: ClassVar[str] = "GitLab"
    options: ClassVar[Mapping[str, str]] = {
        "signs": "no, for a GitLab before version 19",
        "most": "the most that is shown at once",
        "many": "whether there are so many that it does not say how many",
        "old": "whether it is too old to say the ids of releases",
        "slow": "whether GraphQL takes it too long",
    }
    facts: ClassVar[tuple[str, ...]] = ("confidential", "duplicate_of", "moved_to_id")
    plan = Plan(
        calls=(
            Call("GET", f"{API}/user", user),
            Call("GET", f"{API}/projects", projects),
            Call("GET", f"{API}/projects/{{project}}", there(past.project)),
            Call("GET", f"{API}/projects/{{project}}/issues", there(past.issues)),
            Call("GET", f"{API}/projects/{{project}}/merge_requests", there(past.requests)),
            Call("POST", "/api/graphql", past.graphql),
            Call("GET", f"{API}/projects/{{project}}/hooks", maintained(webhooks)),
            Call("POST", f"{API}/projects/{{project}}/hooks", maintained(create)),
            Call("PUT", f"{API}/projects/{{project}}/hooks/{{hook}}", maintained(change)),
            Call("DELETE", f"{API}/projects/{{project}}/hooks/{{hook}}", maintained(remove)),
        ),
        people=PEOPLE,
        things={"3": {"id": 300, "number": 3, "title": "Oil the mill", "state": "opened"}},
        moved=moved,
        told=told,
        signing=signed,
        refusals={
            "429": (429, "Retry later\n"),
            "500": (500, {"message": "500 Internal Server Error"}),
            "expired": (401, {"message": "401 Unauthorized"}),
            "revoked": (401, {"error": "invalid_token", "error_description": "Token was revoked."}),
        },
    )

    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "happen": self._happen, "publish": self._publish}

    async def _publish(self, params: Params, _: str) -> Record:
        """Somebody publishes a ``tag``, ``ago`` seconds before now, as one that is ``released`` so
        many seconds after that; everybody is told."""
        number, tag = self.store.next_id("release", 20), params.text("tag")
        at = self.store.now() - params.decimal("ago", 0)
        made = {"id": number, "tag": tag, "url": f"{SITE}/{NAME}/-/releases/{tag}"}
        made |= {"created_at": iso(at), "released_at": iso(at + params.decimal("released", 0))}
        self.store.table("releases")[str(number)] = made
        said = {**made, "object_kind": "release", "action": "create", "project": past.FACTS}
        return {"answers": await self.tell(said)}

    def token_of(self, request: Request) -> str:
        """https://docs.gitlab.com/api/rest/authentication/"""
        return request.headers.get("private-token", "") or super().token_of(request)
