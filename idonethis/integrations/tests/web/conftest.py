from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from idonethis.integrations import registry
from idonethis.integrations.models import IntegrationLink, IntegrationUser, PartnerApp, Receipt
from idonethis.integrations.tests.acme import Acme
from idonethis.integrations.tests.web.foundry.integration import Foundry
from idonethis.integrations.tests.web.foundry.server import Server, World
from idonethis.integrations.values import Hook
from idonethis.simulators.running import running
from idonethis.simulators.visitor import PLAIN
from idonethis.teams.models import Team


@pytest.fixture(scope="session")
def foundry_server():
    server = Server()
    with running(server.app) as url:
        server.url = url
        yield server


@pytest.fixture
def world(foundry_server) -> World:
    foundry_server.world = World()
    return foundry_server.world


@pytest.fixture
def foundry(foundry_server, world, monkeypatch, db) -> Foundry:
    """A partner at which this server is registered."""
    partner = Foundry(foundry_server.url)
    partners = {"acme": Acme(), "foundry": partner}
    monkeypatch.setattr(registry, "integrations", lambda: partners)
    app = PartnerApp.objects.create(integration_type="foundry")
    app.keep({"CLIENT_ID": "the-id", "CLIENT_SECRET": "the-secret", "FLOOR": "3"})
    return partner


@pytest.fixture
def browsers(ada, grace, mallory, team):
    """The signed-in browsers of Ada (admin), Grace (member) and Mallory (of another team)."""
    other = Team.objects.create(name="Night Shift")
    other.join(mallory, "admin")
    made = {}
    for user in (ada, grace, mallory):
        made[user.nickname] = Client()
        made[user.nickname].force_login(user)
    return made


@pytest.fixture
def as_ada(browsers):
    return browsers["ada"]


@pytest.fixture
def as_grace(browsers):
    return browsers["grace"]


@pytest.fixture
def as_mallory(browsers):
    return browsers["mallory"]


def leave(browser, **chosen) -> str:
    """Presses the button that leads to the partner; returns where that is."""
    response = browser.post("/auth/foundry", chosen)
    assert response.status_code == 302
    return response["Location"]


def decide(url, decision="yes") -> str:
    """What the person presses at the partner; returns the path that leads back here."""
    response = httpx.post(url, data={"decision": decision}, verify=PLAIN)
    parts = urlsplit(response.headers["location"])
    return f"{parts.path}?{parts.query}"


def connect(browser, world=None, *, who="1815", **chosen):
    """The whole journey; returns the answer to the way back."""
    if world:
        world.signed_in = who
    return browser.get(decide(leave(browser, **chosen)))


@pytest.fixture
def account(foundry, world, as_ada) -> IntegrationUser:
    """Ada's at the foundry."""
    connect(as_ada, world)
    return IntegrationUser.objects.get(uid="1815")


@pytest.fixture
def link(account, as_ada, team) -> IntegrationLink:
    create(as_ada)
    return IntegrationLink.objects.get()


def create(browser, team="analytical-engines", **fields):
    chosen = {"team": team, "forge": "ada/engine", "metals": ["iron"]} | fields
    return browser.post("/integrations/foundry/link", chosen)


def casts(link, who="1815", *, key="1", body="Cast a gear", login=""):
    """The foundry sends a hook to the link's own address, and it is processed."""
    content = f'{{"body": "{body}", "id": "{key}", "who": "{who}", "login": "{login}"}}'.encode()
    headers = {"x-foundry-delivery": f"delivery-{key}"}
    sent = link.integration.signature.sign(Hook(content, headers), link.signing_secret)
    path = urlsplit(link.hook_url).path if not link.registered_hook else None
    response = Client().post(
        path or f"/integrations/foundry/hook/{link.hook_token}",
        content,
        content_type="application/json",
        headers={**headers, **sent},
    )
    assert response.status_code == 200
    work()
    return Receipt.objects.latest("pk")


def work() -> None:
    """Everything that waits in the inbox is processed."""
    while Receipt.drain():
        pass


def query_of(url) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}
