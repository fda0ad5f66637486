"""What somebody looks for, from what they typed or pasted. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
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
#: Where a word begins, also after a line break as JSON writes it.
BEGIN = r"(?:(?<!\w)|(?<=\\[nrt]))"


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

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a stored request that speaks of it holds."""
        return re.compile("|".join(self._patterns()), re.IGNORECASE)

    def _patterns(self) -> Iterator[str]:
        if self.sha:
            yield BEGIN + self.sha
        if placed := PLACED.fullmatch(self.text):
            yield rf"{_written(placed[1])}(?:#|(?:\\?/[a-z_-]+){{1,3}}\\?/){placed[2]}(?!\w)"
        elif self.number:
            yield rf'(?:"(?:number|iid)"\s*:\s*"?|#|(?<=[a-z])\\?/){self.number}(?!\w)'
        elif self.host:
            yield from (rf"(?<![\w.-]){_written(place)}(?![\w-])" for place in self.places)
        elif self.key:
            yield rf"{BEGIN}{self.key}(?!\w)"
        else:
            yield f"{BEGIN if self.text[:1].isalnum() else ''}{_written(self.text)}"


def _written(text: str) -> str:
    """The text as JSON may write it, with or without escapes."""
    ways = dict.fromkeys(_escaped(each) for each in (text, json.dumps(text)[1:-1]))
    return f"(?:{'|'.join(ways)})"


def _escaped(text: str) -> str:
    words = (re.escape(word).replace("/", r"\\?/") for word in text.split())
    return r"\s+".join(words)
