from __future__ import annotations

import pytest

from idonethis.integrations.plain_link import PlainLink
from idonethis.partners.github.forms import ASKS
from idonethis.partners.github.integration import READERS, integration

DEFAULTS = {name: field.initial for name, field in integration.form().fields.items()}


def cleaned(**given):
    form = integration.form(data=DEFAULTS | given)
    form.is_valid()
    return form


def test_a_link_made_without_saying_anything_is_a_good_one():
    form = cleaned()
    assert not form.errors
    assert form.cleaned_data == {
        "repository": "",
        "events": list(READERS),
        "how": "log",
        "who": "everybody",
        "people": [],
        "bots": False,
        "places": [],
        "labels": [],
        "without": [],
        "private": "title",
    }


def test_what_can_be_chosen_is_what_can_be_read():
    assert set(ASKS.topics) == set(READERS)


@pytest.mark.parametrize(
    "typed",
    [
        "analytical/engine",
        " analytical/engine ",
        "https://github.com/analytical/engine",
        "https://github.com/analytical/engine/",
        "https://github.com/analytical/engine.git",
    ],
)
def test_a_repository_may_be_typed_or_pasted(typed):
    assert cleaned(repository=typed).cleaned_data["repository"] == "analytical/engine"


@pytest.mark.parametrize("typed", ["engine", "a/b/c", "../user", "ada/..", "ada/en gine", "ada/"])
def test_what_is_no_repository_is_told_how_to_write_one(typed):
    assert cleaned(repository=typed).errors["repository"] == ["Write it as owner/name."]


def test_two_spellings_of_a_repository_are_one_and_people_see_their_own():
    config = {"repository": "Analytical/Engine"}
    assert integration.subject(config) == "analytical/engine"
    assert integration.short_name(PlainLink(config=config)) == "Analytical/Engine"


@pytest.mark.parametrize("config", [{}, {"events": list(READERS)}])
def test_the_summary_says_everything_that_is_logged_in_80_characters(config):
    summary = integration.summary(PlainLink(config=config))
    assert summary == (
        "Logs commits, merged pull requests (for the author), issues, reviews, releases"
    )
    assert len(summary) <= 80


def test_the_summary_names_only_what_was_chosen():
    config = {"events": ["issues", "release"]}
    assert integration.summary(PlainLink(config=config)) == "Logs issues, releases"


def test_a_link_without_a_repository_is_called_after_github():
    assert integration.short_name(PlainLink()) == "GitHub"
