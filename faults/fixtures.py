"""The bodies that partners really send, from the tests of each integration."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

PARTNERS = Path(__file__).resolve().parent.parent / "idonethis" / "partners"


@cache
def fixture(partner: str, name: str) -> Any:
    """The JSON of that name; shared, so change a copy."""
    return json.loads((PARTNERS / partner / "fixtures" / f"{name}.json").read_bytes())


def paths(partner: str) -> list[Path]:
    return sorted((PARTNERS / partner / "fixtures").iterdir())
