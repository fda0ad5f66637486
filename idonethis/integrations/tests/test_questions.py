"""How the form of a link asks for its rules."""

from __future__ import annotations

import pytest

from idonethis.integrations.asks import NOTHING, Asks, Place
from idonethis.integrations.questions import offer_people, ruled
from idonethis.integrations.terms import LinkForm
from idonethis.teams.models import Membership, Team

Form = ruled(LinkForm, Asks(place=Place("hall", "halls", "the main hall"), labels=True))


def cleaned(**given):
    form = Form(data=given)
    assert form.is_valid(), form.errors
    return form.cleaned_data


def test_who_says_nothing_gets_every_rule_at_its_default():
    assert cleaned() == {
        "how": "log",
        "who": "everybody",
        "people": [],
        "places": [],
        "labels": [],
        "without": [],
    }


def test_an_integration_that_asks_nothing_has_its_own_form_alone():
    assert ruled(LinkForm, NOTHING) is LinkForm


def test_patterns_are_typed_a_line_each_and_kept_as_a_list():
    assert cleaned(places=" main \n\nnorth/*\nmain")["places"] == ["main", "north/*"]
    assert cleaned(labels=["needs work", "iron"])["labels"] == ["needs work", "iron"]
    shown = str(Form(initial={"places": ["main", "north/*"]})["places"])
    assert "main\nnorth/*</textarea>" in shown


@pytest.mark.parametrize("places", ["x" * 201, "\n".join(map(str, range(51)))])
def test_nobody_needs_so_many_patterns_or_such_long_ones(places):
    assert "places" in Form(data={"places": places}).errors


@pytest.mark.parametrize("who", ["only", "except"])
def test_a_rule_about_people_names_some(who):
    assert Form(data={"who": who}).errors["people"] == ["Pick at least one person."]
    assert cleaned(who=who, people=["a" * 12])["people"] == ["a" * 12]


def test_a_rule_about_everybody_names_nobody():
    assert cleaned(who="everybody", people=["a" * 12])["people"] == []


@pytest.mark.django_db
def test_those_who_write_can_be_picked_team_by_team(team, ada, grace, mallory):
    team.join(mallory, Membership.Role.OBSERVER)
    form = Form(auto_id="id_%s")
    offer_people(form, [team])
    page = str(form["people"])
    assert ada.hash_id in page and grace.hash_id in page and mallory.hash_id not in page
    second = Team.objects.create(name="Difference Engines")
    second.join(mallory)
    offer_people(form, [team, second])
    page = str(form["people"])
    assert page.index("Analytical Engines") < page.index(ada.hash_id)
    assert page.index("Difference Engines") < page.index(mallory.hash_id)
