"""One parser for what people type, wherever they type it: web, chat, mail, command line, API."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: The longest body of an entry, in characters; the rest of a longer line is cut.
LONGEST = 2000

_BULLET = re.compile(r"^[-*•+]\s+")
_PREFIXES = (
    (re.compile(r"^\[\s?\]\s*"), "goal"),
    (re.compile(r"^\[[xX✓]\]\s*"), "done"),
    (re.compile(r"^!\s*"), "blocked"),
)
_TAG = re.compile(r"(?<![\w&/#])#(?=[\d_-]*[^\W\d_])([\w-]{1,50})")
_MENTION = re.compile(r"(?<![\w/.@])@(\w[\w.-]{0,39})")
# PostgreSQL refuses U+0000 in text, and lone surrogates cannot be encoded at all.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Line:
    """One entry-to-be as somebody typed it: ``kind`` is done, goal or blocked."""

    kind: str
    body: str


def parse(text: str, *, kind: str = "done") -> list[Line]:
    """One line of text is one entry: ``[]`` marks a goal, ``[x]`` a done, ``!`` a blocker; a line
    without a mark gets ``kind``. Bullets and blank lines are passed over."""
    lines = (_line(raw, kind) for raw in clean(text).splitlines())
    return [line for line in lines if line.body]


def _line(raw: str, kind: str) -> Line:
    text = _BULLET.sub("", raw.strip())
    for pattern, meant in _PREFIXES:
        if found := pattern.match(text):
            return Line(meant, text[found.end() :].strip()[:LONGEST])
    return Line(kind, text[:LONGEST])


def clean(text: str) -> str:
    """Text without what no database can store."""
    return _UNSTORABLE.sub("", text)


def one_line(text: str) -> str:
    """The first line that says something, cut to the length of a body."""
    lines = (line.strip() for line in clean(text).splitlines())
    return next((line for line in lines if line), "")[:LONGEST]


def tags_in(body: str) -> set[str]:
    """``#tags``, lower case; ``#12`` is a number, not a tag."""
    return {tag.lower() for tag in _TAG.findall(body)}


def mentions_in(body: str) -> set[str]:
    """``@nicknames``, lower case, whether or not anybody has that name."""
    return {name.rstrip(".-").lower() for name in _MENTION.findall(body)}
