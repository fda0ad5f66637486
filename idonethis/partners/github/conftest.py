from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from idonethis.accounts.models import User
from idonethis.integrations import registry
from idonethis.integrations.models import IntegrationLink, IntegrationUser
from idonethis.integrations.models.making import make_link
from idonethis.partners.github.pretending import ENGINE, LURE, OLD_NAME, PretendGitHub
from idonethis.partners.github.stories import Story
from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import running
from idonethis.simulators.tests.receiver import Receiver
from idonethis.teams.models import Team

#: From the registry, which tells it its name.
GITHUB = registry.integrations()["github"]


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[PretendGitHub]:
    with running(under_its_old_name(GitHub())) as url:
        monkeypatch.setenv("GITHUB_WEB_URL", url)
        monkeypatch.setenv("GITHUB_API_URL", f"{url}/api/v3")
        yield PretendGitHub(url)


@pytest.fixture
def story(github: PretendGitHub) -> Iterator[Story]:
    listening = Receiver()  # type: ignore[no-untyped-call]
    with running(listening) as listening.url:
        yield Story(github, listening).begin()


@pytest.fixture
def accounts(github: PretendGitHub, ada: User, grace: User) -> dict[str, IntegrationUser]:
    """Ada and Grace have let us in."""

    def connect(user: User, uid: str) -> IntegrationUser:
        made = IntegrationUser(integration_type="github", uid=uid, user=user, login=user.nickname)
        made.secrets = {"access_token": github.token_of(user.nickname)["access_token"]}
        made.save()
        return made

    return {"ada": connect(ada, "1815"), "grace": connect(grace, "1906")}


@pytest.fixture
def link(accounts: dict[str, IntegrationUser], team: Team, ada: User) -> IntegrationLink:
    """The engine, linked to Ada's team through her account."""
    return make_link(
        GITHUB, team, user=ada, integration_user=accounts["ada"], config={"repository": ENGINE}
    )


def under_its_old_name(github: ASGIApp) -> ASGIApp:
    """The engine was once called otherwise, and GitHub points to where it is now."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if f"/repos/{OLD_NAME}" in path:
            host, port = scope["server"]
            there = f"http://{host}:{port}{path.replace(OLD_NAME, ENGINE)}"
            await RedirectResponse(there, 301)(scope, receive, send)
        elif f"/repos/{LURE}/" in path:
            await RedirectResponse("https://mallory.example.net/", 301)(scope, receive, send)
        else:
            await github(scope, receive, send)

    return answer
