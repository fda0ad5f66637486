"""Questions that are put together once."""

from __future__ import annotations

from threading import Thread

import pytest
from django.db import connection

from idonethis.prepared import Prepared
from idonethis.teams.models import Membership, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def teams(ada) -> list[Team]:
    made = [Team.objects.create(name=f"Team {n}") for n in range(9)]
    for each in made:
        each.join(ada)
    return made


@pytest.fixture
def asked() -> list[tuple[object, ...]]:
    return []


@pytest.fixture
def members(asked) -> Prepared[Membership]:
    def ask(user, teams):
        asked.append((user, teams))
        some = Membership.objects.filter(user=user, team__id__in=teams, role="member")
        return some.select_related("team").order_by("pk")

    return Prepared(ask)


def test_it_finds_what_the_question_would_with_everything_that_belongs_to_it(
    members, teams, ada, django_assert_num_queries
):
    wanted = [teams[4].pk, teams[1].pk]
    with django_assert_num_queries(1):
        found = members(ada.pk, wanted)
        assert [each.team.name for each in found] == ["Team 1", "Team 4"]
    assert found == list(Membership.objects.filter(team__in=wanted).order_by("pk"))
    assert found[0].created_at == Membership.objects.get(team=teams[1]).created_at


def test_what_is_the_same_each_time_is_asked_for_too(members, teams, ada):
    teams[1].memberships.update(role="observer")
    found = members(ada.pk, [each.pk for each in teams[:3]])
    assert [each.team for each in found] == [teams[0], teams[2]]


def test_it_is_asked_with_other_values_and_put_together_once(members, teams, ada, grace, asked):
    assert [each.team for each in members(ada.pk, [teams[0].pk])] == [teams[0]]
    assert [each.team for each in members(ada.pk, [teams[8].pk])] == [teams[8]]
    assert members(grace.pk, [teams[8].pk]) == [] and not members.first(grace.pk, [teams[8].pk])
    assert members.first(ada.pk, [teams[8].pk]).team == teams[8]
    assert len(asked) == 1


def test_it_asks_the_database_anew_each_time(members, teams, ada):
    assert members(ada.pk, [teams[0].pk])
    Membership.objects.filter(team=teams[0]).delete()
    assert not members(ada.pk, [teams[0].pk])


def test_lists_of_any_length_take_few_questions_and_each_row_comes_once(members, teams, ada, asked):
    for many in range(1, 10):
        found = members(ada.pk, [each.pk for each in teams[:many]])
        assert [each.team for each in found] == teams[:many]
    assert [len(slots) for _, slots in asked] == [1, 2, 4, 8, 16]


def test_among_none_is_none(members, ada, asked):
    assert members(ada.pk, []) == members(ada.pk, []) == []
    assert len(asked) == 1


def test_values_may_be_any_words(ada):
    named = Prepared(lambda name: Team.objects.filter(name=name).values_list("name", flat=True))
    words = "100 % Ada’s “%s”; DROP TABLE --'"
    Team.objects.create(name=words)
    assert named(words) == [words]
    assert named("' OR '1'='1") == []


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_by_its_own_connection(members, teams, ada):
    found: list[Membership] = []

    def ask() -> None:
        found.extend(members(ada.pk, [teams[0].pk]))
        connection.close()

    members(ada.pk, [teams[0].pk])
    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert [each.team for each in found] == [teams[0]]
