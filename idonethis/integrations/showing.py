"""A stored request on a page."""

from __future__ import annotations

import json
import shlex
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from idonethis.integrations.masking import is_secret, masked, masked_pairs, masked_text
from idonethis.integrations.values import Hook, Unreadable

#: How much of a body is shown, in characters.
LONGEST = 20_000
#: A longer body is not worth pasting into a terminal.
LONGEST_PASTED = 100_000

NOTE = (
    "# The signature is left out, and what looks like a secret is masked: as it stands, this is "
    "refused."
)


def readable(hook: Hook) -> str:
    """The body for people: indented, where it is JSON."""
    text = whole(hook, indent=2)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n…"


def whole(hook: Hook, *, indent: int | None = None) -> str:
    try:
        return json.dumps(masked(_content(hook)), indent=indent, ensure_ascii=False)
    except (Unreadable, RecursionError):
        return masked_text(hook.body.decode(errors="replace"))


def _content(hook: Hook) -> Any:
    """What the body holds; of a form its fields, in which there may be JSON."""
    if "form-urlencoded" not in hook.header("content-type"):
        return hook.json
    return {name: _parsed(value) for name, value in hook.form.items()}


def _parsed(value: str) -> Any:
    try:
        return orjson.loads(value) if value.startswith(("{", "[")) else value
    except orjson.JSONDecodeError:
        return value


def headers(hook: Hook) -> str:
    shown = masked_pairs(hook.headers)
    return "\n".join(f"{name}: {value}" for name, value in sorted(shown.items()))


def more(hook: Hook) -> str:
    """What the partner said besides; empty where it was not asked."""
    text = json.dumps(masked(hook.more), indent=2, ensure_ascii=False) if hook.more else ""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n…"


def searchable(hook: Hook) -> str:
    """All of it that anybody is shown."""
    said = json.dumps(masked(hook.more), ensure_ascii=False) if hook.more else ""
    return f"{headers(hook)}\n{_query(hook)}\n{whole(hook)}\n{said}"


def _query(hook: Hook) -> str:
    return urlencode(masked_pairs(dict(parse_qsl(hook.query, keep_blank_values=True))))


def as_curl(hook: Hook, address: str) -> str:
    """A command that sends it again. ``address`` without the part that nobody may guess."""
    shown = masked_pairs(hook.headers)
    plain = sorted((name, value) for name, value in shown.items() if not is_secret(name))
    target = f"{address}?{_query(hook)}" if hook.query else address
    words = [f"curl -X {shlex.quote(hook.method)} {shlex.quote(target)}"]
    words += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in plain]
    body = whole(hook)
    if len(body) <= LONGEST_PASTED:
        words.append(f"--data-raw {shlex.quote(body)}")
    return f"{NOTE}\n" + " \\\n  ".join(words)
