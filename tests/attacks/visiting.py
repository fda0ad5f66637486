"""A person with a browser that has no scripts, at a running server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from idonethis.simulators import visitor


class Visitor:
    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.Client(base_url=url, timeout=30, follow_redirects=True)
        self.seen: dict[str, str] = {}

    def get(self, path: str, **more) -> httpx.Response:
        answer = self.client.get(path, **more)
        self.seen[str(answer.url)] = answer.text
        return answer

    def post(self, path: str, **fields) -> httpx.Response:
        """Presses a button on a page of ours."""
        if "csrf" not in self.client.cookies:
            self.get("/accounts/login/")
        said = {"csrfmiddlewaretoken": self.client.cookies["csrf"], **fields}
        return self.client.post(path, data=said)

    def connect(self, kind: str, who: str, **chosen) -> dict[str, str]:
        """To the partner and back; what the partner sent along."""
        said = {"csrfmiddlewaretoken": self.client.cookies["csrf"], **chosen}
        leaving = self.client.post(f"/auth/{kind}", data=said, follow_redirects=False)
        back = visitor.consent(leaving.headers["location"], who)
        self.get(f"/auth/{kind}/callback", params=back)
        return back

    def crawl(self, *begin: str, most: int = 150) -> None:
        """Every page that can be reached from these."""
        waiting, asked = list(begin), set()
        while waiting and len(self.seen) < most:
            path = waiting.pop(0)
            if path not in asked:
                asked.add(path)
                waiting += self._links(self.get(path).text)

    def _links(self, page: str) -> Iterator[str]:
        for href in re.findall(r'href="([^"#]+)', page):
            parts = urlsplit(href.replace("&amp;", "&"))
            ours = not parts.netloc or href.startswith(self.url)
            if ours and not parts.path.startswith("/static/") and parts.path:
                yield f"{parts.path}?{parts.query}" if parts.query else parts.path

    def close(self) -> None:
        self.client.close()
