"""Pretend mail services that keep mails until somebody asks for them:
https://resend.com/docs/api-reference/emails/retrieve-received-email ,
https://docs.mailtrap.io/developers/inbound/messages ; and Amazon SNS, where topics are confirmed:
https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

KEY = "re_1815"
#: What the next call is refused with, as each of them says it.
REFUSALS = {
    401: {"statusCode": 401, "message": "API key is invalid", "name": "validation_error"},
    404: {"statusCode": 404, "message": "Email not found", "name": "not_found"},
    429: {"statusCode": 429, "message": "Too many requests", "name": "rate_limit_exceeded"},
    500: {"statusCode": 500, "message": "Internal", "name": "application_error"},
}


@dataclass
class MailServices:
    """``mails`` by the paths at which they are asked for; ``confirmed`` are topics with tokens."""

    mails: dict[str, dict[str, Any]] = field(default_factory=dict)
    confirmed: list[tuple[str, str]] = field(default_factory=list)
    #: Statuses with which the next calls are refused.
    refuses: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/", self._confirm), Route("/{path:path}", self._hand_over)])

    async def _hand_over(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        if self.refuses:
            return _refused(self.refuses.pop(0))
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _refused(401)
        found = self.mails.get(request.url.path)
        return JSONResponse(found) if found else _refused(404)

    async def _confirm(self, request: Request) -> Response:
        said = request.query_params
        if said.get("Action") != "ConfirmSubscription" or said.get("Token") == "expired":
            return Response("<ErrorResponse/>", 400, media_type="text/xml")
        self.confirmed.append((said["TopicArn"], said["Token"]))
        return Response("<ConfirmSubscriptionResponse/>", media_type="text/xml")


def _refused(status: int) -> Response:
    after = {"retry-after": "7"} if status == 429 else {}
    return JSONResponse(REFUSALS[status], status, headers=after)
