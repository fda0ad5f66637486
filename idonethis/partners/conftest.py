"""What tests need in which a partner and a server of ours speak to each other over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from idonethis.accounts.models import User
from idonethis.integrations import registry
from idonethis.integrations.tests.clock import Clock
from idonethis.integrations.tests.listening import listening
from idonethis.teams.models import Team

#: Tests that take an integration straight from its folder want it to know its name, too.
registry.every()


@pytest.fixture
def server(settings: Any) -> Iterator[str]:
    """Takes hooks."""
    with listening() as url:
        settings.BASE_URL = url
        yield url


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock.of(monkeypatch)


@pytest.fixture
def window(client: Client, ada: User, team: Team) -> Client:
    """Ada's browser."""
    client.force_login(ada)
    return client
