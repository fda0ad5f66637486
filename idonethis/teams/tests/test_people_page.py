from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from idonethis.teams.models import LastAdmin, Role, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


def role(client, team, user, role):
    url = reverse("change_role", args=[team.slug, user.hash_id])
    return client.post(url, {"role": role}, follow=True)


def remove(client, team, user):
    return client.post(reverse("remove_member", args=[team.slug, user.hash_id]), follow=True)


def roles(team):
    return dict(team.memberships.values_list("user__nickname", "role"))


def test_everybody_in_the_team_sees_who_is_in_it(client, team, charles):
    client.force_login(charles)
    page = client.get(f"/t/{team.slug}/people")
    for said in ("Ada Lovelace", "grace@example.org", "@grace", "Admin", "Member", "Observer"):
        assertContains(page, said)
    assertContains(page, "Leave the team")
    assertNotContains(page, "Remove from the team")


def test_an_admin_changes_roles(as_ada, team, grace):
    assertContains(role(as_ada, team, grace, "admin"), "Grace Hopper is now admin")
    assert roles(team) == {"ada": "admin", "grace": "admin"}


def test_a_role_that_does_not_exist_changes_nothing(as_ada, team, grace):
    assertContains(role(as_ada, team, grace, "owner"), "That is no role of a team")
    assert roles(team)["grace"] == "member"


def test_an_admin_removes_a_member_who_then_sees_nothing(as_ada, client, team, grace):
    assertContains(remove(as_ada, team, grace), "Grace Hopper no longer belongs to")
    client.force_login(grace)
    assert client.get(f"/t/{team.slug}/people").status_code == 404


def test_a_member_leaves(client, team, grace):
    client.force_login(grace)
    assertContains(remove(client, team, grace), "You no longer belong to Analytical Engines")
    assert roles(team) == {"ada": "admin"}


@pytest.mark.parametrize("given", ["member", "observer"])
def test_the_last_admin_stays_one(as_ada, team, ada, given):
    assertContains(role(as_ada, team, ada, given), "Ada Lovelace is the only admin")
    assert roles(team)["ada"] == "admin"


def test_the_last_admin_does_not_leave(as_ada, team, ada):
    page = remove(as_ada, team, ada)
    assertContains(page, "make somebody else an admin first")
    assert roles(team)["ada"] == "admin"


def test_the_last_admin_may_be_made_what_they_are(as_ada, team, ada):
    assertContains(role(as_ada, team, ada, "admin"), "is now admin")


def test_with_a_second_admin_the_first_may_go(as_ada, team, ada, grace):
    role(as_ada, team, grace, "admin")
    remove(as_ada, team, ada)
    assert roles(team) == {"grace": "admin"}


def test_of_two_admins_only_one_steps_down(team, ada, grace):
    """Both read the page while there were two."""
    first, second = team.memberships.get(user=ada), team.memberships.get(user=grace)
    second.become(Role.ADMIN)
    first.become(Role.MEMBER)
    with pytest.raises(LastAdmin):
        second.end()
    assert roles(team) == {"ada": "member", "grace": "admin"}


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_who_leave_at_once_one_stays(team, ada, grace):
    team.memberships.update(role=Role.ADMIN)
    start = threading.Barrier(2)

    def leave(membership):
        start.wait()
        try:
            membership.end()
        except LastAdmin:
            return "stays"
        finally:
            connections.close_all()
        return "left"

    with ThreadPoolExecutor(2) as both:
        ended = both.map(leave, team.memberships.select_related("team", "user"))
    assert sorted(ended) == ["left", "stays"]
    assert list(roles(team).values()) == ["admin"]


def test_the_page_leads_to_who_is_known_elsewhere_only(as_ada, team):
    assertNotContains(as_ada.get(f"/t/{team.slug}/people"), "Say who they are")
    team.unclaimed.create(integration_type="acme", key="x:1")
    page = as_ada.get(f"/t/{team.slug}/people")
    assertContains(page, "1 person elsewhere")
    assertContains(page, reverse("unclaimed", args=[team.slug]))


def test_a_person_leaves_a_team_from_their_own_settings(client, team, grace):
    Team.objects.personal(grace)
    client.force_login(grace)
    url = reverse("remove_member", args=[team.slug, grace.hash_id])
    assertContains(client.get("/settings"), f'action="{url}"')
    client.post(url)
    assert not team.has_member(grace)
    assertContains(client.get("/settings"), "Only you see it.")


def test_nobody_leaves_their_personal_team(client, grace):
    mine = Team.objects.personal(grace)
    client.force_login(grace)
    url = reverse("remove_member", args=[mine.slug, grace.hash_id])
    assert client.post(url).status_code == 404
    assert url not in client.get("/settings").content.decode()
