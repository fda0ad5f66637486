"""One request to a partner and its answer, as they may be kept: without what lets in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from idonethis.integrations.answers import Answer
from idonethis.integrations.hiding import Hidden
from idonethis.integrations.masking import CLOSES, OPENS, is_secret, masked, masked_text

#: How much is kept of a body, and of the headers and the address each, in characters.
LONGEST, LONGEST_HEAD = 8_000, 4_000
#: How much of a body is looked at, in bytes: masking may make it shorter.
LOOKED_AT = 8 * LONGEST
_HALF_MARK = re.compile(f"{OPENS}[^{CLOSES}]*\\Z")


@dataclass(frozen=True)
class Exchange:
    """``before``: how many the same call has made before this one."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]]
    body: bytes = b""
    before: int = 0
    #: None: none came.
    answer: Answer | None = None

    def kept(self, hidden: Hidden) -> dict[str, Any]:
        """As JSON, each text cut to what is kept; secrets are marked with their names."""
        pairs = ((name, hidden.header(name, value)) for name, value in self.headers)
        return {
            "before": self.before,
            "method": self.method,
            "url": _cut(masked_text(hidden.address(self.url)), LONGEST_HEAD),
            "headers": _lines(pairs),
            **_body(self.body, hidden),
            "answer": self._answer(hidden),
        }

    def _answer(self, hidden: Hidden) -> dict[str, Any] | None:
        if self.answer is None:
            return None
        pairs = ((name, hidden.marked(value)) for name, value in self.answer.headers.items())
        shown = ((n, masked(v, secret=True) if is_secret(n) else masked_text(v)) for n, v in pairs)
        return {
            "status": self.answer.status,
            "headers": _lines(shown),
            **_body(self.answer.body, hidden),
        }


def _lines(pairs: Iterable[tuple[str, str]]) -> str:
    return _cut("\n".join(f"{name}: {value}" for name, value in sorted(pairs)), LONGEST_HEAD)


def _body(content: bytes, hidden: Hidden) -> dict[str, Any]:
    text = _text(content, hidden).replace("\0", "")
    is_cut = len(text) > LONGEST or len(content) > LOOKED_AT
    return {"body": _cut(text, LONGEST), "size": len(content), "is_cut": is_cut}


def _text(content: bytes, hidden: Hidden) -> str:
    try:
        said = orjson.loads(content if len(content) <= LOOKED_AT else b"")
        return json.dumps(masked(hidden.through(said)), ensure_ascii=False, separators=(",", ":"))
    except (orjson.JSONDecodeError, RecursionError):
        return masked_text(hidden.marked(content[:LOOKED_AT].decode(errors="replace")))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else _HALF_MARK.sub("", text[:most])
