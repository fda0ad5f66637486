"""Tokens seen from the application: https://docs.github.com/en/rest/apps/oauth-applications"""

from __future__ import annotations

import hashlib

from starlette.responses import JSONResponse, Response

from ...exchange import basic_credentials
from ...store import Record
from ..commits import moment
from ..errors import ApiError, not_found
from ..oauth import normalized
from ..payloads.people import user
from .call import Call


async def check(call: Call) -> Response:
    return JSONResponse(authorization(call, live_token(call)))


async def delete_token(call: Call) -> Response:
    """The one token dies; others of the same account live on."""
    live_token(call)["revoked"] = True
    return Response(status_code=204)


async def delete_grant(call: Call) -> Response:
    """All tokens of the token's account die."""
    call.world.grants.revoke(live_token(call)["account"])
    return Response(status_code=204)


def live_token(call: Call) -> Record:
    check_client(call)
    access_token = call.body.get("access_token")
    if not isinstance(access_token, str):
        error = {"resource": "Application", "field": "access_token", "code": "missing_field"}
        raise ApiError(422, "Validation Failed", errors=[error])
    token = call.world.grants.find(access_token)
    if token is None or call.world.grants.standing(access_token) != "live":
        raise not_found()
    return token


def check_client(call: Call) -> None:
    client = call.world.client
    client_id, client_secret = basic_credentials(call.request) or ("", "")
    named = call.request.path_params["client_id"]
    if not client_id == named == client.client_id or not client.proves(client_secret):
        raise not_found()


def authorization(call: Call, token: Record) -> Record:
    access_token, created = token["access_token"], moment(token["created_at"])
    number = int.from_bytes(access_token.encode()[-4:], "big")
    expires = token["expires_at"]
    client = call.world.client
    return {
        "id": number,
        "url": call.web.api("authorizations", number),
        "app": {"client_id": client.client_id, "name": client.name, "url": client.redirect_uris[0]},
        "token": access_token,
        "hashed_token": hashlib.sha256(access_token.encode()).hexdigest(),
        "token_last_eight": access_token[-8:],
        "note": None,
        "note_url": None,
        "created_at": created,
        "updated_at": created,
        "scopes": normalized(token["scopes"]),
        "fingerprint": None,
        "expires_at": None if expires is None else moment(expires),
        "user": user(call.web, call.world.accounts[token["account"]]),
    }
