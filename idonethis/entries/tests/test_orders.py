"""Whatever order events come in, and however often: the entries are the same."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idonethis.entries.drafts import Rewritten
from idonethis.entries.models import Entry, Source
from idonethis.entries.tests.saying import details, merged, push, renamed, standing, undone

pytestmark = pytest.mark.django_db

#: What a team's tools may say on a day: a title that changes, something that is closed, opened,
#: closed again and renamed, pushes that are merged, and a branch whose history is written anew.
STORY = {
    "titles": [merged("First title", minutes=1), merged("Second", minutes=3), renamed("Third", 4)],
    "closed and opened": [merged("Closed", minutes=1), undone(2), renamed("Renamed", 4)],
    "closed again": [merged("Closed", minutes=1), undone(2), merged("Closed again", minutes=3)],
    "opened and closed": [
        merged("Leak", minutes=1),
        undone(2),
        renamed("Drip", 3),
        merged("Drip", minutes=4),
        undone(5),
        renamed("Flood", 6),
    ],
    "pushed": [push("a", "b"), push("c")],
    "merged": [
        push("p", "m", batch="commit:m"),
        merged("Merged", key="pull:2", stands_for=("commit:m",)),
    ],
    "absorbed in part": [push("x", "y"), merged("Took x", key="pull:3", stands_for=("commit:x",))],
    "rewritten": [
        push("r1", "s1", alike="work ", branch="draft"),
        push("r2", "s2", "t2", kind=Rewritten, alike="work ", branch="draft"),
    ],
    "picked": [
        push("u1", alike="pick ", branch="mill"),
        push("u2", kind=Rewritten, alike="pick ", branch="release"),
    ],
}
ENDS = {
    "titles": {"Third": []},
    "closed and opened": {},
    "closed again": {"Closed again": []},
    "opened and closed": {},
    "pushed": {"Pushed 3 commits to main": ["Commit a", "Commit b", "Commit c"]},
    "merged": {"Merged": ["Commit m", "Commit p"]},
    "absorbed in part": {"Took x": ["Commit x"], "Pushed 1 commit to main": ["Commit y"]},
    "rewritten": {"Pushed 3 commits to draft": ["Commit r1", "Commit s1", "Commit t2"]},
    "picked": {"Pushed 1 commit to mill": ["Commit u1"]},
}


def in_some_order(events):
    """All of them, some more than once."""
    more = st.lists(st.sampled_from(events), max_size=3)
    return more.flatmap(lambda again: st.permutations([*events, *again]))


def forget():
    Entry.objects.all().delete()
    Source.objects.all().delete()


@pytest.mark.parametrize("story", STORY)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_order_and_repetition_gives_the_same_entries(tell, story, data):
    forget()
    for said in data.draw(in_some_order(STORY[story])):
        tell(said)
    assert details() == ENDS[story]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_all_of_it_at_once_too(tell, data):
    forget()
    stories = ("titles", "pushed", "merged", "absorbed in part", "rewritten")
    events = [said for story in stories for said in STORY[story]]
    for said in data.draw(in_some_order(events)):
        tell(said)
    assert standing() == [
        "Merged",
        "Pushed 3 commits to draft",
        "Pushed 4 commits to main",
        "Third",
        "Took x",
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from([merged, renamed, undone]), st.integers(0, 8)),
        min_size=1,
        max_size=5,
        unique_by=lambda event: event[1],
    ),
    st.randoms(use_true_random=False),
)
def test_any_history_of_one_thing_ends_the_same_in_any_order(tell, history, random):
    events = [
        kind(minutes) if kind is undone else kind(f"Title {minutes}", minutes)
        for kind, minutes in history
    ]
    ends = []
    for _ in range(3):
        forget()
        for said in events:
            tell(said)
        ends.append(standing())
        random.shuffle(events)
    assert ends[0] == ends[1] == ends[2]
