"""The rules of a link by themselves: what they leave out, and how they say so."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from idonethis.entries.drafts import Actor, Detail, Draft, Growing, Retitle
from idonethis.integrations.asks import NOTHING, Asks, Place, Shows, Topic
from idonethis.integrations.rules import Rules
from idonethis.integrations.values import Ignored, Reason

ASKS = Asks(
    topics={"cast": Topic("Castings", "castings"), "melt": Topic("Melts", "melts")},
    bots=True,
    place=Place("hall", "halls", usual="the main hall"),
    labels=True,
    private="forges",
)
CAST = Draft(body="Cast a gear", actor=Actor("1815", "ada"), place="main", labels=())
ROBOT = Actor("7", "hammer[bot]", bot=True)


def rules(**config) -> Rules:
    return Rules.of(ASKS, config)


def why(draft, topic="cast", **config):
    refused = rules(**config).refuses(draft, topic)
    return refused.why if refused else None


def test_a_link_that_knows_of_no_rules_takes_what_people_do_in_the_usual_places():
    assert why(CAST) is None
    assert why(replace(CAST, actor=ROBOT)) == "hammer[bot] is a bot."
    assert why(replace(CAST, aside=True)) == "Left out by the rule “on the main hall”."


def test_a_rule_that_leaves_something_out_is_named_and_keeps_what_it_was():
    refused = rules(places=["north"]).refuses(CAST)
    assert refused == Ignored(Reason.FILTERED, "Left out by the rule “on hall north”.", CAST)


@pytest.mark.parametrize(
    ("patterns", "place", "taken"),
    [
        (["north"], "north", True),
        (["north"], "north/1", False),
        (["north/*"], "north/1", True),
        (["*"], "anything", True),
        (["n*h"], "NORTH", False),
        (["hall[1]"], "hall[1]", True),
        (["hall[1]"], "hall1", False),
        (["hall?"], "hall1", False),
        (["hall?"], "hall?", True),
        (["south", "north"], "north", True),
    ],
)
def test_of_a_pattern_only_the_star_means_more_than_itself(patterns, place, taken):
    assert (why(replace(CAST, place=place), places=patterns) is None) is taken


def test_a_pattern_of_many_stars_is_no_trap():
    assert why(replace(CAST, place="a" * 200), places=["*a" * 100 + "b"]) is not None


def test_named_places_count_also_where_they_are_not_the_usual_ones():
    assert why(replace(CAST, place="north", aside=True), places=["north"]) is None


def test_what_happens_nowhere_is_asked_for_no_place():
    assert why(replace(CAST, place=""), places=["north"]) is None


def test_labels_are_asked_of_what_may_have_some_however_they_are_capitalised():
    assert why(CAST, labels=["iron*"]) == "Left out by the rule “labelled iron*”."
    assert why(replace(CAST, labels=("Ironwork",)), labels=["iron*"]) is None
    assert why(replace(CAST, labels=None), labels=["iron*"]) is None
    spoilt = replace(CAST, labels=("Spoilt", "iron"))
    assert why(spoilt, without=["spoilt"]) == "Left out by the rule “not labelled spoilt”."


def test_a_topic_that_was_not_chosen_is_left_out_whatever_is_said_of_it():
    assert why(CAST, "melt", events=["cast"]) == "This link does not log melts."
    assert why(Retitle(key="1", body="x"), "melt", events=["cast"]) is not None
    assert why(CAST, "polish", events=["cast"]) is None


def test_the_work_of_bots_is_taken_out_of_what_a_person_brought_in():
    details = (Detail("1", "Cast a gear"), Detail("2", "Bump", bot=True))
    work = Growing(body="{count}", details=details)
    kept, left = rules().applied(work, "cast")
    assert [detail.key for detail in kept.details] == ["1"]
    assert (left.reason, [d.key for d in left.draft.details]) == (Reason.BOT, ["2"])
    assert list(rules(bots=True).applied(work, "cast")) == [work]


def test_a_person_who_brings_in_nothing_but_the_work_of_bots_has_done_nothing():
    (left,) = rules().applied(Growing(body="x", details=(Detail("2", bot=True),)), "cast")
    assert left.why == "It holds nothing but what bots did."


@pytest.mark.parametrize(
    ("who", "ada_is_out", "grace_is_out"),
    [("everybody", False, False), ("only", False, True), ("except", True, False)],
)
def test_people_are_left_out_by_name(who, ada_is_out, grace_is_out):
    asked = rules(who=who, people=["a" * 12])
    ada, grace = SimpleNamespace(hash_id="a" * 12), SimpleNamespace(hash_id="b" * 12)
    assert (asked.leaves_out(ada), asked.leaves_out(grace)) == (ada_is_out, grace_is_out)


def test_the_rules_are_one_sentence():
    assert rules(private="full", bots=True).sentence() == (
        "Logs castings and melts by everybody in the team, with everything from private forges."
    )
    asked = rules(
        events=["cast"],
        who="except",
        people=["x"],
        places=["north", "south/*"],
        labels=["iron"],
        without=["spoilt", "test"],
        how="suggest",
        private="count",
    )
    assert asked.sentence(["Grace Hopper"]) == (
        "Suggests castings by everybody in the team but Grace Hopper and bots, on hall north or "
        "south/*, labelled iron, not labelled spoilt or test, without any names from private "
        "forges: each person logs or dismisses their own."
    )
    assert "by Ada alone," in rules(who="only", people=["x"]).sentence(["Ada"])


def test_where_nothing_can_be_left_out_there_is_no_sentence():
    assert Rules.of(NOTHING, {}).sentence() == ""


@pytest.mark.parametrize(
    ("config", "names", "details"),
    [({}, False, True), ({"private": "count"}, True, True), ({"private": "full"}, False, False)],
)
def test_what_is_private_shows_titles_unless_told_otherwise(config, names, details):
    shows = Shows.of(config)
    assert (shows.hides_names, shows.hides_details) == (names, details)
