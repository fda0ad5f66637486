"""What is spoken with assistants, by the SDK of the protocol: each message for itself, with nothing
kept between two of them, so that any process may answer the next one.
https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import anyio
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import CallToolResult, ListToolsResult, TextContent, ToolAnnotations
from mcp_types import Tool as Listed

from idonethis import __version__
from idonethis.assistants.asking import Asking
from idonethis.assistants.calling import Called, call, offered
from idonethis.assistants.heard import Heard
from idonethis.assistants.telling import NOTE
from idonethis.assistants.tool import Tool

INSTRUCTIONS = (
    "I Done This is the log of what a team got done. You act for one person, see what they see, "
    "and do what they may. What you log is a draft that only they see, unless they have let you "
    "write. "
    f"{NOTE} Give log a key of its own for each entry, and the same one when you try again."
)


@async_to_sync
async def answer(asking: Asking) -> Heard:
    """What is answered to one request. Tools run in the thread that asks, since its transactions
    and its database belong to it."""
    talk = Talk(asking)
    speaking = StreamableHTTPSessionManager(
        talk.server, json_response=True, stateless=True, security_settings=_from_here(asking)
    )
    async with speaking.run():
        await speaking.handle_request(talk.scope, talk.receive, talk.send)
    return talk.heard


def _from_here(asking: Asking) -> TransportSecuritySettings:
    """Django has judged the name by which we are called. A page of another site, or one that has
    taken our name for its own, is not listened to, whatever it brings."""
    site = urlsplit(settings.BASE_URL)
    return TransportSecuritySettings(
        allowed_hosts=[asking.request.get_host()],
        allowed_origins=[f"{site.scheme}://{site.netloc}"],
    )


class Talk:
    """One request, as the SDK takes it and answers it."""

    def __init__(self, asking: Asking) -> None:
        self.heard = Heard()
        self._asking, self._body = asking, [asking.request.body]

    @property
    def server(self) -> Server[Any]:
        return Server(
            "idonethis",
            title="I Done This",
            version=__version__,
            instructions=INSTRUCTIONS,
            website_url=settings.BASE_URL,
            on_list_tools=self._list,
            on_call_tool=self._call,
        )

    @property
    def scope(self) -> dict[str, Any]:
        request = self._asking.request
        named = {name.lower(): value for name, value in request.headers.items()}
        named["host"] = request.get_host()
        headers = [
            (name.encode(), each.encode("latin-1", "replace")) for name, each in named.items()
        ]
        return {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "path": request.path,
            "raw_path": request.path.encode(),
            "query_string": b"",
            "headers": headers,
        }

    async def receive(self) -> dict[str, Any]:
        """The body; afterwards whoever asks waits for us, and does not hang up."""
        if not self._body:
            await anyio.sleep_forever()
        return {"type": "http.request", "body": self._body.pop(), "more_body": False}

    async def send(self, message: Any) -> None:
        self.heard.hear(message)

    async def _list(self, context: Any, asked: Any) -> ListToolsResult:
        return ListToolsResult(tools=[_listed(tool) for tool in offered(self._asking)])

    async def _call(self, context: Any, asked: Any) -> CallToolResult:
        called = await sync_to_async(call)(self._asking, asked.name, asked.arguments or {})
        self.heard.wants = called.wants
        return _told(called)


def _listed(tool: type[Tool]) -> Listed:
    return Listed(
        name=tool.name,
        title=tool.title,
        description=" ".join((tool.__doc__ or "").split()),
        input_schema=tool.model_json_schema(),
        output_schema=tool.gives.model_json_schema(mode="serialization"),
        annotations=ToolAnnotations.model_validate({"title": tool.title, **tool.hints}),
    )


def _told(called: Called) -> CallToolResult:
    """As data, and for clients that know no data as the same in JSON."""
    if called.gives is None:
        return CallToolResult(content=[TextContent(text=called.problem)], is_error=True)
    text = json.dumps(called.gives, ensure_ascii=False)
    return CallToolResult(content=[TextContent(text=text)], structured_content=called.gives)
