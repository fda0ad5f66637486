"""Pull requests: opened, merged in three ways, closed."""

from __future__ import annotations

import pytest

from idonethis.simulators.tests.receiver import bodies


@pytest.mark.parametrize(("method", "count"), [("merge", 3), ("squash", 1), ("rebase", 2)])
def test_a_merge_closes_the_pull_request_and_pushes_its_merge_commit(
    engine, receiver, method, count
):
    number = engine.do("open_pull_request", actor="ada", title="Carry", commits=2)["number"]
    receiver.got.clear()
    engine.do("merge_pull_request", actor="grace", number=number, method=method)
    assert receiver.events == ["pull_request.closed", "push"]
    closed, push = (received.json for received in receiver.got)
    pull = closed["pull_request"]
    assert (pull["merged"], pull["merged_by"]["login"]) == (True, "grace")
    assert pull["merged_at"] == pull["closed_at"] is not None
    assert push["ref"] == "refs/heads/main"
    assert push["after"] == pull["merge_commit_sha"] == push["commits"][-1]["id"]
    assert len(push["commits"]) == count


def test_a_squashed_commit_is_by_who_opened_and_pushed_by_who_merged(engine, receiver):
    engine.do("open_pull_request", actor="ada", title="Carry the tens")
    engine.do("merge_pull_request", actor="grace", method="squash")
    (commit,) = bodies(receiver, "push")[0]["commits"]
    assert commit["message"].startswith("Carry the tens (#1)\n")
    assert (commit["author"]["username"], commit["committer"]["username"]) == ("ada", "web-flow")
    assert bodies(receiver, "push")[0]["sender"]["login"] == "grace"


def test_a_rebase_writes_the_commits_anew(engine, receiver):
    engine.do("open_pull_request")
    engine.do("merge_pull_request", method="rebase")
    head = bodies(receiver, "pull_request.closed")[0]["pull_request"]["head"]["sha"]
    pushed = [commit["id"] for commit in bodies(receiver, "push")[0]["commits"]]
    assert head not in pushed


def test_the_push_of_a_merge_may_come_first(engine, receiver):
    engine.do("open_pull_request")
    engine.do("merge_pull_request", order=["push", "pull_request"])
    assert receiver.events[1:] == ["push", "pull_request.closed"]


def test_a_pull_request_is_closed_without_merging_and_reopened(engine, receiver):
    engine.do("open_pull_request", draft=True)
    engine.do("close_pull_request")
    engine.do("reopen_pull_request")
    opened, closed, reopened = (received.json for received in receiver.got)
    assert opened["pull_request"]["draft"] is True
    assert (closed["action"], closed["pull_request"]["merged"]) == ("closed", False)
    assert closed["pull_request"]["merge_commit_sha"] is None
    assert (reopened["action"], reopened["pull_request"]["state"]) == ("reopened", "open")
