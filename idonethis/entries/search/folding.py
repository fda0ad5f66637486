"""Words as the indexes have them: without case, and Latin letters without accents.
https://www.sqlite.org/fts5.html#unicode61_tokenizer, and ``INDEX_WORDS`` for PostgreSQL."""

from __future__ import annotations

import re
import unicodedata

#: Longer words are indexed by so much of them.
LONGEST = 100
ACCENTED = re.compile("([A-Za-z])[\u0300-\u036f]+")
WORD = re.compile(r"[^\W_]+")
#: Letters of scripts that put no spaces between words: kana, Han, Thai, Lao, Burmese and Khmer.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)


def folded(text: str) -> str:
    plain = ACCENTED.sub(r"\1", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", plain).lower()


def words(text: str) -> tuple[str, ...]:
    return tuple(word[:LONGEST] for word in WORD.findall(folded(text)))
