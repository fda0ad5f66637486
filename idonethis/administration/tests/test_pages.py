"""What administrators see of the server, of its people and of what was changed."""

from __future__ import annotations

import pytest
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.administration.changes import SHOWN
from idonethis.audit.acting import acting
from idonethis.audit.models import AuditRecord, record
from idonethis.integrations.models import OutgoingHold
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client, db) -> User:
    made = User.objects.create_superuser("root@example.org", "secret", name="Root")
    client.force_login(made)
    return made


def text(client, path, **more):
    return client.get(path, **more).content.decode()


def test_a_restore_shows_on_every_page_of_who_can_confirm_it_and_of_nobody_else(client, root, ada):
    OutgoingHold.objects.create(backup_made_at=timezone.now())
    for path in ("/settings", "/integrations", "/administration"):
        assert "nothing goes out to partners since" in text(client, path)
    client.force_login(ada)
    assert "nothing goes out to partners since" not in text(client, "/settings")


def test_an_administrator_confirms_it_with_one_button(client, root):
    OutgoingHold.objects.create(backup_made_at=timezone.now())
    said = client.post("/administration/resume", follow=True).content.decode()
    assert "What waited goes out now" in said and "was restored" not in said
    assert not OutgoingHold.standing()
    assert AuditRecord.objects.get(action="outgoing.resumed").who == root.hash_id


def test_the_server_s_health_is_told_with_what_to_do(client, root):
    said = text(client, "/administration")
    assert "Start it: idonethis up" in said and "They are those of this version" in said


def test_an_admin_sees_the_changes_of_their_team_alone(client, ada, grace, team):
    with acting(lambda: grace.hash_id, address="192.0.2.7"):
        record("role.changed", ada, team=team, role="observer")
        record("team.changed", team=Team.objects.create(name="Night Shift"))
    client.force_login(ada)
    said = text(client, f"/t/{team.slug}/changes")
    assert "Role changed" in said and "Grace Hopper" in said and "192.0.2.7" in said
    assert "Night Shift" not in said


def test_who_has_been_deleted_has_no_name_there(client, root, grace):
    record("person.changed", grace)
    grace.forget()
    said = text(client, "/administration/changes?q=person")
    assert "Former member" in said and "Grace" not in said


def test_changes_are_found_by_a_word_and_turned_page_by_page(client, root):
    for number in range(SHOWN + 5):
        record("link.paused", f"link-{number}")
    record("secret.overlap_ended", "only-one")
    assert "only-one" in text(client, "/administration/changes?q=overlap ended")
    assert "link-3" not in text(client, "/administration/changes?q=overlap")
    first = client.get("/administration/changes?q=paused")
    assert "link-54" in first.content.decode() and "link-4<" not in first.content.decode()
    older = text(client, f"/administration/changes?q=paused&before={first.context['page'].older}")
    assert "link-4<" in older and "link-54" not in older


def test_taking_the_access_away_and_giving_it_back(client, root, grace):
    path = f"/administration/people/{grace.hash_id}"
    assert (
        "cannot sign in any more" in client.post(f"{path}/deactivate", follow=True).content.decode()
    )
    assert "Give the access back" in text(client, path)
    client.post(f"{path}/reactivate")
    grace.refresh_from_db()
    assert grace.is_active
    assert [each.action for each in AuditRecord.objects.all()[:2]] == [
        "person.reactivated",
        "person.deactivated",
    ]


def test_a_second_administrator_can_be_made_and_the_last_stays(client, root, grace):
    path = f"/administration/people/{root.hash_id}/administer/end"
    assert "Nobody else administers" in client.post(path, follow=True).content.decode()
    client.post(f"/administration/people/{grace.hash_id}/administer")
    grace.refresh_from_db()
    assert grace.is_staff and grace.is_superuser
    client.post(path)
    root.refresh_from_db()
    assert not root.is_staff and not root.is_superuser
    assert client.get("/administration").status_code == 403


def test_only_the_whole_address_deletes_somebody(client, root, grace, team):
    path = f"/administration/people/{grace.hash_id}/delete"
    assert client.post(path, {"typed": "grace"}).status_code == 422
    said = client.post(path, {"typed": "Grace@example.org"}, follow=True).content.decode()
    assert "is deleted" in said
    grace.refresh_from_db()
    assert grace.is_former


def test_what_stands_in_the_way_is_told_before_the_button(client, root, ada, team):
    said = text(client, f"/administration/people/{ada.hash_id}")
    assert "Nobody else is an admin of Analytical Engines" in said and "btn danger" not in said
