"""Pretend Jira Data Center: https://developer.atlassian.com/server/jira/platform/webhooks/

Webhooks are of the whole server and made by administrators. A secret counts in the configuration
alone, and is signed with; of what it does not know, it says nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..sending import Attempt, Signing
from ..store import Record
from .app import Call, Plan, Planning
from .forge import SITE, Does, Forge, site_of

REST, HOOKS = "/rest/api/2", "/rest/jira-webhook/1.0/webhooks"
PROJECT = {"id": "10000", "key": "ENG", "name": "Engines"}
PEOPLE = {
    "ada": {"key": "1815", "name": "ada", "displayName": "Ada Lovelace", "admin": True},
    "grace": {"key": "1906", "name": "grace", "displayName": "Grace Hopper", "admin": False},
}
KEPT = ("name", "url", "events", "configuration", "sslVerificationRequired", "active")
SECTION = "issue-related-events-section"
SIGNING = Signing("X-Hub-Signature", prefix="sha256=")
#: The most that is shown at once.
MOST = 100


def error(message: str, status: int) -> Record:
    return {"message": message, "status-code": status}


async def myself(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse(person(partner.me(request)))


def person(said: Mapping[str, Any]) -> Record:
    shown = {name: said[name] for name in ("key", "name", "displayName")}
    return {"self": f"{SITE}{REST}/user?username={said['name']}", **shown, "active": True}


async def server_info(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    version = partner.settings.get("version", "10.3.6")
    numbers = [int(part) for part in version.split(".")]
    return JSONResponse({"version": version, "versionNumbers": numbers, "serverTitle": "Jira"})


async def projects(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse([PROJECT] if partner.things else [])


async def project(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if partner.things and request.path_params["project"] in (PROJECT["id"], PROJECT["key"]):
        return JSONResponse(PROJECT)
    return JSONResponse(error("No project could be found.", 404), 404)


def administered(does: Does) -> Does:
    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if not partner.me(request)["admin"]:
            return JSONResponse(error("Only administrators may do this.", 403), 403)
        if request.path_params.get("hook", "") not in ("", *partner.hooks):
            return JSONResponse(error("No webhook with this id.", 404), 404)
        return await does(partner, request, said)

    return call


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    is_paged = partner.settings.get("unpaged") != "yes"
    start = int(request.query_params.get("start", 0)) if is_paged else 0
    most = min(int(request.query_params.get("limit", 25)), int(partner.settings.get("most", MOST)))
    return JSONResponse([shown(each) for each in partner.hooks.values()][start : start + most])


def shown(hook: Record) -> Record:
    hidden = {name: text for name, text in hook["configuration"].items() if name != "SECRET"}
    kept = {name: hook[name] for name in ("id", *KEPT)}
    return {**kept, "configuration": hidden, "scopeType": "global", "createdDate": 1}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    number = partner.store.next_id("hook", 9001)
    return _kept(partner, {"id": number, "site": site_of(request)}, said, 201)


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """All of it is replaced."""
    hook = partner.hooks[request.path_params["hook"]]
    if said.get("id") != hook["id"]:
        return JSONResponse(error("The ids differ.", 400), 400)
    return _kept(partner, {name: hook[name] for name in ("id", "site")}, said, 200)


def _kept(partner: Planning, hook: Record, said: Mapping[str, Any], status: int) -> Response:
    if not (said.get("name") and said.get("url") and said.get("events")):
        return JSONResponse(error("name, url and events are required.", 400), 400)
    usual = {"configuration": {}, "sslVerificationRequired": True, "active": True}
    named = {name: said[name] for name in KEPT if name in said}
    jql = (said.get("filters") or {}).get(SECTION, "")
    partner.hooks[str(hook["id"])] = {**usual, **named, **hook, "jql": jql}
    return JSONResponse(shown(partner.hooks[str(hook["id"])]), status)


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    del partner.hooks[request.path_params["hook"]]
    return Response(status_code=204)


def moved(thing: Record, by: Record, at: float, is_done: bool) -> None:
    category = {"key": "done", "name": "Done"} if is_done else {"key": "new", "name": "To Do"}
    thing["fields"]["status"] = {"name": category["name"], "statusCategory": category}


def told(thing: Record, by: Record, at: float, is_done: bool) -> Record:
    return {
        "timestamp": int(at * 1000),
        "webhookEvent": "jira:issue_updated",
        "user": person(by),
        "issue": thing,
        "changelog": {"id": "1", "items": [{"field": "status", "fieldId": "status"}]},
    }


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    """Nothing is signed where there is no secret."""
    return SIGNING.headers(body, hook["configuration"].get("SECRET", ""), now=partner.store.now())


WRONG = error("Client must be authenticated to access this resource.", 401)


class JiraServer(Forge):
    name: ClassVar[str] = "jira_server"
    title: ClassVar[str] = "Jira Data Center"
    options: ClassVar[Mapping[str, str]] = {
        "most": "the most that is shown at once",
        "unpaged": "yes, where it begins anew, whatever it is asked for",
        "version": "of the server, such as 9.12.0",
    }
    plan = Plan(
        calls=(
            Call("GET", f"{REST}/myself", myself),
            Call("GET", f"{REST}/serverInfo", server_info),
            Call("GET", f"{REST}/project", projects),
            Call("GET", f"{REST}/project/{{project}}", project),
            Call("GET", HOOKS, administered(webhooks)),
            Call("POST", HOOKS, administered(create)),
            Call("PUT", f"{HOOKS}/{{hook}}", administered(change)),
            Call("DELETE", f"{HOOKS}/{{hook}}", administered(remove)),
        ),
        people=PEOPLE,
        things={
            "3": {
                "id": "10003",
                "key": "ENG-3",
                "self": f"{SITE}{REST}/issue/10003",
                "fields": {
                    "summary": "Oil the mill",
                    "project": PROJECT,
                    "labels": [],
                    "assignee": None,
                    "resolution": None,
                },
            }
        },
        moved=moved,
        told=told,
        signing=signed,
        refusals={
            "429": (429, error("Rate limit exceeded.", 429)),
            "500": (500, error("Internal server error", 500)),
            "expired": (401, WRONG),
            "revoked": (401, WRONG),
        },
    )

    def listening(self, told: Record) -> list[Record]:
        """Those that are on, for this event and this project."""
        about = f"project = {told['issue']['fields']['project']['id']}"
        return [
            each
            for each in self.hooks.values()
            if each["active"] and told["webhookEvent"] in each["events"]
            and each["jql"] in ("", about)
        ]  # fmt: skip

    async def send(self, hook: Record, body: bytes) -> Attempt:
        """What excludes the body says no more than that something happened."""
        is_bare = hook["configuration"].get("EXCLUDE_BODY") == "true"
        bare = {name: json.loads(body)[name] for name in ("timestamp", "webhookEvent")}
        return await super().send(hook, json.dumps(bare).encode() if is_bare else body)
