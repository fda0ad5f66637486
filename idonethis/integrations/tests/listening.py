"""A server of ours that partners reach over real HTTP: the way in alone, as the server has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from idonethis.integrations.ingest.asgi import Ingest
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.simulators.running import running


async def elsewhere(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "lifespan":
        raise AssertionError("Only hooks are sent here.")
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


@contextmanager
def listening() -> Iterator[str]:
    """Its address."""
    writer = GroupCommit()
    writer.start()
    with running(Ingest(elsewhere, writer)) as url:
        yield url
    writer.stop()
