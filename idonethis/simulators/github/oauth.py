"""GitHub's OAuth.

Source: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..dialect import Dialect, Reason, renewal
from ..store import Record

OAUTH_APP = {"access": "gho_"}
GITHUB_APP = {"access": "ghu_", "refresh": "ghr_"}
# A wider scope includes the narrower ones, which are then dropped ("Normalized scopes").
WIDER = {
    "user": {"user:email", "user:follow", "read:user"},
    "repo": {"public_repo", "repo:status", "repo_deployment", "repo:invite", "security_events"},
    "admin:repo_hook": {"write:repo_hook", "read:repo_hook"},
    "write:repo_hook": {"read:repo_hook"},
    "admin:org": {"write:org", "read:org"},
    "write:org": {"read:org"},
}
DESCRIPTIONS = {
    "incorrect_client_credentials": "The client_id and/or client_secret passed are incorrect.",
    "redirect_uri_mismatch": (
        "The redirect_uri MUST match the registered callback URL for this application."
    ),
    "bad_verification_code": "The code passed is incorrect or expired.",
    "bad_refresh_token": "The refresh token passed is incorrect or expired.",
    "unsupported_grant_type": "The grant type must be authorization_code or refresh_token.",
}
ERRORS: Mapping[Reason, str] = {
    "unknown_client": "incorrect_client_credentials",
    "wrong_secret": "incorrect_client_credentials",
    "unknown_grant_type": "unsupported_grant_type",
    "unknown_code": "bad_verification_code",
    "used_code": "bad_verification_code",
    "expired_code": "bad_verification_code",
    "other_redirect": "redirect_uri_mismatch",
    "wrong_verifier": "bad_verification_code",
    "unknown_refresh": "bad_refresh_token",
}
HELP = "/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/"


def mint(prefix: str) -> str:
    alphabet = string.ascii_letters + string.digits
    return prefix + "".join(secrets.choice(alphabet) for _ in range(36))


def normalized(scopes: list[str]) -> list[str]:
    """The granted scopes, sorted, without those that another one includes."""
    included = {narrow for scope in scopes for narrow in WIDER.get(scope, set())}
    return sorted(set(scopes) - included)


def token_body(token: Record) -> Record:
    body = {
        "access_token": token["access_token"],
        "token_type": "bearer",
        "scope": ",".join(normalized(token["scopes"])),
    }
    return {**body, **renewal(token)}


def error_body(error: str) -> Record:
    anchor = error.replace("_", "-")
    described = {"error": error, "error_description": DESCRIPTIONS[error]}
    return {**described, "error_uri": f"{HELP}#{anchor}"}


def answer(request: Request, body: Record, _: int) -> Response:
    """Always 200: a form unless the request accepts JSON."""
    if "json" in request.headers.get("accept", ""):
        return JSONResponse(body)
    return Response(urlencode(body), media_type="application/x-www-form-urlencoded")


def dialect(token_lifetime: int | None) -> Dialect:
    """An OAuth app's tokens live for ever; with a lifetime they are those of a GitHub App."""
    prefixes = OAUTH_APP if token_lifetime is None else GITHUB_APP
    return Dialect(
        authorize_path="/login/oauth/authorize",
        token_path="/login/oauth/access_token",  # noqa: S106
        client_auth="post",
        body="either",
        scope_separator=",",
        grant_type_required=False,
        redirect_uri_required=False,
        lifetime=token_lifetime,
        mint=lambda kind: mint(prefixes[kind]),
        token_body=token_body,
        errors=ERRORS,
        error_body=error_body,
        answer=answer,
    )
