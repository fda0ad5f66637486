from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from idonethis.teams.models import Team
from idonethis.teams.signals import team_ends

pytestmark = pytest.mark.django_db
SAID = {
    "name": "Difference Engines",
    "done_prompt": "Done?",
    "goal_prompt": "Next?",
    "blocked_prompt": "Stuck?",
    "when_deleted": "keep",
}


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


def test_whoever_founds_a_team_is_its_admin(client, grace):
    client.force_login(grace)
    assert client.post("/teams/new", {"name": "Compilers"}).url == "/t/compilers/people"
    assert Team.objects.get(slug="compilers").has_admin(grace)


def test_a_team_has_a_name(client, grace):
    client.force_login(grace)
    assertContains(
        client.post("/teams/new", {"name": " "}), "This field is required", status_code=422
    )
    assert not Team.objects.exists()


def test_two_teams_of_one_name_have_addresses_of_their_own(as_ada, team):
    as_ada.post("/teams/new", {"name": team.name})
    slugs = Team.objects.filter(name=team.name).values_list("slug", flat=True)
    assert len(set(slugs)) == 2


def test_an_admin_changes_what_the_team_asks(as_ada, team):
    assert as_ada.post(f"/t/{team.slug}/settings", SAID).url == f"/t/{team.slug}/settings"
    team.refresh_from_db()
    asked = (team.done_prompt, team.goal_prompt, team.blocked_prompt)
    assert (team.name, *asked, team.when_deleted) == tuple(SAID.values())
    assert team.carries_over is False


def test_the_address_of_a_team_stays(as_ada, team):
    as_ada.post(f"/t/{team.slug}/settings", SAID)
    team.refresh_from_db()
    assert team.slug == "analytical-engines"


def test_what_cannot_be_is_refused_and_the_page_shows_what_is_stored(as_ada, team):
    page = as_ada.post(f"/t/{team.slug}/settings", SAID | {"done_prompt": ""})
    assertContains(page, "<h1>Analytical Engines</h1>", status_code=422)
    team.refresh_from_db()
    assert team.name == "Analytical Engines"


def test_a_member_reads_whom_to_ask(client, team, grace):
    client.force_login(grace)
    page = client.get(f"/t/{team.slug}/settings")
    assertContains(page, "Ask Ada Lovelace")
    assertNotContains(page, 'name="done_prompt"')
    assertNotContains(page, "Delete")


def test_the_integrations_of_a_team_are_added_in_the_catalogue(client, team, grace, charles):
    client.force_login(grace)
    page = client.get(f"/t/{team.slug}/integrations")
    assertContains(page, f'href="{reverse("catalogue")}?team={team.slug}"')
    client.force_login(charles)
    assertNotContains(client.get(f"/t/{team.slug}/integrations"), "Add an integration")


class TestDeleting:
    def delete(self, client, team, typed):
        return client.post(reverse("delete_team", args=[team.slug]), {"typed": typed}, follow=True)

    @pytest.mark.parametrize("typed", ["", "analytical engines", "Analytical"])
    def test_takes_the_name(self, as_ada, team, typed):
        page = self.delete(as_ada, team, typed)
        assert page.status_code == 422
        assert Team.objects.filter(pk=team.pk).exists()

    def test_says_that_nothing_was_deleted(self, as_ada, team):
        page = self.delete(as_ada, team, "Evil Engines")
        assertContains(page, "Nothing was deleted", status_code=422)

    def test_ends_it_for_everybody(self, as_ada, client, team, grace):
        page = self.delete(as_ada, team, "Analytical Engines")
        assertContains(page, "Analytical Engines and its log are deleted")
        client.force_login(grace)
        assert client.get(f"/t/{team.slug}/people").status_code == 404

    def test_is_told_while_there_is_something_left_to_undo(self, team):
        seen = []

        def listen(team, **signal):
            seen.append(team.memberships.count())

        team_ends.connect(listen)
        team.delete()
        team_ends.disconnect(listen)
        assert seen == [2]
