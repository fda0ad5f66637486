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
from idonethis.simulators.planning import google_calendar as pretending
from idonethis.simulators.running import running
from idonethis.teams.models import Team

KIND = "google_calendar"
Connect = Callable[[], IntegrationUser]
Make = Callable[..., IntegrationLink]


@pytest.fixture
def google(server: str, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Pretend]:
    back = (f"http://testserver/auth/{KIND}/callback", f"{server}/auth/{KIND}/callback")
    with running(pretending.GoogleCalendar(redirect_uris=back)) as url:
        said = {
            "WEB_URL": url,
            "OAUTH_URL": url,
            "API_URL": f"{url}{pretending.API}",
            "CLIENT_ID": f"pretend-{KIND}-client",
            "CLIENT_SECRET": f"pretend-{KIND}-secret",
        }
        for name, value in said.items():
            monkeypatch.setenv(f"{KIND.upper()}_{name}", value)
        yield Pretend(url, clock)


@pytest.fixture
def connect(google: Pretend, window: Client) -> Connect:
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
    integration: Integration, account: IntegrationUser, team: Team, ada: User, google: Pretend
) -> Make:
    def made(calendar: str = "ada@example.org|Ada", **config: Any) -> IntegrationLink:
        said = {**integration.defaults, "calendar": calendar, **config}
        link = make_link(integration, team, user=ada, integration_user=account, config=said)
        google.look()
        return link

    return made


@pytest.fixture
def link(made: Make) -> IntegrationLink:
    """Her own calendar."""
    return made()


@pytest.fixture
def shared(made: Make) -> IntegrationLink:
    """One of several people, whose events are of whoever organises them."""
    return made(f"{pretending.ENGINES}|Engines", whose="organizer")
