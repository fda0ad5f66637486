"""The pretend partner and the people of the pages."""

from __future__ import annotations

from idonethis.integrations.tests.web.conftest import (
    account,
    as_ada,
    as_grace,
    as_mallory,
    browsers,
    foundry,
    foundry_server,
    link,
    world,
)

__all__ = [
    "account", "as_ada", "as_grace", "as_mallory", "browsers", "foundry", "foundry_server", "link",
    "world",
]  # fmt: skip
