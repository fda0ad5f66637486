from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from idonethis.accounts.models import User
from idonethis.teams.models import Invitation, Role, Team

pytestmark = pytest.mark.django_db
CHARLES = {
    "name": "Charles Babbage",
    "email": "charles@example.org",
    "password": "difference-engine",
    "time_zone": "Europe/London",
}


@pytest.fixture
def make(client, ada, team):
    def made(role="member"):
        client.force_login(ada)
        client.post(reverse("invite", args=[team.slug]), {"role": role})
        return Invitation.objects.latest("pk")

    return made


def role_of(email, team):
    return team.memberships.get(user__email=email).role


def test_an_admin_makes_a_link_that_can_be_copied(client, make, team):
    link = make().link
    assert link.startswith("http://testserver/join/")
    assertContains(client.get(f"/t/{team.slug}/people"), link)


def test_a_link_that_is_over_is_not_shown_any_longer(client, make, team):
    link = make().link
    Invitation.objects.update(expires_at=timezone.now())
    assertNotContains(client.get(f"/t/{team.slug}/people"), link)


def test_members_do_not_see_the_links(client, make, team, grace):
    link = make().link
    client.force_login(grace)
    assertNotContains(client.get(f"/t/{team.slug}/people"), link)


def test_a_role_that_does_not_exist_makes_no_link(client, ada, team):
    client.force_login(ada)
    response = client.post(reverse("invite", args=[team.slug]), {"role": "owner"}, follow=True)
    assertContains(response, "No invitation was made")
    assert not Invitation.objects.exists()


def test_the_page_says_which_team_and_who_invites(client, invitation):
    page = client.get(invitation.get_absolute_url())
    assertContains(page, "Join Analytical Engines")
    assertContains(page, "Ada Lovelace invites you")
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("role", Role.values)
def test_a_new_person_makes_an_account_and_is_in(client, make, team, role):
    url = make(role).get_absolute_url()
    client.logout()
    assert client.post(url, CHARLES).url == "/t/analytical-engines"
    charles = get_user(client)
    assert (charles.name, charles.time_zone) == ("Charles Babbage", "Europe/London")
    assert role_of("charles@example.org", team) == role
    assert not charles.is_staff
    assert Team.objects.filter(personal_of=charles).exists()


def test_holding_a_link_is_no_evidence_of_an_address(client, invitation):
    page = client.post(invitation.get_absolute_url(), CHARLES, follow=True)
    assert not EmailAddress.objects.get(email="charles@example.org").verified
    assertContains(page, "not verified yet")


@pytest.mark.parametrize("email", ["grace@example.org", "GRACE@example.org", "hopper@example.net"])
def test_nobody_takes_over_an_address_of_another(client, invitation, grace, email):
    EmailAddress.objects.create(user=grace, email="hopper@example.net")
    response = client.post(invitation.get_absolute_url(), CHARLES | {"email": email})
    assertContains(response, "has this address already", status_code=422)
    assert User.objects.count() == 2


def test_who_is_signed_in_joins_by_a_button(client, invitation, mallory, team):
    client.force_login(mallory)
    url = invitation.get_absolute_url()
    assertContains(client.get(url), "Join as Mallory")
    assert not team.has_member(mallory)
    assert client.post(url).url == "/t/analytical-engines"
    assert role_of("mallory@example.net", team) == "member"


def test_who_has_an_account_signs_in_and_comes_back(client, invitation, mallory):
    url = invitation.get_absolute_url()
    sign_in = f"{reverse('account_login')}?next={url}"
    assertContains(client.get(url), f'href="{sign_in}"')
    assert client.post(sign_in, {"login": "mallory@example.net", "password": "evil"}).url == url


def test_who_belongs_to_the_team_keeps_their_role(client, make, team, grace):
    url = make("observer").get_absolute_url()
    client.force_login(grace)
    assertContains(client.get(url), "You are in Analytical Engines")
    client.post(url)
    assert role_of("grace@example.org", team) == "member"


class TestOver:
    def told(self, client, invitation):
        response = client.get(invitation.get_absolute_url())
        assert response.status_code == 410
        refused = client.post(invitation.get_absolute_url(), CHARLES)
        assert refused.status_code == 410
        assert not User.objects.filter(email="charles@example.org").exists()
        return response

    def test_is_a_link_that_was_withdrawn(self, client, invitation, ada, team):
        client.force_login(ada)
        client.post(reverse("withdraw", args=[team.slug, invitation.pk]))
        client.logout()
        response = self.told(client, invitation)
        assertContains(response, "was withdrawn", status_code=410)
        assertContains(response, "Ask Ada Lovelace for a new one", status_code=410)

    def test_is_a_link_after_two_weeks(self, client, invitation):
        assert invitation.expires_at > timezone.now() + timedelta(days=13, hours=23)
        assert client.get(invitation.get_absolute_url()).status_code == 200
        Invitation.objects.update(expires_at=timezone.now())
        assertContains(self.told(client, invitation), "expired on", status_code=410)

    def test_is_every_open_link_once_an_admin_has_gone_who_knew_it(
        self, client, invitation, team, grace
    ):
        team.memberships.get(user=grace).become(Role.ADMIN)
        team.memberships.get(user=grace).end()
        self.told(client, invitation)

    def test_is_no_link_only_because_a_member_has_gone(self, client, invitation, team, grace):
        team.memberships.get(user=grace).end()
        assert client.get(invitation.get_absolute_url()).status_code == 200

    def test_names_an_admin_of_today_where_the_host_has_left(self, client, invitation, team, grace):
        team.memberships.get(user=grace).become(Role.ADMIN)
        team.memberships.get(user=invitation.invited_by).end()
        assertContains(self.told(client, invitation), "Ask Grace Hopper", status_code=410)

    def test_can_be_undone(self, client, invitation, ada, team):
        client.force_login(ada)
        page = client.post(reverse("withdraw", args=[team.slug, invitation.pk]), follow=True)
        undo = reverse("restore_invitation", args=[team.slug, invitation.pk])
        assertContains(page, f'action="{undo}"')
        client.post(undo)
        assert client.get(invitation.get_absolute_url()).status_code == 200


def test_a_link_that_never_was_leads_nowhere(client):
    assert client.get("/join/never").status_code == 404
