"""The addresses of the site, and how one of them is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from django.urls import URLPattern, get_resolver

from tests.attacks.canaries import Marked
from tests.attacks.routes import ROUTES

FORM = "application/x-www-form-urlencoded"
#: ``<slug:slug>`` and ``(?P<key>[-:\w]+)``.
PART = re.compile(r"<(?:\w+:)?\w+>|\(\?P<\w+>[^)]*\)")


def _walk(patterns, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        if isinstance(each, URLPattern):
            yield before + str(each.pattern), each
        else:
            yield from _walk(each.url_patterns, before + str(each.pattern))


@cache
def resolved() -> dict[str, URLPattern]:
    """Every path that the site answers."""
    return dict(_walk(get_resolver().url_patterns))


def filled(path: str, *values: str) -> str:
    """The path with these values in place of its parts."""
    rest = list(values)
    return "/" + PART.sub(lambda _: rest.pop(0), path).replace("^", "").replace("$", "")


def address(path: str, of: Marked) -> str:
    return filled(path, *(of[word] for word in ROUTES[path].args.split()))


def text_of(response) -> str:
    """Everything that somebody gets to see of an answer, in small letters."""
    said = b"".join(response) if response.streaming else response.content
    return f"{response.headers} {said.decode(errors='replace')}".lower()


def ends(response) -> str:
    """In the words of the table."""
    if response.status_code != 302:
        return str(response.status_code)
    there = response["Location"]
    for word, start in (("login", "/accounts/login/"), ("again", "/accounts/reauthenticate/")):
        if there.startswith(start):
            return word
    return "away" if there.startswith("http") else "to"
