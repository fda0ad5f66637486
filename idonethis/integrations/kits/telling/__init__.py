"""For tools that listen at an address, and are told there what happens to entries."""

from __future__ import annotations

from idonethis.integrations.kits.telling.forms import new_secret
from idonethis.integrations.kits.telling.hears import BothWays, HearsNews, listening, rotated
from idonethis.integrations.kits.telling.said import telling

__all__ = ["BothWays", "HearsNews", "listening", "new_secret", "rotated", "telling"]
