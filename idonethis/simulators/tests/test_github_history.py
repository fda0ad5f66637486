"""Commits that are there already: picked, reverted, brought to a second branch; and remarks."""

from __future__ import annotations

import httpx
import pytest

from idonethis.simulators.tests.receiver import bodies


def test_a_commit_on_a_second_branch_is_the_same_and_not_distinct(engine, receiver):
    (sha,) = engine.do("push", commits=1)["commits"]
    engine.do("push_known", branch="release", commits=[sha])
    first, second = bodies(receiver, "push")
    assert second["ref"] == "refs/heads/release"
    assert [commit["id"] for commit in second["commits"]] == [sha]
    assert (first["commits"][0]["distinct"], second["commits"][0]["distinct"]) == (True, False)


@pytest.mark.parametrize("x", [False, True])
def test_a_picked_commit_keeps_its_author_and_message_under_another_id(engine, receiver, x):
    (sha,) = engine.do("push", actor="ada", messages=["Oil the mill"])["commits"]
    engine.do("cherry_pick", actor="grace", commit=sha, branch="release", x=x)
    (picked,) = bodies(receiver, "push")[1]["commits"]
    assert picked["id"] != sha
    assert (picked["author"]["username"], picked["committer"]["username"]) == ("ada", "grace")
    note = f"\n\n(cherry picked from commit {sha})" if x else ""
    assert picked["message"] == f"Oil the mill{note}"


def test_a_merged_pull_request_is_reverted_by_another_one(engine, receiver):
    engine.do("open_pull_request", title="Carry", branch="tens")
    engine.do("merge_pull_request")
    engine.do("revert_pull_request", actor="grace", number=1)
    pull = bodies(receiver, "pull_request.opened")[1]["pull_request"]
    assert (pull["title"], pull["body"]) == ('Revert "Carry"', "Reverts analytical/engine#1")
    assert (pull["user"]["login"], pull["head"]["ref"]) == ("grace", "revert-1-tens")


@pytest.mark.parametrize(
    ("action", "values"),
    [("cherry_pick", {"commit": "0" * 40}), ("revert_pull_request", {}), ("push_known", {})],
)
def test_what_is_not_there_is_neither_picked_nor_reverted(engine, receiver, action, values):
    engine.do("open_pull_request")
    receiver.got.clear()
    with pytest.raises(httpx.HTTPStatusError):
        engine.do(action, **values)
    assert receiver.got == []


def test_remarks_come_with_the_review_that_they_are_part_of(engine, receiver):
    engine.do("open_pull_request")
    receiver.got.clear()
    engine.do("submit_review", actor="grace", state="commented", remarks=2)
    assert receiver.events == [
        "pull_request_review.submitted",
        *["pull_request_review_comment.created"] * 2,
    ]
    review, *remarks = (received.json for received in receiver.got)
    of = {each["comment"]["pull_request_review_id"] for each in remarks}
    assert of == {review["review"]["id"]}
    assert [each["comment"]["line"] for each in remarks] == [1, 2]
