"""Where there is nothing to pick at a partner, a webhook is about the account itself."""

from __future__ import annotations

import pytest

from idonethis.integrations.models import RegisteredHook
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.web.foundry.integration import Foundry

pytestmark = pytest.mark.django_db

PICKS_NOTHING = {"forge": "", "metals": ["iron"]}


class WholeFoundry(Foundry):
    def hook_subject(self, config, uid):
        return f"all of {uid}"


def linked(foundry, account, team, ada):
    return make_link(foundry, team, user=ada, integration_user=account, config=PICKS_NOTHING)


def test_a_link_that_picks_nothing_has_the_webhook_of_its_account(
    foundry, account, team, ada, world
):
    foundry.__class__ = WholeFoundry
    link = linked(foundry, account, team, ada)
    assert link.registered_hook.subject == f"all of {account.uid}"
    assert link.subject == "" and len(world.hooks) == 1


def test_elsewhere_such_a_link_has_none(foundry, account, team, ada, world):
    assert linked(foundry, account, team, ada).registered_hook is None
    assert not world.hooks and not RegisteredHook.objects.exists()
