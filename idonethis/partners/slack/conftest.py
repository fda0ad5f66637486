"""A pretend Slack over HTTP, connected to Ada's team."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from idonethis.accounts.models import User
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.models import Delivery, IntegrationLink, IntegrationUser
from idonethis.partners.slack.testing import CHANNEL
from idonethis.simulators import visitor
from idonethis.simulators.running import running
from idonethis.simulators.slack.app import Slack
from idonethis.teams.models import Team

SIGNING_SECRET = "a signing secret of the tests"  # noqa: S105


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Slack:
    """Its tokens live for ever, unless a test says for how many seconds."""
    back = "http://testserver/auth/slack/callback"
    lifetime = getattr(request, "param", None)
    settings = {"signing_secret": SIGNING_SECRET}
    return Slack(redirect_uris=(back,), token_lifetime=lifetime, settings=settings)


@pytest.fixture
def slack(app: Slack, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with running(app) as url:
        for name, value in {
            "WEB_URL": url,
            "API_URL": f"{url}/api",
            "CLIENT_ID": "pretend-slack-client",
            "CLIENT_SECRET": "pretend-slack-secret",
            "SIGNING_SECRET": SIGNING_SECRET,
        }.items():
            monkeypatch.setenv(f"SLACK_{name}", value)
        yield url


@pytest.fixture
def workspace(slack: str, client: Client, ada: User) -> IntegrationUser:
    """Ada has connected the workspace, all the way through the consent page."""
    client.force_login(ada)
    there = client.post("/auth/slack")["Location"]
    back = visitor.consent(there, "ada")
    client.get("/auth/slack/callback", back)
    return IntegrationUser.objects.get(kind="workspace")


@pytest.fixture
def link(workspace: IntegrationUser, team: Team, ada: User) -> IntegrationLink:
    return IntegrationLink.objects.create(
        integration_type="slack",
        team=team,
        user=ada,
        integration_user=workspace,
        subject=CHANNEL,
        config={"channel": f"{CHANNEL}|done"},
    )


@pytest.fixture
def log(link: IntegrationLink, team: Team, ada: User) -> Callable[..., Entry]:
    def log(body: str = "shipped billing", **facts: Any) -> Entry:
        return Entry.objects.log(Draft(body=body, **facts), team=team, user=ada)

    return log


@pytest.fixture
def posts(slack: str) -> Callable[[], list[str]]:
    """What stands in the channel, after everything due was sent."""

    def posts() -> list[str]:
        while Delivery.drain():
            pass
        return [m["text"] for m in visitor.act(slack, "messages", channel="done")["messages"]]

    return posts
