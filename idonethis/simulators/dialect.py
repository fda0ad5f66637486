"""How one partner speaks OAuth 2.0, as data."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .store import Record

Reason = Literal[
    "unknown_client",
    "wrong_secret",
    "unknown_grant_type",
    "unknown_code",
    "used_code",
    "expired_code",
    "other_redirect",
    "wrong_verifier",
    "unknown_refresh",
]

RFC_ERRORS: Mapping[Reason, str] = {
    "unknown_client": "invalid_client",
    "wrong_secret": "invalid_client",
    "unknown_grant_type": "unsupported_grant_type",
    "unknown_code": "invalid_grant",
    "used_code": "invalid_grant",
    "expired_code": "invalid_grant",
    "other_redirect": "invalid_grant",
    "wrong_verifier": "invalid_grant",
    "unknown_refresh": "invalid_grant",
}


class Refused(Exception):
    """A token request that is not granted; `reason` is looked up in the dialect's errors."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def opaque(_: str) -> str:
    """A new token of that kind ("access", "refresh", ...): here one without any shape."""
    return secrets.token_urlsafe(32)


def rfc_token(token: Record) -> Record:
    """The answer of RFC 6749, 5.1; scopes separated by spaces."""
    body = {
        "access_token": token["access_token"],
        "token_type": "Bearer",
        "scope": " ".join(token["scopes"]),
    }
    return {**body, **renewal(token)}


def renewal(token: Record) -> Record:
    """The part of an answer that only tokens which expire have."""
    if token["lifetime"] is None:
        return {}
    return {"expires_in": token["lifetime"], "refresh_token": token["refresh_token"]}


def rfc_error(error: str) -> Record:
    return {"error": error}


def as_json(_: Request, body: Record, status: int) -> Response:
    return JSONResponse(body, status)


@dataclass(frozen=True)
class Dialect:
    """One partner's OAuth 2.0.

    lifetime is in seconds; None means that access tokens live for ever and come without a refresh
    token. scopes None means that any scope may be asked for. With pkce "off" the parameters of
    RFC 7636 are ignored, as partners do that do not know them.
    """

    authorize_path: str = "/oauth/authorize"
    token_path: str = "/oauth/token"  # noqa: S105
    client_auth: Literal["basic", "post", "either"] = "either"
    body: Literal["form", "json", "either"] = "form"
    scope_separator: str = " "
    scopes: frozenset[str] | None = None
    pkce: Literal["off", "optional", "required"] = "optional"
    grant_type_required: bool = True
    redirect_uri_required: bool = True
    code_lifetime: int = 600
    lifetime: int | None = None
    rotates: bool = True
    mint: Callable[[str], str] = opaque
    token_body: Callable[[Record], Record] = rfc_token
    errors: Mapping[Reason, str] = field(default_factory=lambda: RFC_ERRORS)
    error_body: Callable[[str], Record] = rfc_error
    error_status: int = 400
    answer: Callable[[Request, Record, int], Response] = as_json

    def split(self, scope: str) -> list[str]:
        return [part for part in scope.replace(self.scope_separator, " ").split() if part]
