from __future__ import annotations

from idonethis.integrations.tests.web.conftest import (  # noqa: F401
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
