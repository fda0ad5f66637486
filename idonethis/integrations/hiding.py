"""What lets us in at a partner, found wherever it stands, so that the rest can be kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from idonethis.integrations.masking import CLOSES, MARKED, MASK, OPENS

#: Shorter ones are looked for as words of their own: else they would be found everywhere.
SHORT = 6
#: Parts of an address that are longer than this let in by themselves, perhaps.
TELLING = 15
#: Headers of ours that prove nothing. Every other one is taken for a proof.
PLAIN = re.compile(
    r"(?:accept|accept-encoding|content-length|content-type|host|user-agent|[\w-]+-version)\Z",
    re.IGNORECASE,
)
PROOF = re.compile(rf"(?:[\w-]+ )?{MARKED.pattern}")
_FOREIGN = str.maketrans({OPENS: "\ufffd", CLOSES: "\ufffd"})


def mark(name: str) -> str:
    """What stands for a secret of this name; ``unmarked`` and a command read it."""
    word = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
    return f"{OPENS}{word or 'SECRET'}{CLOSES}"


def unmarked(text: str) -> str:
    """For people."""
    return MARKED.sub(MASK, text)


#: No word of a scheme, such as Bearer, is as long.
LONG = 20


def _proving(value: str) -> list[str]:
    """The last word proves it, after that of its scheme; of several signatures, each does."""
    *others, last = value.split(" ")
    return [last, *(each for each in others if len(each) > LONG)]


@dataclass(frozen=True)
class Hidden:
    """Words that nobody may read, each with the name of what it is."""

    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, secrets: Mapping[str, Any], headers: Mapping[str, str]) -> Hidden:
        """The ``secrets`` of an Account, and what proves them in these ``headers``."""
        proofs = {name: value for name, value in headers.items() if not PLAIN.match(name)}
        words = [(part, name) for name, text in _texts(secrets) for part in _parts(text)]
        words += [(word, name) for name, value in proofs.items() for word in _proving(value)]
        words.reverse()  # What is known by its own name is not known by that of its header.
        return cls({spelt: name for word, name in words for spelt in _spellings(word)})

    def __or__(self, other: Hidden) -> Hidden:
        return Hidden({**self.names, **other.names})

    def marked(self, text: str) -> str:
        """The text with a mark in the place of each of them. Nobody else can write a mark."""
        clean = text.translate(_FOREIGN)
        return self._found.sub(lambda it: mark(self.names[it[0]]), clean) if self.names else clean

    def masked(self, text: str) -> str:
        """A sentence for people."""
        return unmarked(self.marked(text))

    def through(self, value: Any) -> Any:
        """JSON, marked all through."""
        if isinstance(value, dict):
            return {self.marked(name): self.through(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.through(each) for each in value]
        return self.marked(value) if isinstance(value, str) else value

    def address(self, url: str) -> str:
        """Also where it was written in a way that we have not thought of."""
        plain, shown = self.marked(unquote(url)), self.marked(url)
        return plain if len(MARKED.findall(plain)) > len(MARKED.findall(shown)) else shown

    def header(self, name: str, value: str) -> str:
        """Of a request of ours. Fails closed: what is not known to be plain is not shown."""
        shown = self.marked(value)
        return shown if PLAIN.match(name) or PROOF.fullmatch(shown) else mark(name)

    @cached_property
    def _found(self) -> re.Pattern[str]:
        """The longest first, so that what contains another goes as a whole."""
        words = sorted(self.names, key=lambda word: (-len(word), word))
        return re.compile("|".join(map(_pattern, words)))


def _pattern(word: str) -> str:
    found = re.escape(word)
    return found if len(word) >= SHORT else rf"(?<!\w){found}(?!\w)"


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for inner, each in value.items():
            yield from _texts(each, str(inner))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each, name)
    elif isinstance(value, str):
        yield name, value


def _parts(text: str) -> Iterator[str]:
    """Of an address all but the server is secret: the rest as a whole, and what in it may let in
    by itself."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if not (parts.scheme and parts.netloc):
        yield text
        return
    rest, path = text.partition(parts.netloc)[2], parts.path
    yield from (
        part for part in (rest, rest.rstrip("/"), path, path.rstrip("/")) if part.strip("/")
    )
    yield from (part for part in (parts.query, parts.username, parts.password) if part)
    inner = [*path.split("/"), *(value for _, value in parse_qsl(parts.query))]
    yield from (part for part in inner if len(part) > TELLING)


def _spellings(word: str) -> set[str]:
    spelt = {word, unquote(word), quote(word), quote(word, safe=""), quote_plus(word)}
    return {each for each in spelt if each.strip()}
