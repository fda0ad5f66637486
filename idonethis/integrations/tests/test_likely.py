"""Where an author's integration begins to look, in bodies of which nothing is known."""

from __future__ import annotations

import pytest

from idonethis.integrations.kits.mapped.likely import likely

TICKET = {
    "action": "closed",
    "sender": {
        "login": "grace",
        "title": "Rear Admiral",
        "url": "https://tickets.example.org/grace",
    },
    "project": {"id": 7, "name": "Engines", "url": "https://tickets.example.org/p/7"},
    "ticket": {"id": 42, "title": "Oil the mill", "url": "https://tickets.example.org/42"},
}


def test_what_it_is_about_is_told_from_who_did_it_and_where():
    assert likely(TICKET) == {
        "text": "ticket.title",
        "external_id": "ticket.id",
        "url": "ticket.url",
        "person": "sender.login",
    }


def test_where_the_text_stands_may_be_said_and_the_rest_is_looked_for_beside_it():
    found = likely(TICKET, text="project.name")
    assert (found["external_id"], found["text"]) == ("project.id", "project.name")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"subject": "Oil", "deep": {"subject": "Not this"}}, {"text": "subject"}),
        ([{"title": "Oil", "link": "no address"}], {"text": "[0].title"}),
        (
            {"title": "Oil", "user": {"id": 9, "name": "Ada"}},
            {"text": "title", "person": "user.id"},
        ),
        ({"user": {"name": "Ada"}, "count": 3}, {}),
        (None, {}),
    ],
    ids=["the least deep", "in a list", "an id before a name", "nothing but a person", "nothing"],
)
def test_only_what_is_there_is_found(body, found):
    assert likely(body) == found
