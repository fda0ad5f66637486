"""The methods there are, each with the scope that its page asks for.

Source: https://docs.slack.dev/reference/methods
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...store import Record
from .. import views
from ..errors import SlackError
from ..world import World
from . import auth, chat, conversations, users
from .call import Call, Method, route


async def views_open(call: Call) -> Record:
    """Opens a modal before whoever set off the trigger, within three seconds."""
    user = call.world.triggers.exchange(call.text("trigger_id"))
    return {"view": views.shown(views.opened(call.world.workspace, call.get("view"), user=user))}


METHODS: dict[str, tuple[Method, str]] = {
    "apps.uninstall": (auth.uninstall, ""),
    "auth.revoke": (auth.revoke, ""),
    "auth.test": (auth.test, ""),
    "chat.delete": (chat.delete, "chat:write"),
    "chat.getPermalink": (chat.get_permalink, ""),
    "chat.postEphemeral": (chat.post_ephemeral, "chat:write"),
    "chat.postMessage": (chat.post_message, "chat:write"),
    "chat.update": (chat.update, "chat:write"),
    "conversations.info": (conversations.info, ""),
    "conversations.join": (conversations.join, "channels:join"),
    "conversations.list": (conversations.listed, ""),
    "conversations.open": (conversations.opened, "im:write"),
    "users.info": (users.info, "users:read"),
    "users.list": (users.listed, "users:read"),
    "users.lookupByEmail": (users.lookup_by_email, "users:read.email"),
    "views.open": (views_open, ""),
}


def routes(world: World) -> list[Route]:
    known = [route(world, name, method, scope=scope) for name, (method, scope) in METHODS.items()]
    return [*known, Route("/api/{name}", unknown, methods=["GET", "POST"])]


async def unknown(_: Request) -> Response:
    return SlackError("unknown_method").response()
