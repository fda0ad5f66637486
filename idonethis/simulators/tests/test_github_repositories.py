"""Who sees what, and in pages."""

from __future__ import annotations

import pytest

HOOK = {"config": {"url": "https://example.org/hook"}}


def names(answer):
    return [repository["full_name"] for repository in answer.json()]


def test_repositories_are_those_where_the_account_has_a_say(github):
    assert names(github.api("ada").get("/user/repos")) == [
        "ada/notes",
        "analytical/engine",
        "analytical/secret-plans",
        "babbage/difference-engine",
    ]
    assert names(github.api("mallory").get("/user/repos")) == ["mallory/heist"]


def test_private_repositories_take_the_repo_scope(github):
    narrow = github.api(scope="admin:repo_hook")
    assert "analytical/secret-plans" not in names(narrow.get("/user/repos"))
    assert narrow.get("/repos/analytical/secret-plans").status_code == 404
    assert narrow.get("/repos/analytical/secret-plans/hooks").status_code == 200
    assert github.api().get("/repos/analytical/secret-plans").json()["private"] is True


def test_a_private_repository_does_not_exist_for_others(github):
    api = github.api("mallory")
    assert api.get("/repos/analytical/secret-plans").status_code == 404
    assert api.get("/search/repositories", params={"q": "secret"}).json()["total_count"] == 0


def test_permissions_say_where_hooks_can_be_made(github):
    api = github.api()
    admin = {r["full_name"]: r["permissions"]["admin"] for r in api.get("/user/repos").json()}
    assert admin["analytical/engine"] is True
    assert admin["babbage/difference-engine"] is False
    assert api.post("/repos/babbage/difference-engine/hooks", json=HOOK).status_code == 404
    assert api.get("/repos/babbage/difference-engine").json()["permissions"]["push"] is True


@pytest.mark.parametrize(
    ("scope", "created", "deleted"),
    [
        ("", 404, None),
        ("read:repo_hook", 404, None),
        ("write:repo_hook", 201, 404),
        ("admin:repo_hook", 201, 204),
        ("public_repo", 201, 204),
    ],
)
def test_hooks_take_their_scopes(github, scope, created, deleted):
    api = github.api(scope=scope)
    made = api.post(github.hooks, json=HOOK)
    assert made.status_code == created
    if deleted:
        assert api.delete(f"{github.hooks}/{made.json()['id']}").status_code == deleted


def test_lists_come_in_pages_with_links_to_the_others(github):
    api = github.api()
    first = api.get("/user/repos", params={"per_page": 3})
    assert first.links.keys() == {"next", "last"}
    second = api.get(first.links["next"]["url"])
    assert second.links.keys() == {"prev", "first"}
    assert names(first) + names(second) == names(api.get("/user/repos"))
    assert "link" not in api.get("/user/repos").headers


def test_the_most_recently_pushed_comes_first_when_asked_so(github):
    github.do("clock", forward=5)
    github.do("push", repository="babbage/difference-engine")
    listed = github.api().get("/user/repos", params={"sort": "pushed"})
    assert names(listed)[0] == "babbage/difference-engine"


def test_search_goes_by_words_and_owner(github):
    api = github.api()

    def found(q):
        return [
            r["full_name"] for r in api.get("/search/repositories", params={"q": q}).json()["items"]
        ]

    assert found("engine org:analytical") == ["analytical/engine"]
    assert set(found("engine")) == {
        "ada/notes",
        "analytical/engine",
        "babbage/difference-engine",
    }
    assert api.get("/search/repositories").status_code == 422


def test_the_addresses_of_an_account_take_a_scope(github):
    addresses = github.api("grace").get("/user/emails").json()
    assert [(a["email"], a["primary"]) for a in addresses] == [
        ("grace@example.org", True),
        ("1906+grace@users.noreply.github.com", False),
    ]
    assert github.api(scope="repo").get("/user/emails").status_code == 404


def test_what_was_done_can_be_listed(github):
    github.do("open_issue", title="Oil the mill")
    github.do("close_issue", number=1)
    github.do("open_pull_request", title="Carry the tens")
    github.do("publish_release", tag="v1")
    api = github.api()
    closed = api.get("/repos/analytical/engine/issues", params={"state": "closed"}).json()
    assert [(i["title"], i["state_reason"]) for i in closed] == [("Oil the mill", "completed")]
    (pull,) = api.get("/repos/analytical/engine/issues").json()
    assert pull["pull_request"]["merged_at"] is None
    assert api.get("/repos/analytical/engine/pulls/2").json()["title"] == "Carry the tens"
    assert api.get("/repos/analytical/engine/releases").json()[0]["tag_name"] == "v1"
    assert api.get("/repos/analytical/engine/issues/9").status_code == 404
