"""The proxy before several processes."""

from __future__ import annotations

import asyncio
import random
import re
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable

from tests.site import free_port

#: As ``compose.yaml`` has it.
HOOK = re.compile(rb"[A-Z]+ /integrations/[^/]+/hook[/ ?]")


class Front:
    """Takes each connection to where its first request belongs: nobody here sends hooks and looks
    at pages by the same one. ``ports`` tells where those listen that play a part; of two, the other
    gets what one refuses. In a thread of its own, as long as the driver lives."""

    def __init__(self, ports: Callable[[str], list[int]]) -> None:
        self._ports = ports
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        serving = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        serving.start()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        await server.serve_forever()

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            line = await reader.readline()
            answers, there = await self._reach("ingest" if HOOK.match(line) else "web")
            there.write(line)
            await asyncio.gather(_copy(reader, there), _copy(answers, writer))
        except OSError:
            """Who asked hears nothing, and comes again."""
        finally:
            writer.close()

    async def _reach(self, part: str) -> tuple[StreamReader, StreamWriter]:
        """Raises OSError where nobody is there."""
        ports = self._ports(part)
        for port in random.sample(ports, len(ports)):
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
        raise ConnectionRefusedError(part)


async def _copy(reader: StreamReader, writer: StreamWriter) -> None:
    """Until one side is gone, and then the other is, too."""
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    finally:
        writer.close()
