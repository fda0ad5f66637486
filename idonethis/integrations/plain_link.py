from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from idonethis.teams.models import Team


@dataclass(frozen=True)
class PlainLink:
    """A link without a row: for previews, and for hooks that belong to no link."""

    hash_id: str = ""
    subject: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    team: Team = field(default_factory=Team)
