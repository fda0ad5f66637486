"""Requests as people may see them: without what looks like a secret, whoever sent it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MASK = "••••••••"
#: A secret of ours that stood here, by its name: see hiding.py. Nobody else writes such signs.
OPENS, CLOSES = "\ue000", "\ue001"
MARKED = re.compile(f"{OPENS}([A-Z0-9_]+){CLOSES}")
#: Names of headers and fields whose values are worth stealing.
SECRET_NAME = re.compile(
    r"secret|token|passw|passphrase|credential|authori[sz]ation|signature|cookie"
    r"|(?:api|access|private|signing|encryption)[_-]?key|response_url|trigger_id"
    r"|(?:^|[_-])(?:sig|hmac|jwt|pwd|otp|pin)(?:$|[_-])",
    re.IGNORECASE,
)
#: Values that are worth stealing, whatever they are called: tokens in the forms of those who issue
#: many, keys, the password in an address, and that part of our own which nobody may guess.
SECRET_VALUE = re.compile(
    r"\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{15,}|\bidt_[\w-]{20,}|\bxox[a-z]-[\w-]{10,}"
    r"|\bxapp-[\w-]{10,}|\bA[KS]IA[0-9A-Z]{16}\b|\b[rs]k_(?:live|test)_\w{10,}"
    r"|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|(?<=/hook/)[\w-]{43}|(?<=\+)[0-9a-f]{12}\.[a-z2-7]{12}(?:\.[0-9]{1,6}\.[a-z2-7]{16})?(?=@)"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
)
#: ``name=value``, ``name: value`` and ``<name>value<`` in text of any other kind.
NAMED = re.compile(
    rf"""(?<![\w-])(?P<name>[\w-]{{0,40}}?(?:{SECRET_NAME.pattern})[\w-]{{0,40}})"""
    r"""(?P<between>["']?\s{0,9}[:=>]\s{0,9}["']?)"""
    r"""(?P<value>[^\s"'&<>,;]+)""",
    re.IGNORECASE,
)


def is_secret(name: str) -> bool:
    return bool(SECRET_NAME.search(name))


def masked(value: Any, *, secret: bool = False) -> Any:
    """JSON, with everything masked that is ``secret`` or stands under a name that says so."""
    if isinstance(value, dict):
        return {key: masked(each, secret=secret or is_secret(key)) for key, each in value.items()}
    if isinstance(value, list):
        return [masked(each, secret=secret) for each in value]
    if value is None or isinstance(value, bool) or value == "":
        return value
    if secret:
        return value if isinstance(value, str) and MARKED.fullmatch(value) else MASK
    return SECRET_VALUE.sub(MASK, value) if isinstance(value, str) else value


def masked_pairs(pairs: Mapping[str, str]) -> dict[str, str]:
    """Headers, or the fields of a form or of a query."""
    return {name: masked(value, secret=is_secret(name)) for name, value in pairs.items()}


def masked_text(text: str) -> str:
    """Text of which no more is known."""
    hidden = SECRET_VALUE.sub(MASK, text)
    return NAMED.sub(_unless_marked, hidden)


def _unless_marked(found: re.Match[str]) -> str:
    value = found["value"] if MARKED.fullmatch(found["value"]) else MASK
    return found["name"] + found["between"] + value
