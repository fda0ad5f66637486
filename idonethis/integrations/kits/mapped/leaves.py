"""What stands in a body, and where, for people to pick from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from idonethis.integrations.kits.mapped.expressions import LONGEST

#: Of a body, and of each list in it, the first.
MOST = 60
MOST_OF_LIST = 3
#: Of a value, in characters.
SHOWN = 80


@dataclass(frozen=True)
class Leaf:
    """``path`` is JMESPath."""

    path: str
    value: str


def leaves(body: Any) -> list[Leaf]:
    """The texts and numbers in it, in their order; not what only a longer path than a field takes
    leads to."""
    found = (leaf for leaf in _leaves(body, "") if 0 < len(leaf.path) <= LONGEST)
    return list(islice(found, MOST))


def _leaves(value: Any, path: str) -> Iterator[Leaf]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, f"{path}.{named(key)}".lstrip("."))
    elif isinstance(value, list):
        for number, each in enumerate(value[:MOST_OF_LIST]):
            yield from _leaves(each, f"{path}[{number}]")
    elif value not in (None, "") and not isinstance(value, bool):
        yield Leaf(path, str(value)[:SHOWN])


def named(key: str) -> str:
    """https://jmespath.org/specification.html#identifiers"""
    plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key)
    return key if plain else json.dumps(key)
