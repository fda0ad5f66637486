from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from idonethis.accounts.models import User
from idonethis.integrations import registry
from idonethis.integrations.base import Integration
from idonethis.integrations.models import IntegrationLink, IntegrationUser
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.calendars import Pretend
from idonethis.integrations.tests.clock import Clock
from idonethis.simulators import visitor
from idonethis.simulators.planning import outlook_calendar as pretending
from idonethis.simulators.running import running
from idonethis.teams.models import Team

KIND = "outlook_calendar"
Connect = Callable[[], IntegrationUser]
Make = Callable[..., IntegrationLink]


@pytest.fixture
def outlook(server: str, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Pretend]:
    back = (f"http://testserver/auth/{KIND}/callback", f"{server}/auth/{KIND}/callback")
    with running(pretending.OutlookCalendar(redirect_uris=back)) as url:
        said = {
            "WEB_URL": url,
            "API_URL": f"{url}{pretending.API}",
            "CLIENT_ID": f"pretend-{KIND}-client",
            "CLIENT_SECRET": f"pretend-{KIND}-secret",
        }
        for name, value in said.items():
            monkeypatch.setenv(f"{KIND.upper()}_{name}", value)
        yield Pretend(url, clock, title="subject", own=pretending.OWN)


@pytest.fixture
def connect(outlook: Pretend, window: Client) -> Connect:
    """Ada lets us in, all the way through the consent page."""

    def connect() -> IntegrationUser:
        there = window.post(f"/auth/{KIND}", {"team": "analytical-engines"})["Location"]
        window.get(f"/auth/{KIND}/callback", visitor.consent(there, "ada"))
        return IntegrationUser.objects.get(integration_type=KIND)

    return connect


@pytest.fixture
def account(connect: Connect) -> IntegrationUser:
    return connect()


@pytest.fixture
def integration() -> Integration:
    """From the registry, which tells it its name."""
    return registry.integrations()[KIND]


@pytest.fixture
def made(
    integration: Integration, account: IntegrationUser, team: Team, ada: User, outlook: Pretend
) -> Make:
    def made(calendar: str = f"{pretending.OWN}|Calendar", **config: Any) -> IntegrationLink:
        said = {**integration.defaults, "calendar": calendar, **config}
        link = make_link(integration, team, user=ada, integration_user=account, config=said)
        outlook.look()
        return link

    return made


@pytest.fixture
def link(made: Make) -> IntegrationLink:
    """Her own calendar."""
    return made()
