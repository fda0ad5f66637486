"""Whatever a log holds, it leaves as it came."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idonethis.entries.text import clean
from idonethis.porting import lines
from idonethis.porting.tests.moves import (
    nobody_left,
    of_team,
    settled,
)
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

words = st.text(max_size=60).map(clean)
bodies = st.text(min_size=1, max_size=300).map(clean).filter(str.strip)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
tags = st.lists(st.text("abcdefgh", min_size=1, max_size=8), unique=True, max_size=3)
logged = st.fixed_dictionaries(
    {
        "body": bodies,
        "status": st.sampled_from(["done", "goal", "blocked"]),
        "person": st.sampled_from(["ada", "grace"]),
        "occurred_on": days,
        "occurred_at": instants,
        "completed_on": st.none() | days,
        "archived_at": st.none() | instants,
        "created_at": instants,
        "updated_at": instants,
        "edited_at": st.none() | instants,
        "origin_label": words,
        "tags": tags.map(sorted).map(tuple),
        "url": st.just("") | st.just("https://mill.example/?q=ü"),
        "comments": st.lists(st.tuples(bodies, instants), max_size=2),
        "likes": st.none() | instants,
    }
)


def written(rows):
    """An archive in the order in which one is written."""
    names = {"ada": "aaaaaaaaaaaa", "grace": "bbbbbbbbbbbb"}
    people = [
        lines.Person(hash_id=key, email_address=f"{name}@example.org", full_name=name.title())
        for name, key in names.items()
    ]
    at = datetime(2020, 1, 1, tzinfo=UTC)
    prompts = {"done_prompt": "a", "goal_prompt": "b", "blocked_prompt": "c"}
    dates = {"created_at": at, "updated_at": at}
    group = lines.Group(hash_id="cccccccccccc", slug="engines", name="Engines", **prompts, **dates)
    belongs = [
        lines.Belongs(team="cccccccccccc", person=key, created_at=at) for key in names.values()
    ]
    entries = []
    for number, row in enumerate(rows):
        said = sorted(row["comments"], key=lambda each: each[1])
        comments = tuple(
            lines.Said(
                hash_id=f"{number:06x}{place:06x}", person="aaaaaaaaaaaa", body=body, created_at=at_
            )
            for place, (body, at_) in enumerate(said)
        )
        likes = (
            (lines.Liked(person="bbbbbbbbbbbb", created_at=row["likes"]),) if row["likes"] else ()
        )
        fields = row | {"person": names[row["person"]], "comments": comments, "likes": likes}
        named = {"hash_id": f"{number:012x}", "team": "cccccccccccc", "created_by": "app"}
        entries.append(lines.Logged(mentioned=(), **named, **fields))
    entries.sort(key=lambda each: (each.created_at, each.hash_id))
    everything = [lines.Head(), *people, group, *belongs, *entries]
    return b"".join(lines.encode(line) + b"\n" for line in everything)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(logged, max_size=8))
def test_whatever_a_log_holds_it_leaves_as_it_came(db, rows):
    content = written(rows)
    settled(content)
    assert of_team(Team.objects.get(slug="engines")) == content
    nobody_left()
