"""One parser for what people type, wherever they type it: web, chat, mail, command line, API."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from idonethis.ui import linkify

#: The longest body of an entry, in characters.
LONGEST = 2000
#: The longest address and the longest tag, in characters.
LONGEST_ADDRESS = 1000
LONGEST_TAG = 50

_BULLET = re.compile(r"^[-*•+](\s+|$)")
_PREFIXES = (
    (re.compile(r"^\[\s?\]\s*"), "goal"),
    (re.compile(r"^\[[xX✓]\]\s*"), "done"),
    (re.compile(r"^!\s*"), "blocked"),
)
# What may stand before the @ of a mail address: https://www.rfc-editor.org/rfc/rfc5322#section-3.2.3
_MENTION = re.compile(r"(?<![\w.@!#$%&'*+/=?^`{|}~-])@(\w[\w.-]{0,39})")
# PostgreSQL refuses U+0000 in text, and lone surrogates cannot be encoded at all. Of the other
# signs that nobody sees, those that break a line stay; the rest says something to terminals alone.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Line:
    """One entry-to-be as somebody typed it: ``kind`` is done, goal or blocked; ``rest`` is what an
    entry is too short for."""

    kind: str
    body: str
    rest: str = ""


def parse(text: str, *, kind: str = "done") -> list[Line]:
    """One line of text is one entry: ``[]`` marks a goal, ``[x]`` a done, ``!`` a blocker; a line
    without a mark gets ``kind``. Bullets and blank lines are passed over."""
    lines = (_line(raw, kind) for raw in clean(text).splitlines())
    return [line for line in lines if line.body]


def parse_whole(text: str, *, kind: str = "done") -> Line:
    """Text that is one entry, however many lines it has. Its mark, if any, stands at its beginning;
    where nothing but marks was typed, the body is empty."""
    return _line(clean(text), kind)


def _line(raw: str, kind: str) -> Line:
    text = _BULLET.sub("", raw.strip())
    for pattern, meant in _PREFIXES:
        if found := pattern.match(text):
            return _cut(meant, text[found.end() :])
    return _cut(kind, text)


def _cut(kind: str, text: str) -> Line:
    text = text.strip()
    return Line(kind, text[:LONGEST].rstrip(), text[LONGEST:].lstrip())


def clean(text: str) -> str:
    """Text without what no database can store, and without orders to a terminal."""
    return _UNWANTED.sub("", text)


def folded(text: str) -> str:
    """A login or a mail address as two of them are compared: without case where that is safe. Of
    letters that only look like others, such as the Kelvin sign, none becomes the other."""
    return text.lower() if text.isascii() else text


def one_line(text: str) -> str:
    """The first line that says something, cut to the length of a body."""
    lines = (line.strip() for line in clean(text).splitlines())
    return next((line for line in lines if line), "")[:LONGEST]


def address(url: str) -> str:
    """The address of a web page, or nothing: other schemes run programs, and a cut address leads
    nowhere."""
    url = clean(url).strip()
    try:
        opens = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return ""
    return url if opens and len(url) <= LONGEST_ADDRESS else ""


def tags_in(body: str) -> set[str]:
    """``#tags``, lower case; ``#12`` is a number, not a tag."""
    return {tag[:LONGEST_TAG] for tag in linkify.tags(body)}


def mentions_in(body: str) -> set[str]:
    """``@nicknames``, lower case, whether or not anybody has that name."""
    return {name.rstrip(".-").lower() for name in _MENTION.findall(body)}
