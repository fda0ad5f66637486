"""What pretend Azure DevOps is, how it refuses, and what it tells."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record
from .app import Planning
from .clock import iso
from .forge import Does

HOME, NAME = "/engines", "Analytical"
PROJECT = "b0000007-0000-4000-8000-000000000000"
PEOPLE = {
    "ada": {
        "id": "1815",
        "displayName": "Ada Lovelace",
        "uniqueName": "ada@example.org",
        "admin": True,
    },
    "grace": {
        "id": "1906",
        "displayName": "Grace Hopper",
        "uniqueName": "grace@example.org",
        "admin": False,
    },
}
#: https://learn.microsoft.com/azure/devops/integrate/concepts/rest-api-versioning
VERSIONS = ("5.0", "5.1", "6.0", "7.0", "7.1")


def error(status: int, message: str) -> Response:
    return JSONResponse({"$id": "1", "message": message, "errorCode": 0}, status)


def versioned(does: Does) -> Does:
    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if request.query_params.get("api-version") not in VERSIONS:
            return error(400, "No api-version was supplied, or one that is not known.")
        return await does(partner, request, said)

    return call


def told_of(thing: Record, person: Record, at: float, home: str) -> Record:
    """https://learn.microsoft.com/azure/devops/service-hooks/events#work-item-updated"""
    who = {name: person[name] for name in ("id", "displayName", "uniqueName")}
    fields = {
        "System.TeamProject": NAME,
        "System.WorkItemType": "Task",
        "System.Title": thing["title"],
        "System.State": thing["state"],
        "System.ChangedDate": thing["changed"],
    }
    changed = {"System.State": {"oldValue": thing["was"], "newValue": thing["state"]}}
    container = {"id": "c0000001", "baseUrl": home}
    now = {"workItemId": thing["id"], "revisedBy": who, "fields": changed}
    return {
        "subscriptionId": "5b000000-0000-4000-8000-000000000001",
        "id": str(uuid.uuid4()),
        "eventType": "workitem.updated",
        "publisherId": "tfs",
        "resource": {**now, "revision": {"id": thing["id"], "fields": fields}},
        "resourceContainers": {"collection": container, "project": {"id": PROJECT}},
        "createdDate": iso(at),
    }
