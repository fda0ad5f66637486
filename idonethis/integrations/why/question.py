"""What somebody looks for, from what they typed or pasted. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit

from idonethis.entries.text import clean

LONGEST = 300
SHORTEST = 3

SHA = re.compile(r"[0-9a-f]{7,40}", re.IGNORECASE)
NUMBER = re.compile(r"#?([0-9]{1,9})")
KEY = re.compile(r"[a-z][a-z0-9_]*-[0-9]+", re.IGNORECASE)
#: A number in a place, as in ``analytical/engine#12``.
PLACED = re.compile(r"([\w.-]+/[\w.-]+)[#!]([0-9]{1,9})")
#: The part of an address that names a thing; what follows is a view of it.
THING = re.compile(rf"{KEY.pattern}|[0-9]{{1,9}}", re.IGNORECASE)
#: That a word begins before the letter that is put in, also after a line break as JSON writes it;
#: and a host, which may be a part of no other.
WORD, HOST = r"(?:(?<!\w{0})|(?<=\\[nrt]{0}))", r"(?<![\w.-]{0})"


@dataclass(frozen=True)
class Question:
    """A commit, a number or a key of an issue, an address, a person, a name of a delivery or of a
    mail, or any text."""

    text: str

    @classmethod
    def asked(cls, text: str) -> Question:
        return cls(" ".join(clean(text).split())[:LONGEST].strip("<>"))

    @property
    def is_too_short(self) -> bool:
        return len(self.text) < SHORTEST and not NUMBER.fullmatch(self.text)

    @property
    def sha(self) -> str:
        """Of a commit, perhaps only its beginning; also where it ends an address."""
        last = self.text.rstrip("/").rpartition("/")[2] if self.host else self.text
        found = SHA.fullmatch(last)
        return last.lower() if found and (not self.host or len(last) == 40) else ""

    @property
    def number(self) -> str:
        found = NUMBER.fullmatch(self.text) or PLACED.fullmatch(self.text)
        return found[found.re.groups] if found else ""

    @property
    def place(self) -> str:
        """That in which a number is, else what may be the name of one."""
        found = PLACED.fullmatch(self.text)
        return found[1] if found else self.text

    @property
    def key(self) -> str:
        return self.text if KEY.fullmatch(self.text) else ""

    @property
    def host(self) -> str:
        """Of an address; empty for everything else."""
        return self._parts[0]

    @property
    def path(self) -> str:
        """Of an address, without a slash at its end."""
        return self._parts[1]

    @cached_property
    def _parts(self) -> tuple[str, str]:
        try:
            parts = urlsplit(self.text)
            is_address = parts.scheme in ("http", "https") and parts.hostname
        except ValueError:
            return "", ""
        return (parts.netloc.lower(), unquote(parts.path).rstrip("/")) if is_address else ("", "")

    @property
    def places(self) -> tuple[str, ...]:
        """The address without its scheme, and that of the thing of which it may be a view."""
        if not self.host:
            return ()
        segments = self.path.split("/")
        things = [at for at, segment in enumerate(segments) if THING.fullmatch(segment)]
        thing = "/".join(segments[: things[-1] + 1]) if things else self.path
        return tuple(dict.fromkeys((self.host + self.path, self.host + thing)))

    def is_in(self, text: str) -> bool:
        """Whether a stored request, as text, speaks of it."""
        return bool(self._pattern.search(text.casefold()))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Of small letters alone: told to ignore cases, it would take ten times as long."""
        return re.compile("|".join(self._patterns()))

    def _patterns(self) -> Iterator[str]:
        if self.sha:
            yield _beginning([self.sha])
        if placed := PLACED.fullmatch(self.text):
            yield rf"{_written(placed[1])}(?:#|(?:\\?/[a-z_-]+){{1,3}}\\?/){placed[2]}(?!\w)"
        elif self.number:
            yield rf'(?:"(?:number|iid)"\s*:\s*"?|#|(?<=[a-z])\\?/){self.number}(?!\w)'
        elif self.host:
            places = [way for place in self.places for way in _ways(place)]
            yield rf"{_beginning(places, HOST)}(?![\w-])"
        elif self.key:
            yield rf"{_beginning([self.key.casefold()])}(?!\w)"
        else:
            is_word = self.text[:1].isalnum()
            yield _beginning(_ways(self.text)) if is_word else _written(self.text)


def _beginning(ways: Sequence[str], begun: str = WORD) -> str:
    """One of these patterns, where a word begins. With a letter in front of everything else, only
    where that stands is anything looked at, which takes a twentieth of the time."""
    first = ways[0][0]
    if not first.isalnum() or any(way[0] != first for way in ways):
        return begun.format("") + _one_of(ways)
    return first + begun.format(".") + _one_of([way[1:] for way in ways])


def _written(text: str) -> str:
    return _one_of(_ways(text))


def _ways(text: str) -> list[str]:
    """The text in small letters, as JSON may write it: with escapes, of whichever letters, or
    without."""
    escaped = (json.dumps(each)[1:-1].casefold() for each in (text, text.lower()))
    return [*dict.fromkeys(map(_escaped, (text.casefold(), *escaped)))]


def _one_of(ways: Sequence[str]) -> str:
    return f"(?:{'|'.join(ways)})"


def _escaped(text: str) -> str:
    words = (re.escape(word).replace("/", r"\\?/") for word in text.split())
    return r"\s+".join(words)
