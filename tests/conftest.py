from __future__ import annotations

import pytest

from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import start


@pytest.fixture
def github():
    running = start(GitHub())
    yield running.url
    running.stop()
