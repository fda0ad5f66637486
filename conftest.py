from __future__ import annotations

import gc

import pytest
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connections
from django.db.models.signals import post_migrate

from idonethis import readiness
from idonethis.accounts.models import User
from idonethis.audit import triggers
from idonethis.integrations.http import transport
from idonethis.teams.models import Membership, Team


def pytest_collection_finish():
    """Ten thousand tests and all of Django stay until the end: the collector need not walk over
    them again and again, which takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests that use rows may use the inbox too, where it is a database of its own."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker:
            marker.kwargs.setdefault("databases", list(settings.DATABASES))
        elif {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.django_db(databases=list(settings.DATABASES)))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that commit are cleaned up by deleting every row, also those that nobody may delete,
    after which Django would write down again what models there are and what may be done to them,
    which nobody asks, and takes longer than most tests."""
    with django_db_blocker.unblock():
        triggers.lift(connections["default"])
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


@pytest.fixture(scope="session", autouse=True)
def hanging_up():
    """Connections to partners are kept open for the next call, which after the last never comes."""
    yield
    transport().close()


@pytest.fixture(autouse=True)
def impatience(monkeypatch):
    """A test has SQLite's files to itself, so nobody need wait for them."""
    monkeypatch.setattr(readiness, "PATIENCE", 0.1)


@pytest.fixture
def ada(db) -> User:
    return User.objects.create_user(
        "ada@example.org", "engine", name="Ada Lovelace", nickname="ada"
    )


@pytest.fixture
def grace(db) -> User:
    return User.objects.create_user(
        "grace@example.org", "cobol", name="Grace Hopper", nickname="grace"
    )


@pytest.fixture
def mallory(db) -> User:
    """Never a member of the team."""
    return User.objects.create_user(
        "mallory@example.net", "evil", name="Mallory", nickname="mallory"
    )


@pytest.fixture
def team(ada, grace) -> Team:
    team = Team.objects.create(name="Analytical Engines")
    team.join(ada, Membership.Role.ADMIN)
    team.join(grace)
    return team


@pytest.fixture
def visitor(request, client):
    """A browser of ``who``: somebody of the fixtures, signed in, or anonymous."""

    def visiting(who):
        if who != "anonymous":
            client.force_login(request.getfixturevalue(who))
        return client

    return visiting


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium, headless, and quiet towards the network."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", *quiet]
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": flags}
