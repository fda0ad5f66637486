"""What people typed, as HTML: everything is escaped, and only addresses and tags become links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WORTH_A_LOOK = re.compile(
    r"(?P<url>https?://[^\s<>\"“”`]+)"
    r"|(?P<mail>(?<![\w.+-])(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})"
    r"|(?<![\w&/#])#(?=[\d_-]*[^\W\d_])(?P<tag>[\w-]{1,50})",
    re.IGNORECASE,
)
_PAIRS = {")": "(", "]": "[", "}": "{"}
_SCHEMES = ("http", "https")


def linkify(text: str, tag_base: str = "") -> SafeString:
    """Plain text to safe HTML. ``http``, ``https`` and mail addresses become links, and ``#tag``
    becomes one to ``tag_base?tag=...`` where a base is given; the rest stays as it was typed."""
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text, tag_base)))


def tags(text: str) -> Iterator[str]:
    """The ``#tags`` that ``linkify`` would link, lower case and without the ``#``. ``#12`` is a
    number, and what stands in an address belongs to the address."""
    return (found["tag"].lower() for found in _WORTH_A_LOOK.finditer(text) if found["tag"])


def _pieces(text: str, tag_base: str) -> Iterator[str]:
    end = 0
    for found in _WORTH_A_LOOK.finditer(text):
        yield text[end : found.start()]
        yield from _link(found, tag_base)
        end = found.end()
    yield text[end:]


def _link(found: re.Match[str], tag_base: str) -> Iterator[str]:
    if url := found["url"]:
        yield from _address(url)
    elif mail := found["mail"]:
        href = "mailto:" + mail.rpartition(":")[2]
        yield format_html('<a href="{}" rel="nofollow noopener">{}</a>', href, mail)
    elif tag_base:
        href = f"{tag_base}?tag={quote(found['tag'].lower())}"
        yield format_html('<a href="{}" class="tag">{}</a>', href, found[0])
    else:
        yield found[0]


def _address(url: str) -> Iterator[str]:
    url, after = _without_punctuation(url)
    if _opens(url):
        yield format_html('<a href="{}" rel="nofollow noopener">{}</a>', url, url)
    else:
        yield url
    yield after


def _without_punctuation(url: str) -> tuple[str, str]:
    end = len(url)
    while end and (url[end - 1] in ".,;:!?'’*_" or _unpaired(url, end)):
        end -= 1
    return url[:end], url[end:]


def _unpaired(url: str, end: int) -> bool:
    last = url[end - 1]
    return last in _PAIRS and url.count(last, 0, end) > url.count(_PAIRS[last], 0, end)


def _opens(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in _SCHEMES and bool(parts.hostname)
    except ValueError:
        return False
