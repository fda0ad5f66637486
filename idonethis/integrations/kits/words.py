"""The words by which people log in a chat: ``done``, ``goal`` and ``blocked``, and what follows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from idonethis.entries.text import Line, parse

#: By what the word ends in: where /goal is taken, ours may be called /our-goal.
KINDS = {"goal": "goal", "blocker": "blocked", "blocked": "blocked"}
_FIRST = re.compile(r"\s*[/!]?(done|goal|blocker|blocked)(?=[\s:]|$):?[^\S\n]*", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    """``text`` is what follows the word; ``kind`` of entry is what it means."""

    kind: str
    text: str

    @classmethod
    def of_command(cls, name: str, text: str) -> Words:
        """Of a command, whatever it is called where people type it."""
        kind = next((kind for end, kind in KINDS.items() if name.lower().endswith(end)), "done")
        return cls(kind, text)

    @classmethod
    def of_sentence(cls, text: str) -> Words | None:
        """Of a sentence that begins with one of ours; None for all others."""
        found = _FIRST.match(text)
        return cls.of_command(found[1], text[found.end() :]) if found else None

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Each line is an entry of its own."""
        if self.text.strip().lower() == "help":
            return ()
        return tuple(parse(self.text, kind=self.kind))


#: For who speaks to us, but says none of our words.
NONE = Words("done", "")
