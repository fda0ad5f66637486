"""The people and teams of an archive, brought in by who has the server: who is made, and who is
not."""

from __future__ import annotations

import pytest

from idonethis.accounts.models import User
from idonethis.entries.models import Entry
from idonethis.porting import lines
from idonethis.porting.tests.moves import (
    nobody_left,
    of_server,
    of_team,
    said,
    settled,
)
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("noted", [True, False])
def test_an_address_that_somebody_has_not_verified_makes_them_nobody(full, mallory, noted):
    content = of_server()
    nobody_left()
    evil = User.objects.create_user("ada@example.org", "evil", name="Mallory")
    if noted:
        evil.emailaddress_set.create(email="ada@example.org", verified=False)
    lost = settled(content).lost()
    assert "without having verified it" in lost[0].why
    assert not Entry.objects.filter(user__name="Mallory").exists()


def test_nobody_is_given_an_address_that_somebody_has_here(full, mallory):
    """Not even one more of their own, and the main one is what they sign in with."""
    content = of_server()
    nobody_left()
    User.objects.create_user("ada@lovelace.example", "evil", name="Mallory")
    settled(content.replace(b'"primary":false', b'"primary":true'))
    ada = User.objects.get(nickname="ada")
    known = ada.emailaddress_set.values_list("email", "primary")
    assert list(known) == [("ada@example.org", True)]


def test_the_address_that_somebody_signs_in_with_stays_the_main_one(full):
    content = of_server()
    nobody_left()
    settled(content.replace(b'"primary":false', b'"primary":true'))
    known = User.objects.get(nickname="ada").emailaddress_set.filter(primary=True)
    assert [each.email for each in known] == ["ada@example.org"]


def test_names_that_are_none_are_left_out_and_the_rest_comes(full, mallory):
    content = of_server().replace(b'"Europe/London"', b'"Mars/Olympus"')
    content = content.replace(b'"nickname":"ada"', b'"nickname":"a da"')
    content = content.replace(full.slug.encode(), b"../mill")
    nobody_left()
    settled(content)
    ada = User.objects.get(email="ada@example.org")
    assert (ada.time_zone, ada.nickname) == ("UTC", "")
    assert Team.objects.get(name=full.name).slug == "analytical-engines"


def test_a_team_whose_address_another_one_has_gets_one_of_its_own(full, mallory):
    content, slug = of_server(), full.slug
    nobody_left()
    there = Team.objects.found(full.name, admin=User.objects.create_user("m@example.net"))
    settled(content)
    assert there.slug == slug
    assert Team.objects.filter(name=full.name).exclude(slug__in=["", slug]).count() == 1


def test_whose_own_log_is_nobodys_here_becomes_no_team(full, mallory):
    """Neither a team of its own nor what somebody else has under that name."""
    content = of_server()
    nobody_left()
    User.objects.create_user("ada@example.org", "evil", name="Mallory")
    settled(content)
    assert not Team.objects.filter(name="My log").exists()
    assert not Entry.objects.filter(body="Alone").exists()


def test_nobody_is_let_into_the_own_log_of_somebody_else(full, ada, grace):
    own = Team.objects.get(personal_of=ada)
    belongs = lines.Belongs(
        team=own.hash_id, person=grace.hash_id, role="admin", created_at=ada.date_joined
    )
    settled(of_server() + lines.encode(belongs))
    assert list(own.memberships.values_list("user", flat=True)) == [ada.pk]


def test_a_team_of_an_archive_is_nobodys_own_log(full, ada):
    own = Team.objects.get(personal_of=ada)
    settled(of_team(full).replace(full.hash_id.encode(), own.hash_id.encode()))
    assert said(own) == [("ada", "done", "Alone")]
    assert list(own.memberships.values_list("user", flat=True)) == [ada.pk]
