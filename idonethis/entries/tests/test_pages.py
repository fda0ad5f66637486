"""What a log offers and shows, when there is more than a page of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.entries.pages import PAGE, Place, below, in_order, listed, position, sources
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
        rest = below(in_order(Entry.objects.all()), Place.named(position(entry)))
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


def test_the_log_of_a_team_takes_eight_questions_also_where_something_is_open(
    visitor, team, log, django_assert_num_queries
):
    """The session, who it is and their teams; the page and its details, the people, what is in
    trouble and what is suggested."""
    log("Cast a gear")
    log("Mend the mill", kind="goal", occurred_at=timezone.now() - timedelta(days=2))
    ada, page = visitor("ada"), team.get_absolute_url()
    ada.get(page)
    with django_assert_num_queries(8):
        shown = ada.get(page).content.decode()
    assert "Cast a gear" in shown and "Still open" in shown


def test_what_is_still_open_stands_above_the_log_and_in_it_where_its_day_is_shown(
    visitor, team, log
):
    old = log("Mend the mill", kind="goal", occurred_at=timezone.now() - timedelta(days=2))
    for number in range(PAGE):
        log(f"Cast gear {number}")
    first = visitor("ada").get(team.get_absolute_url()).context["page"]
    assert [entry.pk for entry in first.open] == [old.pk]
    assert [len(day.entries) for day in first.days] == [PAGE]
    second = visitor("ada").get(f"{team.get_absolute_url()}?{first.older_query}").context["page"]
    assert [[entry.pk for entry in day.entries] for day in second.days] == [[old.pk]]
    assert [entry.pk for entry in second.open] == [old.pk] and second.older == ""


def test_my_log_says_of_each_whose_team_it_was_for_also_further_down(client, ada, team, log):
    log("Mend the mill", kind="goal", occurred_at=timezone.now() - timedelta(days=2))
    for number in range(PAGE + 1):
        log(f"Cast gear {number}")
    client.force_login(ada)
    link = f'<p class="via"><a href="{team.get_absolute_url()}">{team}</a>'
    first = client.get("/me")
    assert first.content.decode().count(link) == 1 + PAGE
    older = f"/me?{first.context['page'].older_query}"
    assert client.get(older, headers={"HX-Request": "true"}).content.decode().count(link) == 2


def test_what_an_admin_removed_its_author_sees_and_does_not_bring_back(client, ada, grace, log):
    entry = log("Cast a gear", user=grace)
    entry.delete_softly(by=ada)
    client.force_login(grace)
    page, back = entry.get_absolute_url(), reverse("restore_entry", args=[entry.hash_id])
    shown = client.get(page).content.decode()
    assert "only an admin of the team brings it back" in shown and back not in shown
    assert client.post(back).status_code == 403
    client.force_login(ada)
    assert back in client.get(page).content.decode()
    client.post(back)
    assert not Entry.objects.get().deleted_at


def test_what_was_removed_too_long_ago_has_no_way_back(client, ada, log):
    entry = log("Cast a gear")
    entry.delete_softly(by=ada)
    Entry.objects.update(deleted_at=timezone.now() - timedelta(days=31))
    client.force_login(ada)
    shown = client.get(entry.get_absolute_url()).content.decode()
    assert "stays removed" in shown and "Bring it back" not in shown
