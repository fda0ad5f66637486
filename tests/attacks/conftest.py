from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.client import ClientHandler

from idonethis.accounts.models import User
from idonethis.integrations import http, registry
from idonethis.integrations.models import IntegrationLink
from idonethis.integrations.tests.undone import undone
from tests.attacks.canaries import Marked, marked, registered_at_all_partners
from tests.attacks.sealing import NEW, OLD, fill
from tests.attacks.sentinels import INSIDE, OUTSIDE, Sentinel, listening


def hang_up():
    """No call goes over a connection of one before."""
    http.transport().close()
    http.transport.cache_clear()


class World:
    """Two teams that have nothing to do with each other, and everybody who may try something."""

    def __init__(self) -> None:
        registered_at_all_partners()
        self.red, self.green = marked("red"), marked("green")
        self.operator = User.objects.create_superuser("op@example.org", "engine", name="Op")
        people = self.red.people | {"operator": self.operator, "other": self.green.people["admin"]}
        self.people = people
        self.sessions = {who: self._session(user) for who, user in people.items()}
        self.untouched = self.red.snapshot()
        self._handlers: dict[bool, ClientHandler] = {}

    def _session(self, user: User) -> str:
        client = Client()
        client.force_login(user)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def browser(self, who: str, **kwargs) -> Client:
        """A fresh one each time: what one request does to a session, another does not see."""
        client = Client(raise_request_exception=False, **kwargs)
        # Whose middleware is loaded already.
        checks = kwargs.get("enforce_csrf_checks", False)
        client.handler = self._handlers.setdefault(checks, client.handler)
        if who in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    @contextmanager
    def staying_as_it_is(self) -> Iterator[None]:
        """Whatever happens inside changes nothing of the red team, and is undone."""
        with undone():
            before = _rows_written()
            yield
            assert _rows_written() == before or self.red.snapshot() == self.untouched


def _rows_written() -> int:
    """So far, by these connections, undone or not: looking at everything takes longer."""
    return sum(connections[name].connection.total_changes for name in settings.DATABASES)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once for all the tests of a module, each of which leaves it as it was."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, undone():
        silence_partners(patch)
        yield World()


def silence_partners(patch: pytest.MonkeyPatch) -> None:
    """Nobody answers where partners are said to be."""
    for kind, each in registry.integrations().items():
        for name in each.addresses:
            patch.setenv(f"{kind}_{name}_url".upper(), "http://127.0.0.1:9")


@pytest.fixture
def red(world) -> Marked:
    return world.red


@pytest.fixture
def green(world) -> Marked:
    return world.green


@pytest.fixture(scope="module")
def listener():
    with listening(INSIDE) as server:
        yield server


@pytest.fixture
def sentinel(listener):
    listener.connections = 0
    return listener


@pytest.fixture
def closed(settings):
    """No operator has allowed anything."""
    settings.ALLOWED_ADDRESSES = []
    hang_up()
    yield
    hang_up()


@pytest.fixture
def outside(closed, settings):
    """A partner that answers as it likes, at an address that may be reached."""
    settings.ALLOWED_ADDRESSES = [f"{OUTSIDE}/32"]
    running = []

    def run(answer=None):
        server = Sentinel(OUTSIDE, answer)
        running.append(server)
        return server, f"http://{OUTSIDE}:{server.port}"

    yield run
    for server in running:
        server.close()


@pytest.fixture
def full(ada, grace, team, settings):
    """Two rows of everything that is encrypted, with the key of yesterday."""
    settings.ENCRYPTION_KEYS = [OLD]
    fill(team, ada, grace)
    return IntegrationLink.objects.all()


@pytest.fixture
def today(full, settings):
    """The operator has a new key, and keeps the one before."""
    settings.ENCRYPTION_KEYS = [NEW, OLD]


@pytest.fixture
def lost(full, settings):
    """The operator has a new key, and nothing else."""
    settings.ENCRYPTION_KEYS = [NEW]
    return full
