"""The token endpoint: a code or a refresh token in, an access token out."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .clients import Client
from .dialect import Dialect, Refused
from .grants import Grants
from .store import Record

Issue = Callable[[Record], Record]


class Exchange:
    """RFC 6749, 3.2, in the partner's dialect.

    `issue` turns a redeemed grant into the body of the answer.
    """

    def __init__(self, client: Client, grants: Grants, *, dialect: Dialect, issue: Issue) -> None:
        self._client = client
        self._grants = grants
        self._dialect = dialect
        self._issue = issue

    def routes(self) -> list[Route]:
        return [Route(self._dialect.token_path, self.exchange, methods=["POST"])]

    async def exchange(self, request: Request) -> Response:
        dialect = self._dialect
        try:
            asked = await fields(request, dialect)
            self._check_client(request, asked)
            return dialect.answer(request, self._granted(asked), 200)
        except Refused as refused:
            body = dialect.error_body(dialect.errors[refused.reason])
            return dialect.answer(request, body, dialect.error_status)

    def _check_client(self, request: Request, asked: Record) -> None:
        client_id, client_secret = credentials(request, asked, dialect=self._dialect)
        if client_id != self._client.client_id:
            raise Refused("unknown_client")
        if not self._client.proves(client_secret):
            raise Refused("wrong_secret")

    def _granted(self, asked: Record) -> Record:
        implied = "" if self._dialect.grant_type_required else "authorization_code"
        grant_type = asked.get("grant_type") or implied
        if grant_type == "refresh_token":
            return self._dialect.token_body(self._grants.refresh(asked.get("refresh_token", "")))
        if grant_type != "authorization_code":
            raise Refused("unknown_grant_type")
        return self._issue(
            self._grants.redeem(
                asked.get("code", ""),
                asked.get("redirect_uri", ""),
                verifier=asked.get("code_verifier", ""),
            )
        )


async def fields(request: Request, dialect: Dialect) -> Record:
    """The fields of a token request; a body in the wrong format reads as empty."""
    is_json = request.headers.get("content-type", "").startswith("application/json")
    if dialect.body == ("form" if is_json else "json"):
        return {}
    if not is_json:
        return {key: str(value) for key, value in (await request.form()).items()}
    try:
        body = json.loads(await request.body())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def credentials(request: Request, asked: Record, *, dialect: Dialect) -> tuple[str, str]:
    """Client id and secret from where the dialect lets them come."""
    basic = basic_credentials(request)
    if basic is not None and dialect.client_auth != "post":
        return basic
    if dialect.client_auth == "basic":
        return "", ""
    return str(asked.get("client_id", "")), str(asked.get("client_secret", ""))


def basic_credentials(request: Request) -> tuple[str, str] | None:
    """User and password of HTTP Basic, form-encoded inside as RFC 6749, 2.3.1 has it."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return unquote(user), unquote(password)
