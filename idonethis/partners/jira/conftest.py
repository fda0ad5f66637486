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
from idonethis.integrations.tests.clock import Clock
from idonethis.partners.jira.testing import ENG, Pretend
from idonethis.simulators import visitor
from idonethis.simulators.planning import jira as pretending
from idonethis.simulators.running import running
from idonethis.teams.models import Team

Connect = Callable[..., Any]
Make = Callable[..., IntegrationLink]


@pytest.fixture
def jira(server: str, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Pretend]:
    back = ("http://testserver/auth/jira/callback", f"{server}/auth/jira/callback")
    with running(pretending.Jira(redirect_uris=back)) as url:
        said = {
            "WEB_URL": url,
            "API_URL": url,
            "CLIENT_ID": "pretend-jira-client",
            "CLIENT_SECRET": pretending.SECRET,
        }
        for name, value in said.items():
            monkeypatch.setenv(f"JIRA_{name}", value)
        yield Pretend(url, clock)


@pytest.fixture
def connect(jira: Pretend, window: Client) -> Connect:
    """Somebody there lets us in, all the way through the consent page."""

    def connect(who: str = "ada", **more: Any) -> Any:
        there = window.post("/auth/jira", {"team": "analytical-engines"})["Location"]
        return window.get("/auth/jira/callback", visitor.consent(there, who, **more))

    return connect


@pytest.fixture
def account(connect: Connect) -> IntegrationUser:
    connect()
    return IntegrationUser.objects.get(integration_type="jira")


@pytest.fixture
def integration() -> Integration:
    """From the registry, which tells it its name."""
    return registry.integrations()["jira"]


@pytest.fixture
def made(integration: Integration, account: IntegrationUser, team: Team, ada: User) -> Make:
    def made(project: str = ENG) -> IntegrationLink:
        said = {**integration.defaults, "project": project}
        return make_link(integration, team, user=ada, integration_user=account, config=said)

    return made


@pytest.fixture
def link(made: Make) -> IntegrationLink:
    return made()
