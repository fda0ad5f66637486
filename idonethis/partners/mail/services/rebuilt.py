"""A mail, put together again from what a service took it apart into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email import policy
from email.message import EmailMessage
from typing import Any

from idonethis.integrations.shapes import records

Header = tuple[str, str]

#: They say how the body came, which is no longer how it is.
OF_THE_BODY = ("content-type", "content-transfer-encoding", "mime-version")
#: https://www.rfc-editor.org/rfc/rfc5322#section-3.6.8
NAME = re.compile(r"[!-9;-~]+")


def rebuilt(headers: Iterable[Header], text: Any, html: Any) -> bytes:
    """With headers in UTF-8 (https://www.rfc-editor.org/rfc/rfc6532). Nothing, where it has neither
    header nor text."""
    head, body = b"".join(_lines(headers)), _body(_words(text), _words(html))
    return head + body if head and body else b""


def headers_of(said: Any) -> Iterator[Header]:
    """Of a JSON object, in which one that came several times may be a list; of a list of pairs; or
    of a list of objects with a name and a value each."""
    if isinstance(said, dict):
        for name, value in said.items():
            yield from ((name, each) for each in _texts(value))
    elif isinstance(said, list):
        yield from _listed(said)


def _listed(said: list[Any]) -> Iterator[Header]:
    for name, value in (each for each in said if isinstance(each, list) and len(each) == 2):
        yield from ((str(name), each) for each in _texts(value))
    for each in records(said):
        named = {name.lower(): value for name, value in each.items()}
        yield from ((str(named.get("name")), text) for text in _texts(named.get("value")))


def _texts(value: Any) -> list[str]:
    given = value if isinstance(value, list) else [value]
    return [each for each in given if isinstance(each, str)]


def _lines(headers: Iterable[Header]) -> Iterator[bytes]:
    """A value that breaks the line must not begin a header of its own."""
    for name, value in headers:
        if NAME.fullmatch(name) and name.lower() not in OF_THE_BODY:
            yield f"{name}: {' '.join(value.split())}\r\n".encode()


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _body(text: str, html: str) -> bytes:
    message = EmailMessage(policy.SMTP)
    if text:
        message.set_content(text)
    if html and text:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    return message.as_bytes() if text or html else b""
