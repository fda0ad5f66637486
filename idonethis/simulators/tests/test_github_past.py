"""What happened before, as it can be listed afterwards."""

from __future__ import annotations

import pytest

ENGINE = "/repos/analytical/engine"


@pytest.fixture
def api(github):
    return github.api(scope="admin:repo_hook")


def links(answer):
    return {rel: link["url"] for rel, link in answer.links.items()}


def test_pull_requests_are_issues_and_say_when_they_were_merged(github, api):
    github.do("open_pull_request", title="Carry the tens")
    github.do("merge_pull_request", method="squash")
    github.do("open_issue", title="Oil the mill")
    issue, pull = api.get(f"{ENGINE}/issues", params={"state": "all"}).json()
    assert "pull_request" not in issue and issue["html_url"].endswith("/issues/2")
    assert pull["pull_request"]["merged_at"] and pull["html_url"].endswith("/pull/1")
    assert api.get(f"{ENGINE}/pulls/1").json()["merge_commit_sha"]


def test_they_are_listed_by_their_last_change_in_either_direction(github, api):
    for title in ("first", "second", "third"):
        github.do("open_issue", title=title)
        github.do("clock", forward=60)
    changed = api.get(f"{ENGINE}/issues/2").json()["updated_at"]
    github.do("retitle_issue", number=1, title="first of all")
    asked = {"sort": "updated", "direction": "asc", "since": changed}
    listed = api.get(f"{ENGINE}/issues", params=asked).json()
    assert [each["title"] for each in listed] == ["second", "third", "first of all"]
    counted = api.get(f"{ENGINE}/issues", params={"since": changed, "per_page": 1})
    assert "page=3" in links(counted)["last"]


def test_only_an_issue_by_itself_says_who_closed_it(github, api):
    github.do("open_issue")
    github.do("close_issue", actor="grace")
    assert "closed_by" not in api.get(f"{ENGINE}/issues", params={"state": "all"}).json()[0]
    assert api.get(f"{ENGINE}/issues/1").json()["closed_by"]["login"] == "grace"
    github.do("reopen_issue")
    assert api.get(f"{ENGINE}/issues/1").json()["closed_by"] is None


def test_reviews_are_listed_in_the_order_in_which_they_were_made(github, api):
    github.do("open_pull_request")
    github.do("submit_review", actor="grace", state="changes_requested")
    github.do("submit_review", actor="babbage", state="approved")
    listed = api.get(f"{ENGINE}/pulls/1/reviews").json()
    assert [(each["state"], each["user"]["login"]) for each in listed] == [
        ("CHANGES_REQUESTED", "grace"),
        ("APPROVED", "babbage"),
    ]
    assert api.get(f"{ENGINE}/pulls/9/reviews").status_code == 404


def test_what_became_of_branches_is_listed_newest_first(github, api):
    github.do("push", actor="ada", commits=2)
    github.do("push", actor="grace", force=True)
    github.do("push", branch="roof")
    github.do("push", branch="roof", delete=True)
    github.do("open_pull_request")
    github.do("merge_pull_request", actor="grace")
    listed = api.get(f"{ENGINE}/activity").json()
    assert [each["activity_type"] for each in listed] == [
        "pr_merge",
        "branch_deletion",
        "branch_creation",
        "force_push",
        "push",
        "branch_creation",
    ]
    assert listed[3]["actor"]["login"] == "grace"
    assert listed[3]["before"] == listed[4]["after"]
    roof = api.get(f"{ENGINE}/activity", params={"ref": "roof", "direction": "asc"}).json()
    assert [each["activity_type"] for each in roof] == ["branch_creation", "branch_deletion"]


def test_activity_comes_in_pages_and_by_period(github, api):
    github.do("clock", forward=-20 * 86400)
    github.do("push")
    github.do("clock", forward=20 * 86400)
    for _ in range(3):
        github.do("push")
    first = api.get(f"{ENGINE}/activity", params={"per_page": 2, "ref": "refs/heads/main"})
    second = api.get(links(first)["next"])
    third = api.get(links(second)["next"])
    assert "next" not in third.links
    ids = [each["id"] for page in (first, second, third) for each in page.json()]
    assert len(ids) == len(set(ids)) == 5
    assert len(api.get(f"{ENGINE}/activity", params={"time_period": "week"}).json()) == 3
    assert api.get(f"{ENGINE}/activity", params={"time_period": "aeon"}).status_code == 422


def test_two_commits_are_compared_by_what_came_between(github, api):
    github.do("push", messages=["one", "two"])
    github.do("push", messages=["three"], author={"name": "X", "email": "x@example.net"})
    newest, older = api.get(f"{ENGINE}/activity").json()[:2]
    both = f"{ENGINE}/compare/{older['before']}...{newest['after']}"
    compared = api.get(both).json()
    assert compared["total_commits"] == 3
    said = [each["commit"]["message"] for each in compared["commits"]]
    assert said == ["one", "two", "three"]
    assert [each["author"] and each["author"]["login"] for each in compared["commits"]] == [
        "ada",
        "ada",
        None,
    ]
    second = api.get(both, params={"per_page": 2, "page": 2}).json()["commits"]
    assert [each["commit"]["message"] for each in second] == ["three"]
    assert api.get(f"{ENGINE}/compare/{'f' * 40}...{newest['after']}").status_code == 404


def test_the_commits_of_a_branch_are_listed_newest_first(github, api):
    github.do("push", messages=["one", "two"])
    listed = api.get(f"{ENGINE}/commits").json()
    assert [each["commit"]["message"] for each in listed] == ["two", "one", "Begin"]
    assert listed[0]["html_url"].endswith(f"/commit/{listed[0]['sha']}")


def test_the_past_of_a_private_repository_takes_the_repo_scope(github, api):
    plans = "/repos/analytical/secret-plans"
    for path in ("issues", "activity", "commits", "releases", "pulls"):
        assert api.get(f"{plans}/{path}").status_code == 404
        assert github.api().get(f"{plans}/{path}").status_code == 200


def test_who_has_no_calls_left_hears_when_there_are_more(github, api):
    github.do("exhaust_rate_limit", account="ada", seconds=90)
    refused = api.get(f"{ENGINE}/activity")
    assert refused.status_code == 403
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert int(refused.headers["x-ratelimit-reset"]) > 0
