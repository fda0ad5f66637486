"""What was looked for, marked in what was found. Everything is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from idonethis.entries.search.asked import Asked, Signed, Words
from idonethis.entries.search.folding import words

#: A word with what stands above its letters.
SHOWN = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")
Span = tuple[int, int]


def marked(text: str, asked: Asked) -> SafeString:
    lit = bytearray(len(text))
    for start, end in _spans(text, asked):
        lit[start:end] = b"\1" * (end - start)
    pieces = (
        (shown, _cut(text, group)) for shown, group in groupby(range(len(text)), lit.__getitem__)
    )
    return format_html_join("", "{}", ((_shown(piece, lit),) for lit, piece in pieces))


def _cut(text: str, places: Iterator[int]) -> str:
    return "".join(text[place] for place in places)


def _shown(piece: str, lit: int) -> str:
    return format_html("<mark>{}</mark>", piece) if lit else piece


def _spans(text: str, asked: Asked) -> Iterator[Span]:
    for part in asked.looked_for:
        yield from (found.span() for found in re.finditer(part.pattern, text, re.IGNORECASE))
    there = [(words(found[0]), found.span()) for found in SHOWN.finditer(text)]
    said = [(word, span) for split, span in there for word in split]
    for each in asked.indexed:
        if not isinstance(each, Signed):
            yield from _said(each, said)


def _said(part: Words, said: list[tuple[str, Span]]) -> Iterator[Span]:
    """From the first of these words to the last, wherever they follow each other."""
    length = len(part.words)
    for start in range(len(said) - length + 1):
        there = tuple(word for word, _ in said[start : start + length])
        last = there[-1].startswith(part.words[-1]) if part.goes_on else there == part.words
        if last and there[:-1] == part.words[:-1]:
            yield said[start][1][0], said[start + length - 1][1][1]
