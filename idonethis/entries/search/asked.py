"""What somebody looks for, from what they typed or pasted. Pure, and there is no wrong syntax:
whatever is nothing special is a word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from idonethis.entries.search.folding import UNSPACED, words
from idonethis.entries.text import clean

#: So much of what was typed is read, and so many parts of it.
LONGEST, MOST = 300, 20

PART = re.compile(r'(?P<without>-?)(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))')
SIGNED = re.compile(r"[#@]\w[\w.-]*|![0-9]+")
NUMBERED = re.compile(r"[#!][0-9]+")
ADDRESS = re.compile(r"https?://(.+)", re.IGNORECASE)
SHA = re.compile(r"(?=[a-f]*[0-9])[0-9a-f]{7,40}", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    """One behind the other; the last may be the beginning of one."""

    words: tuple[str, ...]
    goes_on: bool = False


@dataclass(frozen=True)
class Anywhere(Words):
    """Also in the address of what the entry is about."""


@dataclass(frozen=True)
class Signed(Words):
    """With this sign before it, as in #tag, @person and #12."""

    text: str = ""

    @property
    def pattern(self) -> str:
        before = "" if NUMBERED.fullmatch(self.text) else r"(^|[^\w&/#@.])"
        return f"{before}{re.escape(self.text)}(?![.-]?\\w)"


@dataclass(frozen=True)
class Letters:
    """Anywhere, as the index knows no words of it."""

    text: str

    @property
    def pattern(self) -> str:
        return re.escape(self.text)


Part = Words | Letters


@dataclass(frozen=True)
class Asked:
    """All that an entry must say, in any order, and what it must not say."""

    wanted: tuple[Part, ...]
    unwanted: tuple[Part, ...] = ()

    @classmethod
    def of(cls, text: str) -> Asked:
        cut = unicodedata.normalize("NFC", clean(text))[:LONGEST]
        parts = [(part["without"], each) for part in PART.finditer(cut) for each in _read(part)]
        wanted = [each for without, each in parts[:MOST] if not without]
        return cls(tuple(wanted), tuple(each for without, each in parts[:MOST] if without))

    @classmethod
    def in_one(cls, text: str) -> Asked:
        """All of its words as they follow each other, the last perhaps no more than begun; nothing
        where the index may know none of them."""
        found = words(text) if not UNSPACED.search(text) else ()
        return cls((Words(found, goes_on=True),) if found else ())

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)

    @property
    def looked_for(self) -> list[Signed | Letters]:
        """What must be seen in the words themselves, because no index knows it."""
        return _looked_for(self.wanted)

    @property
    def unwanted_looked_for(self) -> list[Signed | Letters]:
        return _looked_for(self.unwanted)

    @property
    def indexed(self) -> list[Words]:
        return [part for part in self.wanted if isinstance(part, Words)]

    @property
    def unwanted_indexed(self) -> list[Words]:
        """Those with a sign may be there without it, which only a pattern tells."""
        words = [part for part in self.unwanted if isinstance(part, Words)]
        return [part for part in words if not isinstance(part, Signed)]


def _looked_for(parts: tuple[Part, ...]) -> list[Signed | Letters]:
    return [part for part in parts if isinstance(part, Signed | Letters)]


def _read(part: re.Match[str]) -> Iterator[Part]:
    text = (part["bare"] or part["quoted"] or "").strip()
    found = words(text)
    if UNSPACED.search(text) or not found:
        if any(ord(sign) > 127 and _says_something(sign) for sign in text):
            yield Letters(text)
    elif part["bare"] is None:
        yield Words(found)
    else:
        yield _word(text, found)


def _says_something(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNS"


def _word(text: str, found: tuple[str, ...]) -> Part:
    if SIGNED.fullmatch(text):
        return Signed(found, text=text.rstrip(".-"))
    if address := ADDRESS.fullmatch(text):
        return Anywhere(words(address[1]))
    if SHA.fullmatch(text):
        return Anywhere(found, goes_on=True)
    last = found[-1]
    return Words(found, goes_on=len(last) > 1 and not last.isdecimal())
