"""A partner that lets so many requests pass within so many seconds, refuses all others, and counts
both. It exists only here: its server, which follows no client, and the integration."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from idonethis.integrations.base import Client, Link, Pace, Sends


class Server:
    """``most`` within any ``per`` seconds, in all. What it says of its own accord with an answer
    are ``headers``, once."""

    def __init__(self, most: int, per: float = 1.0) -> None:
        self.most, self.per = most, per
        self.passed: list[float] = []
        self.refused = 0
        self.posts: dict[str, list[str]] = defaultdict(list)
        self.headers: dict[str, str] = {}
        self._lock = threading.Lock()
        self.app = Starlette(routes=[Route("/posts", self._post, methods=["POST"])])

    async def _post(self, request: Request) -> JSONResponse:
        said = await request.json()
        with self._lock:
            now = time.monotonic()
            if len([at for at in self.passed[-self.most :] if at > now - self.per]) >= self.most:
                self.refused += 1
                return JSONResponse({}, 429, {"retry-after": "1"})
            self.passed.append(now)
            self.posts[said["link"]].append(said["text"])
            headers, self.headers = self.headers, {}
        return JSONResponse({"id": f"post-{len(self.passed)}"}, headers=headers)

    @property
    def counted(self) -> Counter[str]:
        return Counter({link: len(texts) for link, texts in self.posts.items()})


class Turnstile(Sends):
    integration_type = "turnstile"
    name = "Turnstile"

    def __init__(self, url: str, *paces: Pace) -> None:
        self._url, self.paces = url, paces

    def base(self, secrets: object) -> str:
        return self._url

    def deliver(self, entry, link: Link, client: Client) -> str:
        said = {"link": link.hash_id, "text": entry.body}
        return str(client.post("/posts", json=said).json["id"])
