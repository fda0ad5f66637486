"""The account behind the token: https://docs.github.com/en/rest/users"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from ...store import Record
from ..errors import not_found
from ..payloads.people import profile
from .call import Call
from .paging import paged


async def me(call: Call) -> Response:
    now = call.world.store.now()
    return JSONResponse(profile(call.web, call.account, now=now))


async def emails(call: Call) -> Response:
    """Takes the user:email scope, or user, which includes it."""
    account = call.account
    if not call.scopes & {"user", "user:email"}:
        raise not_found()
    return paged(call, [address(account["email"], primary=True), address(account["noreply"])])


def address(email: str, *, primary: bool = False) -> Record:
    visibility = "private" if primary else None
    return {"email": email, "primary": primary, "verified": True, "visibility": visibility}
