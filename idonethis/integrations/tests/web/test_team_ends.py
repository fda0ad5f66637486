"""What a team that is deleted leaves at partners: nothing."""

from __future__ import annotations

import pytest

from idonethis.integrations.models import IntegrationLink, RegisteredHook
from idonethis.integrations.tests.web.conftest import create
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db


def drain():
    while RegisteredHook.drain():
        pass


def test_the_webhooks_of_a_deleted_team_go(as_ada, link, world, team):
    as_ada.post(f"/t/{team.slug}/delete", {"typed": team.name})
    assert not IntegrationLink.objects.exists()
    drain()
    assert not world.hooks and not RegisteredHook.objects.exists()


def test_a_webhook_that_another_team_needs_stays(as_ada, link, world, team, ada):
    Team.objects.found("Difference Engines", admin=ada)
    create(as_ada, team="difference-engines")
    team.delete()
    drain()
    assert len(world.hooks) == 1
