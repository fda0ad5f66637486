"""What becomes of the addresses at which calendars read, when their person goes."""

from __future__ import annotations

import pytest

from idonethis.accounts.models import User
from idonethis.feeds.models import Feed
from idonethis.feeds.tests.conftest import read
from idonethis.privacy.deactivation import deactivate, reactivate
from idonethis.privacy.deletion import Deletion
from idonethis.teams.models import Role

pytestmark = pytest.mark.django_db


def test_while_an_account_is_deactivated_its_feeds_are_closed(ada):
    address = Feed.objects.make(ada).atom_url
    User.objects.create_superuser("root@example.org", "engine", name="Root")
    deactivate(ada)
    assert read(address).status_code == 410
    reactivate(ada)
    assert read(address).status_code == 200


def test_with_an_account_its_feeds_are_gone(team, ada, grace):
    feeds = Feed.objects.make(ada), Feed.objects.make(ada, team.memberships.get(user=ada))
    addresses = [feed.calendar_url for feed in feeds]
    team.memberships.get(user=grace).become(Role.ADMIN)
    Deletion(ada).run()
    assert not Feed.objects.exists()
    assert {read(each).status_code for each in addresses} == {410}
