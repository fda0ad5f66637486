"""Lines of an archive by whoever wrote them: what is wrong with one is told, and harms no other."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from idonethis.entries.models import Comment, Entry, Like, Source
from idonethis.porting import reading
from idonethis.porting.brought import Unreadable
from idonethis.porting.tests.moves import (
    bring,
)

pytestmark = pytest.mark.django_db

HEAD = '{"kind":"idonethis","version":1}'
ADA = '{"kind":"person","hash_id":"aaaaaaaaaaaa","email_address":"ada@example.org"}'
ENTRY = {
    "kind": "entry", "hash_id": "eeeeeeeeeeee", "person": "aaaaaaaaaaaa", "status": "done",
    "body": "Oiled it", "occurred_on": "2015-03-02",
}  # fmt: skip


def archive(*entries):
    return "\n".join([HEAD, ADA, *(json.dumps(ENTRY | each) for each in entries)]).encode()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"body": ""}, "length >= 1"),
        ({"body": "x" * 2001}, "length <= 2000"),
        ({"status": "finished"}, "finished"),
        ({"occurred_on": "soon"}, "Invalid RFC3339"),
        ({"occurred_on": "0001-01-01"}, "is not a day of any log"),
        ({"created_at": "2015-03-02T10:00:00"}, "timezone"),
        ({"person": "nobody"}, "No line above says who nobody is"),
        ({"kind": "spell"}, "spell"),
        ({"tags": ["x" * 51]}, "length <= 50"),
        ({"comments": [{"hash_id": "x"}]}, "missing required field"),
        ({"body": {"deep": []}}, "Expected `str`"),
    ],
)
def test_a_bad_line_is_told_and_the_others_go_in(team, change, why):
    content = archive(change, {"hash_id": "ffffffffffff"})
    ((line, told),) = reading.read(content).refused
    assert line == 3 and why in told
    assert bring(team, content).results == {"new": 1, "refused": 1}


def test_a_line_that_is_no_json_or_too_deep_is_told(team):
    content = archive({}) + b"\n{oops\n" + b'{"kind":' + b"[" * 100_000 + b"\n\xff\xfe\n"
    assert [each.line for each in reading.read(content).refused] == [4, 5, 6]


@pytest.mark.parametrize("head", [b"{}", b'{"kind":"idonethis","version":2}', b'{"kind":"entry"}'])
def test_a_file_of_another_kind_is_refused_as_a_whole(head):
    with pytest.raises(Unreadable):
        reading.read(head + b"\n")


def test_two_names_that_are_the_same_do_not_meet(team, ada):
    """Neither of entries nor of comments nor of things elsewhere."""
    comment = {
        "hash_id": "cccccccccccc",
        "person": "aaaaaaaaaaaa",
        "body": "Well",
        "created_at": "2015-03-02T10:00:00Z",
    }
    thing = [{"key": "acme:1"}, {"key": "import:eeeeeeeeeeee"}, {"key": "acme:1"}]
    rows = [
        {"hash_id": name, "comments": [comment, comment], "details": thing, "tags": ["a", "a"]}
        for name in ("eeeeeeeeeeee", "dddddddddddd", "eeeeeeeeeeee")
    ]
    assert bring(team, archive(*rows)).results == {"new": 2}
    assert Comment.objects.count() == 4


def test_a_goal_is_completed_by_one_done(team):
    goal = {"hash_id": "aaaaaaaaaaa1", "status": "goal", "completed_on": "2015-03-02"}
    dones = [{"hash_id": f"aaaaaaaaaaa{n}", "completes": "aaaaaaaaaaa1"} for n in (2, 3)]
    job = bring(team, archive(*dones, goal))
    assert job.state == "done"
    assert Entry.objects.filter(completes__kind="goal").count() == 1


def test_a_goal_that_was_opened_again_here_stays_open(team):
    goal = {"hash_id": "aaaaaaaaaaa1", "status": "goal", "completed_on": "2015-03-02"}
    content = archive({"completes": "aaaaaaaaaaa1"}, goal)
    bring(team, content)
    done = Entry.objects.get(completes__isnull=False)
    Entry.objects.filter(pk=done.pk).update(completes=None)
    assert bring(team, content).results == {"same": 2}
    assert not Entry.objects.filter(completes__isnull=False).exists()


def test_nothing_is_newer_than_the_import(team):
    bring(
        team, archive({"created_at": "2099-01-01T00:00:00Z", "updated_at": "2099-01-01T00:00:00Z"})
    )
    entry = Entry.objects.get()
    assert entry.created_at <= timezone.now() and entry.updated_at <= timezone.now()


def test_what_somebody_unknown_said_is_left_out_and_counted(team):
    said_ = {"hash_id": "c", "person": "nobody", "body": "x", "created_at": "2015-03-02T10:00:00Z"}
    liked = {"person": "nobody", "created_at": "2015-03-02T10:00:00Z"}
    job = bring(team, archive({"comments": [said_, said_], "likes": [liked]}))
    assert job.results == {"new": 1, "comments": 2, "likes": 1}
    assert not Comment.objects.exists() and not Like.objects.exists()


def test_an_address_of_another_kind_is_left_out(team):
    thing = {"key": "acme:1", "url": "javascript:alert(1)"}
    bring(team, archive({"url": "javascript:alert(1)", "details": [thing]}))
    assert Entry.objects.get().url == Source.objects.get(key="acme:1").url == ""


def test_signs_that_no_database_stores_are_left_out(team):
    bring(team, archive({"body": "Oiled\0 it\x1b[2J", "origin_label": "\0mill"}))
    entry = Entry.objects.get()
    assert (entry.body, entry.origin_label) == ("Oiled it[2J", "mill")


def test_hours_of_summer_and_fractions_are_kept(team):
    at = datetime(2020, 10, 25, 0, 30, 0, 1, tzinfo=UTC) + timedelta(hours=1)
    bring(team, archive({"created_at": at.isoformat(), "occurred_at": at.isoformat()}))
    assert Entry.objects.get().occurred_at == Entry.objects.get().created_at == at
