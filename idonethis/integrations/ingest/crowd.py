"""How many connections there may be, and how many of them from one address."""

from __future__ import annotations

import asyncio
import resource
from collections import Counter

from django.conf import settings


class Crowd:
    """Behind a proxy all come from its address, and the proxy counts its own."""

    def __init__(self, most: int, *, each: int) -> None:
        self._most, self._each = most, each
        self._by_address: Counter[str] = Counter()
        self._all: dict[asyncio.BaseTransport, str] = {}

    @classmethod
    def here(cls) -> Crowd:
        """As the installation says, and within half of the descriptors that the process may have:
        databases need some, too."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        most = min(settings.MOST_CONNECTIONS, hard // 2) if hard > 0 else settings.MOST_CONNECTIONS
        return cls(most, each=most if settings.BEHIND_PROXY else most // 2)

    def admits(self, transport: asyncio.BaseTransport) -> bool:
        address = str((transport.get_extra_info("peername") or ("",))[0])
        if len(self._all) >= self._most or self._by_address[address] >= self._each:
            return False
        self._by_address[address] += 1
        self._all[transport] = address
        return True

    def leave(self, transport: asyncio.BaseTransport) -> None:
        address = self._all.pop(transport, None)
        if address is None:
            return
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]
