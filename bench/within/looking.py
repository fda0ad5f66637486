"""Pages, as the server makes them: without the network, with everything else."""

from __future__ import annotations

import time
from contextlib import ExitStack
from functools import cache

from django.conf import settings
from django.db import connections
from django.test import Client

from bench.within.people import browser

TEAM = "/t/analytical-engines"
#: ``why`` looks through what has come and been logged for the words that it is asked about.
PAGES = {
    "log": TEAM,
    "activity": f"{TEAM}/activity",
    "integrations": f"{TEAM}/integrations",
    "why": "/why?q=gear+17",
}

#: As many as are measured are more than a person may ask for in a minute.
settings.ACCOUNT_RATE_LIMITS = False
ada = cache(browser)


def visit(page: str, times: int) -> list[float]:
    """Seconds, of each visit but the first."""
    _get(ada(), PAGES[page])
    return [_get(ada(), PAGES[page]) for _ in range(times)]


def _get(client: Client, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    took = time.perf_counter() - began
    if answer.status_code != 200:
        raise RuntimeError(f"{path} was answered with {answer.status_code}.")
    return took


def queries(page: str) -> int:
    """How often the databases are asked for it."""
    counted: list[str] = []

    def note(execute, sql, params, many, context):
        counted.append(sql)
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for alias in settings.DATABASES:
            stack.enter_context(connections[alias].execute_wrapper(note))
        _get(ada(), PAGES[page])
    return len(counted)
