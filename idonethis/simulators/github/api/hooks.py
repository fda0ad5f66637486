"""Hooks and their deliveries: https://docs.github.com/en/rest/repos/webhooks"""

from __future__ import annotations

import uuid

from starlette.responses import JSONResponse, Response

from ...store import Record
from ..payloads import hook as payloads
from ..payloads.people import user
from ..payloads.repository import repository as repository_payload
from .call import Call
from .paging import by_cursor, paged

FULL = frozenset({"repo", "public_repo", "admin:repo_hook"})
WRITE = FULL | {"write:repo_hook"}
READ = WRITE | {"read:repo_hook"}


async def listed(call: Call) -> Response:
    hooks = call.world.hooks.of(call.administered(READ)["full_name"])
    return paged(call, [payloads.hook(call.web, hook) for hook in hooks])


async def create(call: Call) -> Response:
    repository = call.administered(WRITE)
    hook = call.world.hooks.create(repository["full_name"], call.body)
    body = payloads.hook(call.web, hook)
    call.world.later.start(ping(call, repository, hook))
    return JSONResponse(body, 201, {"Location": body["url"]})


async def one(call: Call) -> Response:
    return JSONResponse(payloads.hook(call.web, found(call, call.administered(READ))))


async def change(call: Call) -> Response:
    hook = call.world.hooks.change(found(call, call.administered(WRITE)), call.body)
    return JSONResponse(payloads.hook(call.web, hook))


async def delete(call: Call) -> Response:
    call.world.hooks.delete(found(call, call.administered(FULL)))
    return Response(status_code=204)


async def pings(call: Call) -> Response:
    repository = call.administered(READ)
    call.world.later.start(ping(call, repository, found(call, repository)))
    return Response(status_code=204)


async def deliveries(call: Call) -> Response:
    hook = found(call, call.administered(READ))
    items = [item for item in call.world.deliveries.of(hook) if meets(call, item)]
    return by_cursor(call, items, shown=[payloads.delivery(item) for item in items])


def meets(call: Call, delivery: Record) -> bool:
    arrived = delivery["status"] == "OK"
    return call.query("status", "") in ("", "success" if arrived else "failure")


async def delivery(call: Call) -> Response:
    hook = found(call, call.administered(READ))
    number = call.request.path_params["delivery"]
    record = call.world.deliveries.find(hook, number)
    return JSONResponse(payloads.delivery_in_full(record))


async def attempt(call: Call) -> Response:
    """Redeliver; the attempt itself is made after the answer."""
    hook = found(call, call.administered(WRITE))
    record = call.world.deliveries.find(hook, call.request.path_params["delivery"])
    call.world.later.start(call.world.deliveries.redeliver(hook, record))
    return JSONResponse({}, 202)


def found(call: Call, repository: Record) -> Record:
    return call.world.hooks.find(repository["full_name"], call.request.path_params["hook"])


async def ping(call: Call, repository: Record, hook: Record) -> None:
    """A ping goes to the hook whatever its events are."""
    owner = call.world.repositories.owner(repository)
    payload = {
        **payloads.ping(call.web, hook),
        "repository": repository_payload(call.web, repository, owner),
        "sender": user(call.web, call.account),
    }
    await call.world.deliveries.send(hook, "ping", payload, guid=str(uuid.uuid4()))
