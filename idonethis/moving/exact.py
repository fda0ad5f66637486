"""JSON as both databases mean it: how a number is written, and which key stands first, is all the
same to PostgreSQL, which keeps neither. https://www.postgresql.org/docs/current/datatype-json.html"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import Any, NoReturn

#: Rounds nothing.
EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"JSON has no {name}.")


NUMBERS = json.JSONDecoder(parse_int=Decimal, parse_float=Decimal, parse_constant=_refuse)


def parsed(text: str) -> Any:
    """With every number as it is written. Raises ValueError."""
    return NUMBERS.decode(text)


def canonical(value: Any) -> str:
    """The same text for the same value."""
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)}:{canonical(value[key])}" for key in sorted(value))
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(canonical, value))}]"
    if isinstance(value, Decimal):
        return str(EXACT.normalize(EXACT.add(value, Decimal(0))))
    return json.dumps(value)


def texts(value: Any) -> Iterator[str]:
    """Every text in it, keys too."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value
