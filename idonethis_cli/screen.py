from __future__ import annotations

import json
import os
import sys
from typing import Any

MARKS = {"done": ("✓", "32"), "goal": ("○", "36"), "blocked": ("!", "31")}


def on_one_line(text: str) -> str:
    """Without what a terminal would obey: a server, too, may be somebody else's."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def coloured(text: str, colour: str) -> str:
    """https://no-color.org"""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if plain or not sys.stdout.isatty() else f"\x1b[{colour}m{text}\x1b[0m"


def mark(kind: str) -> str:
    sign, colour = MARKS.get(kind, ("·", "0"))
    return coloured(sign, colour)


def as_json(thing: Any) -> None:
    print(json.dumps(thing, ensure_ascii=False))
