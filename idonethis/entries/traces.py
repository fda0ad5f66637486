"""Finding somebody in what is stored, and leaving them out of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, quote_plus

#: What stands where a name stood.
NOBODY = "former-member"
#: Shorter words are not looked for: they would be found everywhere.
SHORTEST = 3


@dataclass(frozen=True)
class Traces:
    """The words that mean one person: their name, their addresses, their logins elsewhere."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, words: Iterable[str]) -> Traces:
        """The longest first, so that what contains another goes as a whole."""
        known = {word.strip() for word in words if len(word.strip()) >= SHORTEST}
        return cls(tuple(sorted(known, key=lambda word: (-len(word), word))))

    def are_in(self, text: str) -> bool:
        return bool(self.words) and self._in_text.search(text) is not None

    def erased(self, text: str) -> str:
        return self._in_text.sub(NOBODY, text) if self.words else text

    def nameless(self, key: str) -> str:
        """A key in which they are named becomes another one, and two stay two."""
        digest = hashlib.sha256(key.encode(errors="replace")).hexdigest()
        return f"erased:{digest}" if self.are_in(key) else key

    def erased_bytes(self, content: bytes) -> bytes:
        """Also where JSON or a form has written the words in its own way."""
        return self._in_bytes.sub(NOBODY.encode(), content) if self.words else content

    @cached_property
    def _in_text(self) -> re.Pattern[str]:
        return re.compile(_alone("|".join(map(re.escape, self.words))), re.IGNORECASE)

    @cached_property
    def _in_bytes(self) -> re.Pattern[bytes]:
        spelt = {spelling for word in self.words for spelling in _spellings(word)}
        longest_first = sorted(spelt, key=lambda each: (-len(each), each))
        found = "|".join(re.escape(each) for each in longest_first)
        return re.compile(_alone(found).encode(), re.IGNORECASE)


def _alone(words: str) -> str:
    """Not inside of a longer word."""
    return rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])"


def _spellings(word: str) -> set[str]:
    return {word, json.dumps(word)[1:-1], quote(word), quote_plus(word), quote(word, safe="")}
