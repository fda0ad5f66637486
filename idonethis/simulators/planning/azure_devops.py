"""Pretend Azure DevOps: https://learn.microsoft.com/rest/api/azure/devops/

Of a subscription it tells what it was made with, but of the password only that there is one.
Whoever has no valid token hears 401, or is shown a page to sign in."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from ..store import Record
from .app import Call, Plan, Planning
from .azure_devops_calls import HOME, NAME, PEOPLE, PROJECT, error, told_of, versioned
from .clock import iso
from .forge import SITE, Does, Forge, site_of

API = f"{HOME}/_apis"
HOOKS = f"{API}/hooks/subscriptions"
#: What can be subscribed to: https://learn.microsoft.com/azure/devops/service-hooks/events
KINDS = (
    "build.complete", "git.push", "git.pullrequest.created", "git.pullrequest.merged",
    "git.pullrequest.updated", "workitem.created", "workitem.deleted", "workitem.updated",
)  # fmt: skip
HIDDEN = "********"
PARTS = ("id", "eventType", "status", "publisherId", "consumerId", "consumerActionId")


def administered(does: Does) -> Does:
    """https://learn.microsoft.com/azure/devops/service-hooks/view-permission"""

    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if not partner.me(request)["admin"]:
            return error(403, "You do not have permission to edit subscriptions.")
        return await does(partner, request, said)

    return versioned(call)


async def subscriptions(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """Who administers nothing sees none."""
    asked = request.query_params.items()
    wanted = {name: value for name, value in asked if name in PARTS}
    seen = partner.hooks.values() if partner.me(request)["admin"] else ()
    found = [each for each in seen if wanted.items() <= each.items()]
    if partner.settings.get("lags") == "yes":
        found = [{**each, "id": f"gone-{number}"} for number, each in enumerate(found[:1])] + found
    return JSONResponse({"count": len(found), "value": [shown(each) for each in found]})


def shown(hook: Record) -> Record:
    to = {"url": hook["url"], "basicAuthUsername": hook["user"], **hook["consumer"]}
    hidden = {"basicAuthPassword": HIDDEN} if hook["password"] else {}
    inputs = {"publisherInputs": hook["publisher"], "consumerInputs": {**to, **hidden}}
    return {**{name: hook[name] for name in PARTS}, "resourceVersion": "1.0", **inputs}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    hook = {"id": str(uuid.uuid4()), "site": site_of(request), "password": ""}
    return _kept(partner, hook, said)


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.hooks.get(request.path_params["hook"])
    return _kept(partner, found, said) if found else _gone()


def _gone() -> Response:
    return error(404, "The subscription does not exist.")


def _kept(partner: Planning, hook: Record, said: Mapping[str, Any]) -> Response:
    """A password that is said as it is shown stays as it is."""
    if said.get("eventType") == partner.settings.get("refuses"):
        return error(400, "This kind of event is not known here.")
    lets, to = dict(said.get("publisherInputs") or {}), dict(said.get("consumerInputs") or {})
    if said.get("eventType") not in KINDS or lets.get("projectId") != PROJECT or not to.get("url"):
        return error(400, "The subscription is not valid.")
    user, password = to.pop("basicAuthUsername", ""), to.pop("basicAuthPassword", "")
    secret = hook["password"] if password == HIDDEN else password
    rest = {"url": to.pop("url"), "user": user, "password": secret, "consumer": to}
    facts = {name: said.get(name, "") for name in PARTS[1:]} | {"publisher": lets}
    status = said.get("status") or "enabled"
    partner.hooks[hook["id"]] = {**hook, **facts, **rest, "status": status}
    return JSONResponse(shown(partner.hooks[hook["id"]]))


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    gone = partner.hooks.pop(request.path_params["hook"], None)
    return Response(status_code=204) if gone else _gone()


async def me(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """https://learn.microsoft.com/azure/devops/integrate/concepts/authentication"""
    person = partner.me(request)
    if partner.settings.get("anonymous") == "yes":
        person = {**person, "id": "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa"}
    account = {"Account": {"$type": "System.String", "$value": person["uniqueName"]}}
    shown = {"id": person["id"], "providerDisplayName": person["displayName"]}
    return JSONResponse({"authenticatedUser": {**shown, "properties": account}})


async def projects(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """Many, of which the last is the one; nothing is searched for."""
    asked = request.query_params
    many = [{"id": f"p-{number}", "name": f"Mill {number}"} for number in range(150)]
    skip, top = int(asked.get("$skip", 0)), int(asked.get("$top", 100))
    value = [*many, {"id": PROJECT, "name": NAME}][skip : skip + top]
    return JSONResponse({"count": len(value), "value": value})


async def project(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    if request.path_params["project"] != PROJECT or not partner.things:
        return error(404, "The project does not exist, or you may not see it.")
    return JSONResponse({"id": PROJECT, "name": NAME, "state": "wellFormed"})


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["was"], thing["state"] = thing["state"], "Done" if is_done else "Doing"
    thing["changed"] = iso(at)


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    return told_of(thing, person, at, f"{SITE}{HOME}/")


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    """It signs nothing."""
    if not hook["password"]:
        return {}
    said = base64.b64encode(f"{hook['user']}:{hook['password']}".encode()).decode()
    return {"Authorization": f"Basic {said}"}


class AzureDevOps(Forge):
    name: ClassVar[str] = "azure_devops"
    title: ClassVar[str] = "Azure DevOps"
    options: ClassVar[Mapping[str, str]] = {
        "anonymous": "yes, where it takes nobody’s token, and shows what is public",
        "lags": "yes, where it still lists what was removed a moment ago",
        "refuses": "a kind of event that it does not know",
        "signs_in": "yes, where it shows a page to sign in to whom it does not let in",
    }
    plan = Plan(
        calls=(
            Call("GET", f"{API}/connectionData", me),
            Call("GET", f"{API}/projects", versioned(projects)),
            Call("GET", f"{API}/projects/{{project}}", versioned(project)),
            Call("GET", HOOKS, versioned(subscriptions)),
            Call("POST", HOOKS, administered(create)),
            Call("PUT", f"{HOOKS}/{{hook}}", administered(change)),
            Call("DELETE", f"{HOOKS}/{{hook}}", administered(remove)),
        ),
        people=PEOPLE,
        things={"3": {"id": 3, "title": "Oil the mill", "state": "Doing", "was": "To Do"}},
        moved=moved,
        told=told,
        signing=signed,
        refusals={
            "429": (429, {"message": "Request was blocked due to exceeding usage."}),
            "500": (500, {"message": "An unexpected error has occurred."}),
            "expired": (401, {"message": "TF400813: The user is not authorized."}),
            "revoked": (401, {"message": "TF400813: The user is not authorized."}),
        },
    )

    def token_of(self, request: Request) -> str:
        """The password of anybody."""
        said = request.headers.get("authorization", "").removeprefix("Basic ")
        return base64.b64decode(said, validate=False).decode().partition(":")[2]

    def refusal(self, kind: str) -> Response:
        if kind == "expired" and self.settings.get("signs_in") == "yes":
            return HTMLResponse("<html><title>Sign In</title></html>", 203)
        return super().refusal(kind)

    def listening(self, told: Record) -> list[Record]:
        wanted = ("enabled", "onProbation")
        live = [each for each in self.hooks.values() if each["status"] in wanted]
        return [each for each in live if each["eventType"] == told["eventType"]]
