"""Fields of a body, found by JMESPath: https://jmespath.org"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import jmespath
from django.core.exceptions import ValidationError
from jmespath.exceptions import JMESPathError

from idonethis.entries.text import clean

#: Where each field is looked for when nobody has said anything else.
DEFAULTS = {
    "text": "text || body || message || title",
    "status": "status || kind",
    "person": "person || email || user",
    "date": "date || occurred_at || timestamp",
    "external_id": "id || external_id",
    "url": "url || link",
}
KINDS = {
    "done": "done",
    "goal": "goal",
    "blocked": "blocked",
    "blocker": "blocked",
}


@lru_cache(maxsize=1000)
def compiled(expression: str) -> Any:
    return jmespath.compile(expression)


def validate_expression(expression: str) -> None:
    try:
        compiled(expression)
    except (JMESPathError, RecursionError) as problem:
        raise ValidationError(f"This is no JMESPath: {str(problem).splitlines()[0]}") from problem


@dataclass(frozen=True)
class Fields:
    """What a link's expressions find in one body. Nothing that a body holds can make it fail."""

    body: Any
    config: Mapping[str, Any]

    def found(self, name: str) -> str:
        expression = str(self.config.get(name) or DEFAULTS[name])
        try:
            value = compiled(expression).search(self.body)
        except (JMESPathError, RecursionError, TypeError, ValueError):
            return ""
        return _as_text(value)

    @property
    def kind(self) -> str:
        return KINDS.get(self.found("status").strip().lower(), "")

    @property
    def date(self) -> datetime | None:
        said = self.found("date").strip()
        try:
            if said.replace(".", "", 1).isdecimal():
                return datetime.fromtimestamp(float(said), UTC)
            parsed = datetime.fromisoformat(said)
        except (ValueError, OverflowError, OSError):
            return None
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _as_text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return "\n".join(filter(None, map(_as_text, value)))
    return "" if isinstance(value, dict) else clean(str(value))
