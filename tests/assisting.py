"""Assistants, by the SDK of the protocol."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import httpx2
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client


def started(terminal, *more):
    """By a process of its own."""
    words = StdioServerParameters(
        command=str(terminal.home / "bin" / "did"),
        args=["mcp", *more],
        env=terminal.env,
        cwd=terminal.folder,
    )
    return stdio_client(words)


@asynccontextmanager
async def by_http(url, **more):
    async with (
        httpx2.AsyncClient(trust_env=False, timeout=60, **more) as web,
        streamable_http_client(f"{url}/mcp", http_client=web) as streams,
    ):
        yield streams


def with_token(url, token):
    return by_http(url, headers={"Authorization": f"Bearer {token}"})


def talk(transport, mode, *calls, at_once=False):
    """Which tools are offered, and what each call is answered."""

    async def talking():
        async with Client(transport, mode=mode) as client:
            offered = [each.name for each in (await client.list_tools()).tools]
            asked = [client.call_tool(tool, given) for tool, given in calls]
            answers = await asyncio.gather(*asked) if at_once else [await each for each in asked]
            return offered, answers

    # Beside the loop of Playwright, which stays in this thread once a test has had a browser.
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, talking()).result()
