"""When an entry can be seen: by whoever asks the database, and by whoever looks at the page."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psycopg

from bench.databases import Kept

NEWER = "SELECT id, body FROM entries_entry WHERE id > {after} ORDER BY id"
NUMBER = re.compile(r"Cast gear (9\d{6}) ")
#: Between two looks, in seconds.
GLANCE = 0.002
Ask = Callable[[str], list[tuple[int, str]]]


@contextmanager
def asking(kept: Kept) -> Iterator[Ask]:
    """The database of the entries, by a connection that only reads."""
    if kept.is_postgres:
        opened = psycopg.connect(kept.env["DATABASE_URL"], autocommit=True)
    else:
        path = f"file:{kept.data / 'log.sqlite3'}?mode=ro"
        opened = sqlite3.connect(path, uri=True, isolation_level=None, timeout=20)
    with closing(opened) as connection:
        yield lambda question: connection.execute(question).fetchall()


class Watch:
    """``seen``: when each number was first there."""

    def __init__(self, ask: Ask) -> None:
        self.seen: dict[int, float] = {}
        self._ask, self._after = ask, 0

    def look(self) -> set[int]:
        """Returns what was not there before."""
        rows, now = self._ask(NEWER.format(after=self._after)), time.perf_counter()
        for pk, body in rows:
            self._after = pk
            self.seen.setdefault(numbered(body), now)
        return {numbered(body) for _, body in rows}

    async def until(self, numbers: set[int], *, patience: float) -> bool:
        """Looks until all of these are there; False where that took too long."""
        late, missing = time.monotonic() + patience, numbers - self.seen.keys()
        while missing and time.monotonic() < late:
            await asyncio.sleep(GLANCE)
            missing -= self.look()
        return not missing


def numbered(body: str) -> int:
    found = NUMBER.search(body)
    return int(found[1]) - 9_000_000 if found else -1


class Page:
    """The log as Ada's browser asks for what is new, over one connection."""

    def __init__(self, url: str, cookie: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", urlsplit(url).port, timeout=60)
        self._headers = {"Cookie": f"session={cookie}", "HX-Request": "true"}

    def read(self, path: str) -> str:
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        if answer.status not in (200, 204):
            raise SystemExit(f"{path} was answered with {answer.status}.")
        return answer.read().decode()

    def shows(self, number: int) -> bool:
        return f"Cast gear {9_000_000 + number} " in self.read("/t/analytical-engines")
