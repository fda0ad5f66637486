"""The pretend partner and the people of the pages."""

from __future__ import annotations

from idonethis.api.tests.conftest import *  # noqa: F403
