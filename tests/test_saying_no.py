"""What partners answer where they refuse, in the words of their documentation, and what it means
here: what is over by itself, and what takes somebody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from idonethis.integrations import registry
from idonethis.integrations.http import (
    Again,
    Answer,
    Failed,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
)


@dataclass(frozen=True)
class No:
    """``says`` is a part of the sentence, ``after`` how many seconds it is left in peace."""

    status: int
    means: type[Failed]
    says: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    after: float | None = None


def asana(message):
    return {"errors": [{"message": message, "help": "See the documentation."}]}


def clickup(message, code):
    return {"err": message, "ECODE": code}


def monday(code, **more):
    return {"data": None, "errors": [{"message": "No", "extensions": {"code": code, **more}}]}


def notion(code):
    return {"object": "error", "status": 0, "code": code, "message": "No."}


SAID = {
    "asana": (
        No(400, Never, "workspace: Missing input", asana("workspace: Missing input")),
        No(401, NeedsReconnect, "Not Authorized", asana("Not Authorized")),
        No(402, NeedsPermission, "plan", asana("Not available in your plan")),
        No(403, NeedsPermission, "member of the project", asana("Forbidden")),
        No(403, Again, "still has the webhook", asana("Duplicated webhook. Delete it."), after=60),
        No(404, Gone, "project: Unknown object: 1842", asana("project: Unknown object: 1842")),
        No(429, Again, "fewer calls", asana("Too many"), {"retry-after": "30"}, after=30),
        No(429, Again, "fewer calls", asana("Too many"), after=60),
        No(451, Never, "legal", asana("Blocked for legal reasons")),
        No(503, Again, "503", asana("Service Unavailable")),
    ),
    "clickup": (
        No(400, Never, "Invalid events", clickup("Invalid events", "WEBHOOK_002")),
        No(401, NeedsReconnect, "OAUTH_019", clickup("Token not found", "OAUTH_019")),
        No(401, NeedsReconnect, "OAUTH_021", clickup("Token not found", "OAUTH_021")),
        No(401, NeedsReconnect, "OAUTH_025", clickup("Token invalid", "OAUTH_025")),
        No(401, NeedsReconnect, "OAUTH_077", clickup("Token not found", "OAUTH_077")),
        *(
            No(401, NeedsPermission, "tick the workspace", clickup("Team not authorized", code))
            for code in (
                "OAUTH_023",
                "OAUTH_026",
                "OAUTH_027",
                "OAUTH_029",
                "OAUTH_030",
                "OAUTH_045",
            )
        ),
        No(401, NeedsReconnect, "OAUTH_046", clickup("Something else", "OAUTH_046")),
        No(403, NeedsPermission, "No access", clickup("No access", "ACCESS_083")),
        No(404, Gone, "Task not found", clickup("Task not found, deleted", "ITEM_013")),
        No(429, Again, "Rate limit reached", clickup("Rate limit reached", "APP_002"), after=60),
        No(500, Again, "500", clickup("Internal Server Error", "INTERNAL")),
    ),
    "monday_com": (
        No(200, Never, "InvalidURLException", monday("InvalidURLException")),
        No(200, Never, "ItemsLimitationException", monday("ItemsLimitationException")),
        No(400, Never, "no reason given", {"errors": [{"message": "Parse error"}]}),
        No(401, NeedsReconnect, "no longer accepts", {"errors": ["Not Authenticated"]}),
        No(401, NeedsReconnect, "no longer accepts", monday("UNAUTHORIZED")),
        No(200, NeedsPermission, "Unauthorized", monday("UserUnauthorizedException")),
        No(403, NeedsPermission, "UNAUTHORIZED", monday("USER_UNAUTHORIZED")),
        No(200, NeedsPermission, "Permissions", monday("missingRequiredPermissions")),
        No(200, Gone, "InvalidBoardIdException", monday("InvalidBoardIdException")),
        No(200, Gone, "InvalidWebhookIdException", monday("InvalidWebhookIdException")),
        No(200, Gone, "ResourceNotFoundException", monday("ResourceNotFoundException")),
        No(
            200,
            Again,
            "fewer calls",
            monday("COMPLEXITY_BUDGET_EXHAUSTED", retry_in_seconds=7),
            after=7,
        ),
        No(200, Again, "fewer calls", monday("ComplexityException"), after=60),
        No(
            200,
            Again,
            "fewer calls",
            monday("FIELD_LIMIT_EXCEEDED", retry_in_seconds=15),
            {"retry-after": "20"},
            after=20,
        ),
        No(200, Again, "in a day", monday("DAILY_LIMIT_EXCEEDED"), after=3600),
        No(429, Again, "fewer calls", monday("maxConcurrencyExceeded"), after=60),
        No(429, Again, "fewer calls", {"errors": [{"message": "Rate Limit Exceeded."}]}, after=60),
        No(423, Again, "fewer calls", monday("RESOURCE_LOCKED"), after=60),
        No(200, Again, "out of order", monday("INTERNAL_SERVER_ERROR")),
    ),
    "notion": (
        No(400, Never, "validation_error", notion("validation_error")),
        No(401, NeedsReconnect, "unauthorized", notion("unauthorized")),
        No(403, NeedsPermission, "restricted_resource", notion("restricted_resource")),
        No(404, Gone, "not shared with us", notion("object_not_found")),
        No(409, Again, "conflict_error", notion("conflict_error"), after=5),
        No(429, Again, "rate_limited", notion("rate_limited"), {"retry-after": "12"}, after=12),
        No(429, Again, "rate_limited", notion("rate_limited"), after=60),
        No(503, Again, "503", notion("service_unavailable")),
        No(504, Again, "504", notion("gateway_timeout")),
    ),
    "feed": (
        No(401, NeedsPermission, "not public"),
        No(403, NeedsPermission, "not public"),
        No(403, Again, "fewer calls", headers={"retry-after": "600"}, after=600),
        No(404, Gone, "type its new address"),
        No(406, Never, "does not send it"),
        No(410, Gone, "is no more"),
        No(429, Again, "fewer calls"),
        No(502, Again, "502"),
    ),
    "ical": (
        No(401, NeedsReconnect, "connect the calendar again"),
        No(403, NeedsReconnect, "connect the calendar again"),
        No(403, Again, "fewer calls", headers={"retry-after": "600"}, after=600),
        No(404, Gone, "connect the calendar again"),
        No(406, Never, "does not send it"),
        No(410, Gone, "connect the calendar again"),
        No(429, Again, "fewer calls"),
        No(503, Again, "503"),
    ),
}
ALL = [
    pytest.param(kind, no, id=f"{kind}-{no.status}-{no.says}")
    for kind, said in SAID.items()
    for no in said
]


@pytest.mark.parametrize(("kind", "no"), ALL)
def test_what_a_partner_refuses_means_what_its_documentation_says(kind, no):
    integration = registry.integrations()[kind]
    answer = Answer(no.status, no.headers, orjson.dumps(no.body) if no.body else b"")
    with pytest.raises(Failed) as told:
        integration.answers.judge(answer, partner=integration.name)
    assert type(told.value) is no.means
    assert no.says in str(told.value) and "unknown" not in str(told.value)
    assert getattr(told.value, "after", None) == no.after


@pytest.mark.parametrize("kind", SAID)
def test_what_is_no_refusal_is_none(kind):
    integration = registry.integrations()[kind]
    integration.answers.judge(Answer(200, body=b'{"data": {}}'), partner=integration.name)
