"""After a restore nothing goes out until a person says so."""

from __future__ import annotations

import pytest
from django.utils import timezone

from idonethis.audit.models import AuditRecord
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.http import Again
from idonethis.integrations.models import Delivery, OutgoingHold, RegisteredHook
from idonethis.integrations.models.sweeping import deliver, look_after, waiting
from idonethis.integrations.tests.web.test_grants import expire

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(link):
    return OutgoingHold.objects.create(backup_made_at=timezone.now())


@pytest.mark.usefixtures("held")
def test_entries_and_removals_of_webhooks_wait(link, world, team, ada):
    Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    link.remove()
    assert deliver() == 0
    assert world.posts == {} and len(world.hooks) == 1
    assert waiting() == (1, 1)


@pytest.mark.usefixtures("held")
def test_what_waited_goes_out_once_a_person_says_so(link, world, team, ada):
    Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    assert OutgoingHold.lift()
    assert not OutgoingHold.lift()
    while deliver():
        pass
    assert list(world.posts.values()) == ["Cast a gear"]
    assert Delivery.objects.get().state == "done"
    assert list(AuditRecord.objects.filter(action="outgoing.resumed").values_list("thing")) == [
        ("",)
    ]


@pytest.mark.usefixtures("held")
def test_webhooks_and_links_are_not_looked_after_meanwhile(link, world, team, ada):
    RegisteredHook.objects.update(check_at=timezone.now())
    world.hooks.clear()
    assert look_after() == 0 and world.hooks == {}
    OutgoingHold.lift()
    assert look_after() == 1 and len(world.hooks) == 1


def test_no_grant_is_renewed_meanwhile(foundry, world, account):
    """The server that the backup was made of may be running, and it would lose its own."""
    world.lifetime = 3600
    account.secrets = {**account.secrets, "refresh_token": world.grants[0].refresh}
    expire(account)
    hold = OutgoingHold.objects.create(backup_made_at=timezone.now())
    with pytest.raises(Again, match="until an administrator resumes it"):
        account.client().get("/me")
    assert world.refreshed == 0
    hold.delete()
    assert account.client().get("/me").json["login"] == "ada-l"
    assert world.refreshed == 1


@pytest.mark.usefixtures("held")
def test_no_grant_or_link_is_harmed_by_waiting(link, world, team, ada):
    Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    deliver()
    link.refresh_from_db()
    assert link.state == "active"
    assert Delivery.objects.get().attempts == 0
    assert RegisteredHook.objects.get().state == "active"
