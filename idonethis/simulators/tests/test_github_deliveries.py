"""What became of the requests to a hook, and sending them again."""

from __future__ import annotations

import pytest
from starlette.responses import Response

from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import running
from idonethis.simulators.tests.people import GitHubCaller


@pytest.fixture
def target(receiver):
    return f"{receiver.url}/hook"


def test_a_failed_delivery_is_kept_and_not_sent_again_by_itself(github, receiver, target):
    hook = github.hook(target)
    receiver.answers = [Response("no", 500)]
    github.settled("push")
    assert receiver.events == ["ping", "push"]
    newest = github.api().get(f"{github.hooks}/{hook['id']}/deliveries").json()[0]
    assert (newest["event"], newest["status_code"]) == ("push", 500)
    assert newest["status"] == "Invalid HTTP Response: 500"
    assert newest["redelivery"] is False


def test_a_redelivery_keeps_the_guid_and_the_body_and_is_a_delivery_of_its_own(
    github, receiver, target
):
    hook = github.hook(target)
    github.do("push")
    api, deliveries = github.api(), f"{github.hooks}/{hook['id']}/deliveries"
    first = api.get(deliveries).json()[0]
    assert api.post(f"{deliveries}/{first['id']}/attempts").status_code == 202
    github.do("settle")
    sent, again = receiver.got[1:]
    assert again.body == sent.body
    assert again.headers["x-github-delivery"] == sent.headers["x-github-delivery"]
    second = api.get(deliveries).json()[0]
    assert second["redelivery"] is True
    assert second["guid"] == first["guid"] == again.headers["x-github-delivery"]
    assert second["id"] != first["id"]


def test_deliveries_come_in_pages_and_in_full(github, receiver, target):
    hook = github.hook(target)
    for _ in range(3):
        github.do("push")
    api, deliveries = github.api(), f"{github.hooks}/{hook['id']}/deliveries"
    page = api.get(deliveries, params={"per_page": 3})
    rest = api.get(page.links["next"]["url"])
    assert [item["event"] for item in page.json() + rest.json()] == ["push"] * 3 + ["ping"]
    assert "next" not in rest.links
    full = api.get(f"{deliveries}/{page.json()[0]['id']}").json()
    assert full["request"]["payload"] == receiver.got[-1].json
    assert full["request"]["headers"]["X-GitHub-Event"] == "push"
    assert full["response"]["payload"] == "ok"


def test_deliveries_can_be_asked_for_by_what_became_of_them(github, receiver, target):
    hook = github.hook(target)
    receiver.answers = [Response("no", 404), Response("ok")]
    github.do("push")
    github.do("push")
    deliveries = f"{github.hooks}/{hook['id']}/deliveries"
    failed = github.api().get(deliveries, params={"status": "failure"}).json()
    assert [item["status_code"] for item in failed] == [404]


def test_a_hook_that_answers_too_late_has_timed_out(receiver):
    with running(GitHub(timeout=0.3)) as url:
        github = GitHubCaller(url)
        receiver.answers = [5.0]
        github.hook(f"{receiver.url}/hook")
        (delivery,) = github.read("hooks")["hooks"][0]["deliveries"]
        github.close()
    assert (delivery["status"], delivery["status_code"]) == ("timed out", 504)
    assert delivery["duration"] < 2


def test_a_hook_where_nobody_listens_has_failed_to_connect(github):
    github.hook("http://127.0.0.1:9/hook")
    (delivery,) = github.read("hooks")["hooks"][0]["deliveries"]
    assert (delivery["status"], delivery["status_code"]) == ("failed to connect to host", 502)


def test_two_hooks_get_one_event_under_one_guid(github, receiver, target):
    github.hook(target)
    github.hook(f"{target}/too")
    github.do("open_issue")
    guids = {r.headers["x-github-delivery"] for r in receiver.got if r.event == "issues.opened"}
    assert receiver.events.count("issues.opened") == 2
    assert len(guids) == 1
