"""Titles, issues, reviews and releases."""

from __future__ import annotations

import pytest

from idonethis.simulators.tests.receiver import bodies


@pytest.mark.parametrize("kind", ["pull_request", "issue"])
def test_a_new_title_says_the_old_one(engine, receiver, kind):
    engine.do(f"open_{kind}", title="Carry the tens")
    engine.do(f"retitle_{kind}", title="Carry all tens")
    edited = receiver.got[-1].json
    assert edited["action"] == "edited"
    assert edited["changes"] == {"title": {"from": "Carry the tens"}}
    assert edited[kind]["title"] == "Carry all tens"


@pytest.mark.parametrize("reason", ["completed", "not_planned", "duplicate"])
def test_an_issue_is_closed_for_a_reason_and_reopened(engine, receiver, reason):
    engine.do("open_issue", assignees=["grace"], labels=["bug"])
    engine.do("close_issue", actor="grace", reason=reason)
    engine.do("reopen_issue")
    opened, closed, reopened = (received.json["issue"] for received in receiver.got)
    assert opened["assignee"]["login"] == "grace"
    assert [label["name"] for label in opened["labels"]] == ["bug"]
    assert (closed["state"], closed["state_reason"]) == ("closed", reason)
    assert closed["closed_at"] and not reopened["closed_at"]


@pytest.mark.parametrize("state", ["approved", "changes_requested", "commented"])
def test_a_review_is_submitted(engine, receiver, state):
    engine.do("open_pull_request", actor="ada")
    engine.do("submit_review", actor="grace", state=state, body="Neat")
    review = bodies(receiver, "pull_request_review.submitted")[0]
    assert (review["review"]["state"], review["review"]["user"]["login"]) == (state, "grace")
    assert review["pull_request"]["user"]["login"] == "ada"


def test_a_release_comes_with_its_tag(engine, receiver):
    engine.do("push")
    receiver.got.clear()
    engine.do("publish_release", actor="grace", tag="v2.0")
    assert receiver.events == [
        "create",
        "push",
        "release.created",
        "release.published",
        "release.released",
    ]
    assert bodies(receiver, "push")[0]["ref"] == "refs/tags/v2.0"
    assert bodies(receiver, "push")[0]["commits"] == []
    assert bodies(receiver, "push")[0]["head_commit"]["author"]["username"] == "ada"
    assert bodies(receiver, "release.published")[0]["release"]["author"]["login"] == "grace"
