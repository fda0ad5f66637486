"""Addresses at this pretend GitHub."""

from __future__ import annotations

import base64
from dataclasses import dataclass

API = "/api/v3"


@dataclass(frozen=True)
class Web:
    """`origin` is where the browser and the application reach this simulator."""

    origin: str

    def page(self, *parts: object) -> str:
        return "/".join([self.origin, *map(str, parts)])

    def api(self, *parts: object) -> str:
        return "/".join([self.origin + API, *map(str, parts)])


def node_id(kind: str, number: int) -> str:
    """An opaque global id; GitHub tells clients not to look inside."""
    return base64.b64encode(f"0{len(kind)}:{kind}{number}".encode()).decode().rstrip("=")
