"""The limit of uvicorn: reads the body, and answers."""

from __future__ import annotations

from typing import Any

HEAD: dict[str, Any] = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-length", b"0")],
}


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send(HEAD)
    await send({"type": "http.response.body"})
