"""Pretend Jira Cloud, as an app with OAuth 2.0 knows it:
https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/"""

from __future__ import annotations

import json
import time
import uuid
from typing import ClassVar

from joserfc import jwt
from joserfc.jwk import OctKey

from ..control import Action
from ..dialect import Dialect, rfc_token
from ..params import Params
from ..sending import Attempt
from ..store import Record
from .app import Call, Plan, Planning
from .clock import iso
from .jira_calls import (
    ENGINES,
    HOOKS,
    LOOMS,
    PEOPLE,
    PROJECTS,
    REST,
    SITES,
    WORK,
    me,
    project,
    projects,
    sites,
    trouble,
)
from .jira_webhooks import refresh, register, remove, webhooks

__all__ = ["ENGINES", "LOOMS", "Jira"]

SECRET = "pretend-jira-secret"  # noqa: S105


def token_body(token: Record) -> Record:
    """Nobody gets in for longer who has not asked for that."""
    body = rfc_token(token)
    if "offline_access" not in token["scopes"]:
        body.pop("refresh_token", None)
    return body


def issue(pk: str, number: int, title: str) -> Record:
    about = PROJECTS[pk]
    return {
        "id": f"{pk}{number}",
        "key": f"{about['key']}-{number}",
        "self": f"https://{SITES[about['site']]['name']}.atlassian.net/rest/api/2/{pk}{number}",
        "fields": {
            "summary": title,
            "project": {"id": pk, "key": about["key"], "name": about["name"]},
            "labels": [],
            "assignee": None,
        },
    }


def person(said: Record) -> Record:
    """Most people hide their mail address."""
    return {
        "accountId": said["account_id"],
        "displayName": said["name"],
        "accountType": "atlassian",
    }


def moved(thing: Record, by: Record, at: float, is_done: bool) -> None:
    category = {"key": "done", "name": "Done"} if is_done else {"key": "new", "name": "To Do"}
    status = {"name": category["name"], "statusCategory": category}
    thing["fields"] |= {"status": status, "statuscategorychangedate": iso(at)}


def told(thing: Record, by: Record, at: float, is_done: bool) -> Record:
    return {
        "timestamp": int(at * 1000),
        "webhookEvent": "jira:issue_updated",
        "user": person(by),
        "issue": thing,
        "changelog": {"items": [{"field": "status", "fieldId": "status"}]},
    }


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    """https://developer.atlassian.com/cloud/jira/platform/webhooks/#webhooks-authentication-for-oauth-2-0-apps

    By the true clock, whatever a test makes of that of the issues."""
    now = int(time.time())
    claims = {"iss": partner.name, "iat": now, "exp": now + 180}
    token = jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(SECRET))
    named = {"X-Atlassian-Webhook-Identifier": str(uuid.uuid4())}
    return {"Authorization": f"Bearer {token}", **named}


class Jira(Planning):
    name: ClassVar[str] = "jira"
    title: ClassVar[str] = "Jira"
    plan = Plan(
        calls=(
            Call("GET", "/me", me),
            Call("GET", "/oauth/token/accessible-resources", sites),
            Call("GET", f"{REST}/project/search", projects),
            Call("GET", f"{REST}/project/{{project}}", project),
            Call("GET", f"{REST}/webhook", webhooks),
            Call("POST", f"{REST}/webhook", register),
            Call("PUT", f"{REST}/webhook/refresh", refresh),
            Call("DELETE", f"{REST}/webhook", remove),
        ),
        people=PEOPLE,
        things={
            "ENG-12": issue("10000", 12, "Oil the mill"),
            "MILL-3": issue("10001", 3, "Count the cards"),
            "LOOM-1": issue("10002", 1, "Punch the cards"),
        },
        moved=moved,
        told=told,
        signing=signed,
        dialect=Dialect(
            "/authorize",
            "/oauth/token",
            client_auth="post",
            body="json",
            scopes=frozenset(("read:me", WORK, "read:jira-user", HOOKS, "offline_access")),
            pkce="off",
            lifetime=3600,
            token_body=token_body,
            error_status=403,
        ),
        refusals={
            "429": (429, trouble("Rate limit exceeded.")),
            "500": (500, trouble("Internal server error")),
            "expired": (401, {"code": 401, "message": "Unauthorized"}),
            "revoked": (401, {"code": 401, "message": "Unauthorized"}),
        },
    )

    def actions(self) -> dict[str, Action]:
        return {**super().actions(), "narrow": self._narrow, "knock": self._knock}

    async def _narrow(self, params: Params, _: str) -> Record:
        """An ``account`` takes back the one ``scope``."""
        for token in self.grants.of(params.text("account")):
            token["scopes"] = [each for each in token["scopes"] if each != params.text("scope")]
        return {"said": "It is not allowed any more."}

    async def _knock(self, params: Params, _: str) -> Record:
        """Anybody sends a ``body`` with these ``headers`` to this ``url``."""
        said = {name: str(value) for name, value in params.record("headers").items()}
        headers = {"Content-Type": "application/json", **said}
        body = params.text("body").encode()
        return {
            "answer": (await self.sender.post(params.text("url"), body, headers=headers)).status
        }

    async def send(self, hook: Record, body: bytes) -> Attempt:
        """Only while it holds, and of what its account may browse at the site."""
        about = PROJECTS[json.loads(body)["issue"]["fields"]["project"]["id"]]
        fits = about["site"] == hook["site"] and hook["account"] in about["seen"]
        if not fits or hook["expires_at"] <= self.store.now():
            return Attempt(None, "", 0)
        matched = {**json.loads(body), "matchedWebhookIds": [hook["id"]]}
        return await super().send(hook, json.dumps(matched).encode())
