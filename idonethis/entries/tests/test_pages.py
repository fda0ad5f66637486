"""What a log offers and shows, when there is more than a page of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.entries.pages import before, listed, position, sources
from idonethis.entries.views import entry as view

pytestmark = pytest.mark.django_db


def test_of_a_team_each_source_is_named_once(team, elsewhere, log):
    for name in ("slack", "acme", "slack", "app"):
        entry = log("Cast a gear")
        Entry.objects.filter(pk=entry.pk).update(created_by=name)
    assert sources(team) == ["acme", "app", "slack"]
    assert sources(elsewhere) == []


def test_what_is_said_of_each_is_counted_by_itself(team, ada, grace, log):
    quiet, talked = log("Oiled the mill"), log("Cast a gear")
    for number in range(3):
        talked.comments.create(user=ada, body=f"Well done {number}")
    talked.comments.filter(body="Well done 0").update(deleted_at=talked.created_at)
    for user in (ada, grace):
        talked.likes.create(user=user)
    counted = {each.pk: (each.comment_count, each.like_count) for each in listed(Entry.objects)}
    assert counted == {quiet.pk: (0, 0), talked.pk: (2, 2)}


def test_a_team_sees_who_has_logged_nothing_today(visitor, team, elsewhere, ada, grace, log):
    """What Grace did yesterday, has removed, or did in another team is nothing here today."""
    elsewhere.join(grace)
    log("Oiled the mill")
    log("Cast a gear", user=grace).delete_softly(by=grace)
    log("Cast a gear", user=grace, occurred_at=timezone.now() - timedelta(days=2))
    Entry.objects.log(Draft(body="Cast a gear"), team=elsewhere, user=grace)
    shown = visitor("ada").get(team.get_absolute_url()).content.decode()
    assert "1 of 2 have logged today. Not yet: Grace Hopper." in shown
    log("Cast a gear", user=grace)
    shown = visitor("ada").get(team.get_absolute_url()).content.decode()
    assert "2 of 2 have logged today." in shown and "Not yet" not in shown


def test_a_page_begins_right_below_the_place_where_the_last_one_ended(log):
    entries = [log(f"Cast gear {number}") for number in range(5)]
    for entry in entries:
        rest = before(listed(Entry.objects.all()), position(entry))
        assert [each.pk for each in rest] == [e.pk for e in entries[::-1] if e.pk < entry.pk]


@pytest.fixture
def two_a_page(monkeypatch):
    monkeypatch.setattr(view, "SHOWN", 2)


def test_the_last_comments_are_shown_and_lead_to_the_earlier_ones(two_a_page, visitor, ada, log):
    entry = log("Cast a gear")
    made = [entry.comments.create(user=ada, body=f"Comment {number}") for number in range(5)]
    shown = []
    earlier = ""
    for _ in range(3):
        page = visitor("ada").get(f"{entry.get_absolute_url()}?before={earlier}")
        shown.append([each.body[-1] for each in page.context["comments"]])
        earlier = page.context["earlier"]
    assert shown == [["3", "4"], ["1", "2"], ["0"]]
    assert earlier == ""
    assert f"?before={made[3].hash_id}" in visitor("ada").get(entry.get_absolute_url()).text
