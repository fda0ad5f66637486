"""JMESPath that cannot run away: https://jmespath.org/specification.html

An expression may pick, filter and join, but not multiply what a sender has put into a body."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

LONGEST = 200
#: Each list of two inside another doubles a body.
MOST_PARTS = 6
#: Each text made of text that was made of text doubles its quotation marks.
MOST_TEXTS = 3
LONGEST_SEPARATOR = 10


class Bad(ValueError):
    """This is no expression, or one that finds nothing usable here. The message is a sentence."""


def search(expression: str, body: Any) -> Any:
    """What the expression finds in a body. Raises Bad, and nothing else."""
    try:
        return compiled(expression).search(body)
    except (JMESPathError, ArithmeticError, RecursionError, TypeError) as problem:
        raise Bad(f"{expression} does not work here: {_first_line(problem)}") from problem


@lru_cache(maxsize=1000)
def compiled(expression: str) -> Any:
    """Raises Bad."""
    if len(expression) > LONGEST:
        raise Bad(f"This is longer than {LONGEST} characters.")
    try:
        found = jmespath.compile(expression)
    except (JMESPathError, RecursionError, ValueError) as problem:
        raise Bad(f"This is no JMESPath: {_first_line(problem)}") from problem
    _refuse_growth(list(_nodes(found.parsed)))
    return found


def _first_line(problem: Exception) -> str:
    return str(problem).partition("\n")[0]


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from _nodes(child)


def _refuse_growth(nodes: list[dict[str, Any]]) -> None:
    lists = (node["children"] for node in nodes if node["type"].startswith("multi_select"))
    if sum(map(len, lists)) > MOST_PARTS:
        raise Bad(f"This puts together more than {MOST_PARTS} things.")
    calls = [node for node in nodes if node["type"] == "function_expression"]
    if sum(call["value"] == "to_string" for call in calls) > MOST_TEXTS:
        raise Bad(f"This uses to_string more than {MOST_TEXTS} times.")
    for call in calls:
        if call["value"] == "join" and not _is_short(call["children"][:1]):
            raise Bad("What join puts between must be short and written out: join(', ', names)")


def _is_short(separator: list[dict[str, Any]]) -> bool:
    return all(
        node["type"] == "literal" and len(str(node["value"])) <= LONGEST_SEPARATOR
        for node in separator
    )
