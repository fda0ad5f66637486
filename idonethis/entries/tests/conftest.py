from __future__ import annotations

import pytest

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.entries.tests.saying import say
from idonethis.teams.models import Membership, Team


@pytest.fixture
def charles(team, django_user_model):
    """Reads along in the team."""
    person = django_user_model.objects.create_user(
        "charles@example.org", name="Charles Babbage", nickname="charles"
    )
    team.join(person, Membership.Role.OBSERVER)
    return person


@pytest.fixture
def elsewhere(mallory):
    """The team of the outsider, who is its admin."""
    return Team.objects.found("Evil Engines", admin=mallory)


@pytest.fixture
def tell(team, ada):
    """What a partner says of Ada's work; returns what became of it."""
    return lambda said, **more: say(said, **({"team": team, "user": ada} | more))


@pytest.fixture
def log(team, ada):
    """Ada logs something."""

    def logging(body, *, user=None, **draft):
        return Entry.objects.log(Draft(body=body, **draft), team=team, user=user or ada)

    return logging
