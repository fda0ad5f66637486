from __future__ import annotations

import os

import pytest
from django.core.cache import cache

from idonethis.accounts.models import User
from idonethis.teams.models import Role, Team

#: Playwright's synchronous interface runs an event loop, which the ORM would else refuse.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(autouse=True)
def _forgetful():
    cache.clear()


@pytest.fixture
def charles(team) -> User:
    """Reads along in the team."""
    person = User.objects.enrol(
        "charles@example.org", "engine", verified=True, name="Charles Babbage", nickname="charles"
    )
    team.join(person, Role.OBSERVER)
    return person


@pytest.fixture
def elsewhere(mallory) -> Team:
    """The team of the outsider, who is its admin."""
    return Team.objects.found("Evil Engines", admin=mallory)


@pytest.fixture
def invitation(team, ada):
    return team.invitations.create(invited_by=ada)
