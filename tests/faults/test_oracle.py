"""The comparison sees whatever is missing, double, strange or wrong."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace

import pytest
import zstandard

from faults.calls import densest, within_wait
from faults.oracle import judge, posted
from faults.senders import GitHub, Webhook
from faults.sending import Route
from faults.stage import Stage
from faults.verdict import Verdict, table

ROUTE = Route("engines/github", "engines", "/integrations/github/hook/t", "secret")


@pytest.fixture
def sent():
    """Two merged pull requests or issues, and a push of two commits."""
    sender = GitHub(ROUTE, Random(1815))
    return [sender.next() for _ in range(3)]


def log_of(sent):
    """What a log that says everything right shows."""
    entries = []
    for sending in sent:
        texts = [said.text for said in sending.means]
        first = sending.means[0]
        body = first.text
        if first.inside:
            body = first.inside.replace("#", f"{len(texts)} commits")
        facts = {"kind": first.kind, "user": first.person, "day": first.day}
        entries.append({"body": body, "details": texts if first.inside else [], **facts})
    return entries


def judged(sent, entries, *, team="engines"):
    found = judge(sent, {sending.id for sending in sent}, {team: entries})
    return found.lost, found.doubled, found.phantom, found.wrong


def test_a_log_that_says_everything_once_holds(sent):
    assert judged(sent, log_of(sent)) == (0, 0, 0, 0)


def test_what_was_acknowledged_and_is_not_there_is_lost(sent):
    assert judged(sent, log_of(sent)[1:]) == (1, 0, 0, 0)


def test_what_was_not_acknowledged_may_be_missing(sent):
    found = judge(sent, set(), {"engines": log_of(sent)[1:]})
    assert (found.lost, found.phantom) == (0, 0)


def test_what_is_there_twice_is_doubled(sent):
    entries = log_of(sent)
    assert judged(sent, [*entries, entries[0]]) == (0, 1, 0, 0)


def test_what_nobody_sent_is_a_phantom(sent):
    assert judged(sent[:2], log_of(sent))[2] in (1, 2)


@pytest.mark.parametrize(
    "change", [{"user": "mallory@example.net"}, {"day": "1815-12-10"}, {"kind": "goal"}]
)
def test_another_person_day_or_kind_is_wrong(sent, change):
    entries = log_of(sent)
    entries[0] = entries[0] | change
    assert judged(sent, entries)[3] in (1, 2)


def test_another_team_is_wrong(sent):
    assert judged(sent, log_of(sent), team="looms")[3] == sum(len(each.means) for each in sent)


def test_a_push_whose_count_does_not_fit_its_commits_is_wrong(sent):
    entries = log_of(sent)
    push = next(entry for entry in entries if entry["details"])
    push["body"] = push["body"].replace("2 commits", "3 commits")
    assert judged(sent, entries) == (0, 0, 0, 1)


def test_what_was_acknowledged_without_a_row_is_seen_whatever_the_row_is_called(sent):
    stored = [zstandard.compress(b"{}\n" + sending.body) for sending in sent[:2]]
    ledger = SimpleNamespace(sent={sending.id: sending for sending in sent})
    stage = SimpleNamespace(_requests=lambda: stored, ledger=ledger)
    assert Stage._without_a_row(stage, {sending.id for sending in sent}) == 1
    assert Stage._without_a_row(stage, set()) == 0


def test_posts_are_missing_double_and_out_of_order():
    due = ["first", "second", "third"]
    messages = ["Done\nthird", "Done\nfirst", "Done\nfirst"]
    found = posted(due, messages)
    assert (found.lost, found.doubled, found.disorder) == (1, 1, 1)


def test_a_call_within_the_wait_that_was_asked_for_is_seen():
    calls = [{"at": 0.0, "status": 429}, {"at": 2.0, "status": 200}, {"at": 2.1, "status": 200}]
    assert (within_wait(calls, 3), within_wait(calls, 2)) == (1, 0)
    assert densest(calls, 1) == 2


def test_a_verdict_holds_only_with_zeroes_and_without_broken_promises():
    verdict = Verdict("F1", "kill -9", "SQLite", sent=10, acknowledged=10)
    assert verdict.holds
    verdict.must(False, "somebody heard nothing")
    assert not verdict.holds
    assert "BROKEN: somebody heard nothing" in table([verdict])
    assert not Verdict("F1", "kill -9", "SQLite", lost=1).holds


def test_the_same_seed_sends_the_same():
    def bodies():
        sender = Webhook(ROUTE, Random(1815))
        return [sender.next().means for _ in range(5)]

    first = [[said._replace(day="") for said in means] for means in bodies()]
    again = [[said._replace(day="") for said in means] for means in bodies()]
    assert first == again
