"""A link that suggests: what would be an entry waits until its person says yes."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

import orjson
import pytest
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry, Source
from idonethis.integrations.http import Never
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import IntegrationUser, Receipt, Replay, Storm, Suggestion
from idonethis.integrations.models.backfilling import Past, can_backfill
from idonethis.integrations.models.deciding import decide, settle, wait_again
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.releasing import release, release_some
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.models.sweeping import sweep
from idonethis.integrations.tests.coming import work, work_off
from idonethis.integrations.values import Hook, Reason, Verdict

pytestmark = pytest.mark.django_db

CRANK = {"type": "done", "body": "Turned the crank", "key": "crank"}
NOON, LATER = "2026-11-24T12:00:00+00:00", "2026-11-24T13:00:00+00:00"
LAST = "2026-11-24T14:00:00+00:00"
PUSH = {"type": "push", "at": NOON}


@pytest.fixture
def link(link):
    link.config = {"how": "suggest"}
    link.save()
    return link


@pytest.fixture
def arrive(link):
    """What Acme says comes in by the link, is stored and read; its receipt."""
    deliveries = count(1)

    def call(*, received: datetime | None = None, **said) -> Receipt:
        headers, name = {"content-type": "application/json"}, f"d{next(deliveries)}"
        body, at = orjson.dumps({"uid": "1815"} | said), received or timezone.now()
        hook = Hook(body, headers, received_at=at)
        store([Row("acme", link.pk, name, "", hook, headers)])
        work()
        return Receipt.objects.get(delivery_key=name)

    return call


def days_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def log():
    return sorted(Entry.objects.alive().values_list("body", flat=True))


def waiting():
    return sorted(Suggestion.objects.pending().values_list("body", flat=True))


def say(verdict, **which):
    decide(Suggestion.objects.filter(**which), verdict)
    work()


def undo():
    wait_again(Suggestion.objects.all())
    work()


def replay(*receipts):
    for receipt in receipts:
        work_off(Replay.begin(Selection(receipt=receipt.pk), user=None))


def ends():
    return list(Receipt.objects.order_by("pk").values_list("outcome", flat=True))


# Yes and no.


def test_what_would_be_an_entry_waits_for_its_person(arrive, ada, team, link):
    receipt = arrive(**CRANK, received=days_ago(3))
    waits = Suggestion.objects.get()
    assert (waits.user, waits.team, waits.link, waits.kind) == (ada, team, link, "done")
    assert (waits.body, waits.day) == ("Turned the crank", ada.day_of(days_ago(3)))
    assert (receipt.outcome, receipt.why, receipt.entry) == (
        Reason.SUGGESTED,
        "Waits for its person.",
        "",
    )
    assert receipt.suggestion == waits.hash_id
    assert not Entry.objects.exists() and not Source.objects.exists()


def test_a_yes_logs_it_on_the_day_on_which_it_happened(arrive, ada):
    arrive(**CRANK, received=days_ago(3))
    say(Verdict.ACCEPT)
    entry = Entry.objects.get()
    assert (entry.body, entry.user, entry.occurred_on) == (
        "Turned the crank",
        ada,
        ada.day_of(days_ago(3)),
    )
    assert ends() == [Reason.CREATED]
    assert waiting() == []


def test_a_yes_to_one_says_nothing_about_another(arrive):
    arrive(**CRANK)
    arrive(type="done", body="Oiled the mill", key="oil")
    say(Verdict.ACCEPT, body="Oiled the mill")
    assert (log(), waiting()) == (["Oiled the mill"], ["Turned the crank"])


def test_what_is_dismissed_stays_dismissed_whatever_comes_of_it(arrive):
    receipt = arrive(**CRANK, as_of=NOON)
    say(Verdict.DISMISS)
    arrive(**CRANK | {"body": "Turned it again"}, as_of=LATER)
    arrive(type="retitle", key="crank", body="Cranked", as_of=LAST)
    replay(receipt)
    assert (log(), waiting()) == ([], [])
    assert set(ends()) == {Reason.DISMISSED}


def test_nor_does_it_come_back_when_the_link_logs_by_itself(arrive, link):
    arrive(**CRANK, as_of=NOON)
    say(Verdict.DISMISS)
    link.config = {"how": "log"}
    link.save()
    arrive(**CRANK, as_of=LATER)
    arrive(type="done", body="Oiled the mill", key="oil")
    assert log() == ["Oiled the mill"]


def test_what_waits_is_not_logged_by_an_admin_who_turns_the_switch(arrive, link):
    receipt = arrive(**CRANK)
    link.config = {"how": "log"}
    link.save()
    replay(receipt)
    assert (log(), waiting()) == ([], ["Turned the crank"])


def test_after_a_yes_what_comes_of_it_flows_straight(arrive):
    arrive(**CRANK, as_of=NOON)
    say(Verdict.ACCEPT)
    arrive(**CRANK | {"body": "Turned the crank twice"}, as_of=LATER)
    arrive(type="retitle", key="crank", body="Cranked", as_of=LAST)
    assert (log(), waiting()) == (["Cranked"], [])


def test_a_yes_can_be_undone_and_given_again(arrive):
    arrive(**CRANK)
    say(Verdict.ACCEPT)
    undo()
    assert (log(), waiting()) == ([], ["Turned the crank"])
    say(Verdict.ACCEPT)
    assert log() == ["Turned the crank"]


def test_a_no_can_be_undone(arrive):
    arrive(**CRANK)
    say(Verdict.DISMISS)
    undo()
    assert (log(), waiting()) == ([], ["Turned the crank"])
    assert ends() == [Reason.SUGGESTED]


def test_an_entry_that_its_person_has_edited_stays_though_they_undo_their_yes(arrive):
    arrive(**CRANK)
    say(Verdict.ACCEPT)
    Entry.objects.get().edit(kind="done", body="In my words")
    undo()
    assert (log(), waiting()) == (["In my words"], [])


def test_undone_before_the_yes_was_carried_out_it_waits_all_the_same(arrive):
    arrive(**CRANK)
    decide(Suggestion.objects.all(), Verdict.ACCEPT)
    wait_again(Suggestion.objects.all())
    work()
    assert (log(), waiting()) == ([], ["Turned the crank"])


# What grows.


def test_the_commits_of_a_day_are_one_suggestion_that_grows(arrive):
    arrive(**PUSH, commits=["a", "b"])
    arrive(**PUSH, commits=["b", "c"])
    assert waiting() == ["Pushed 3 commits to main"]
    details = [each["text"] for each in Suggestion.objects.get().details]
    assert details == ["Commit a", "Commit b", "Commit c"]
    say(Verdict.ACCEPT)
    assert log() == ["Pushed 3 commits to main"]
    arrive(**PUSH, commits=["d"])
    assert (log(), waiting()) == (["Pushed 4 commits to main"], [])


def test_another_day_is_another_suggestion(arrive):
    arrive(**PUSH, commits=["a"])
    arrive(type="push", at="2026-11-23T12:00:00+00:00", commits=["b"])
    assert waiting() == ["Pushed 1 commit to main"] * 2


def test_a_yes_to_what_grew_is_undone_as_a_whole(arrive):
    arrive(**PUSH, commits=["a"])
    say(Verdict.ACCEPT)
    arrive(**PUSH, commits=["b"])
    undo()
    assert (log(), waiting()) == ([], ["Pushed 2 commits to main"])


# What is said of it meanwhile.


def test_while_it_waits_its_newest_words_show(arrive):
    arrive(**CRANK, as_of=NOON)
    arrive(type="retitle", key="crank", body="Cranked", as_of=LAST)
    arrive(**CRANK | {"body": "Turned the crank twice"}, as_of=LATER)
    assert waiting() == ["Cranked"]
    say(Verdict.ACCEPT)
    assert log() == ["Cranked"]
    assert Reason.FAILED not in ends()


def test_words_that_came_before_it_are_not_lost(arrive):
    arrive(type="retitle", key="crank", body="Cranked", as_of=LAST)
    arrive(**CRANK, as_of=NOON)
    assert waiting() == ["Cranked"]


def test_what_is_taken_back_while_it_waits_waits_no_more(arrive):
    first = arrive(**CRANK, as_of=NOON)
    arrive(type="retract", uid="", key="crank", as_of=LATER)
    assert waiting() == []
    say(Verdict.ACCEPT)
    replay(first)
    assert log() == []


def test_taken_back_and_done_again_it_waits_again(arrive):
    arrive(**CRANK, as_of=NOON)
    arrive(type="retract", uid="", key="crank", as_of=LATER)
    arrive(**CRANK, as_of=LAST)
    assert waiting() == ["Turned the crank"]
    say(Verdict.ACCEPT)
    assert log() == ["Turned the crank"]


def test_an_old_retraction_that_comes_late_takes_nothing_back(arrive):
    arrive(**CRANK, as_of=LATER)
    arrive(type="retract", uid="", key="crank", as_of=NOON)
    assert waiting() == ["Turned the crank"]


def test_a_partner_that_knows_no_time_takes_it_back_for_good(arrive):
    first = arrive(**CRANK)
    arrive(type="retract", uid="", key="crank")
    replay(first)
    assert (log(), waiting()) == ([], [])


def test_nobody_takes_back_what_is_suggested_to_another(arrive, grace):
    IntegrationUser.objects.create(integration_type="acme", uid="1906", user=grace)
    arrive(**CRANK)
    receipt = arrive(type="retract", key="crank", uid="1906")
    assert (receipt.outcome, waiting()) == (Reason.NOT_THEIRS, ["Turned the crank"])


# Links and time.


def test_what_is_in_the_log_already_stays_and_follows_when_the_link_turns_to_suggesting(
    arrive, link
):
    link.config = {}
    link.save()
    first = arrive(**CRANK, as_of=NOON)
    link.config = {"how": "suggest"}
    link.save()
    arrive(**CRANK | {"body": "Turned it twice"}, as_of=LATER)
    replay(first)
    assert (log(), waiting()) == (["Turned it twice"], [])


@pytest.mark.parametrize("end", ["pause", "remove"])
def test_a_yes_counts_though_the_link_has_stopped(arrive, link, end):
    arrive(**CRANK)
    getattr(link, end)()
    say(Verdict.ACCEPT)
    assert log() == ["Turned the crank"]


def test_who_no_longer_writes_in_the_team_is_offered_nothing(arrive, ada, team):
    arrive(**CRANK)
    team.memberships.filter(user=ada).update(role="observer")
    assert not Suggestion.objects.of(ada).exists()


def test_a_person_who_is_left_out_by_a_rule_gets_no_suggestion(arrive, link, ada, grace):
    arrive(**CRANK)
    link.config = {"how": "suggest", "who": "only", "people": [grace.hash_id]}
    link.save()
    receipt = arrive(type="done", body="Oiled the mill", key="oil")
    assert receipt.why == "Left out by the rule “by Grace Hopper alone”."
    replay(*Receipt.objects.all())
    assert waiting() == []
    assert set(ends()) == {Reason.FILTERED}


def test_a_yes_counts_though_the_rules_leave_it_out_by_now(arrive, link, grace):
    receipt = arrive(**CRANK)
    link.config = {"how": "suggest", "who": "only", "people": [grace.hash_id]}
    link.save()
    say(Verdict.ACCEPT)
    assert log() == ["Turned the crank"]
    replay(receipt)
    assert (log(), ends()) == (["Turned the crank"], [Reason.CREATED])


def test_a_link_that_suggests_brings_in_nothing_of_the_past(link):
    link.subject = "mill"
    link.integration_user = IntegrationUser.objects.get()
    link.config = {}
    assert can_backfill(link) and Past.of_days(link, 7).check()
    link.config = {"how": "suggest"}
    assert not can_backfill(link)
    with pytest.raises(Never, match="suggests what comes in, and nothing of the past"):
        Past.of_days(link, 7).check()


def test_a_storm_is_let_out_as_suggestions_each_by_itself(arrive, link):
    Storm.objects.begin(link.pk, began_at=timezone.now(), first_receipt=1)
    arrive(**CRANK)
    arrive(type="done", body="Oiled the mill", key="oil")
    assert (log(), waiting()) == ([], [])
    release(Storm.objects.get(), Storm.Choice.FOLD, by=None)
    while release_some():
        pass
    assert waiting() == ["Oiled the mill", "Turned the crank"]
    say(Verdict.ACCEPT)
    assert log() == ["Oiled the mill", "Turned the crank"]


def test_what_nobody_decides_goes_after_14_days_and_can_still_be_logged(arrive):
    arrive(**CRANK)
    Suggestion.objects.update(expires_at=timezone.now() + timedelta(days=13, hours=23))
    sweep()
    assert waiting() == ["Turned the crank"]
    assert timezone.now() + timedelta(days=13) < Suggestion.objects.get().expires_at
    Suggestion.objects.update(expires_at=timezone.now())
    sweep()
    work()
    assert (log(), waiting(), ends()) == ([], [], [Reason.EXPIRED])
    say(Verdict.ACCEPT)
    assert log() == ["Turned the crank"]


def test_what_was_decided_while_a_batch_was_under_way_is_carried_out(arrive):
    receipt = arrive(**CRANK)
    Suggestion.objects.all().move_to("accepted")
    settle()
    work()
    assert log() == ["Turned the crank"]
    Suggestion.objects.all().move_to("pending")
    settle()
    work()
    assert (log(), waiting()) == ([], ["Turned the crank"])
    receipt.refresh_from_db()
    assert receipt.outcome == Reason.SUGGESTED


def test_a_decision_is_not_overwritten_by_news_of_what_it_decides(arrive):
    arrive(**CRANK, as_of=NOON)
    stale = Suggestion.objects.get()
    Suggestion.objects.all().move_to("dismissed")
    stale.hear(Entry(kind="done", body="Turned it twice", occurred_on=stale.day), Draft(body=""))
    assert Suggestion.objects.get().state == "dismissed"


def test_a_team_in_which_nothing_was_ever_suggested_is_not_asked_for_each_receipt(
    link, team, django_assert_num_queries
):
    known = Known()
    with django_assert_num_queries(1):
        assert not known.has_suggestions(team)
        assert not known.has_suggestions(team)


def test_its_text_is_in_no_line_of_any_log(arrive, caplog):
    arrive(**CRANK)
    assert "crank" not in str(Suggestion.objects.get()) + repr(Suggestion.objects.get())
    assert "crank" not in caplog.text
