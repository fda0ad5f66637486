"""A hook's life: made, pinged, changed, removed."""

from __future__ import annotations

import pytest


def messages(answer):
    return [error["message"] for error in answer.json()["errors"]]


@pytest.fixture
def target(receiver):
    return f"{receiver.url}/hook"


def config(target, **more):
    return {"config": {"url": target, "content_type": "json", "secret": "hush", **more}}


def test_a_new_hook_is_pinged_with_its_signature(github, receiver, target):
    hook = github.hook(target, events=["push"])
    (ping,) = receiver.got
    assert ping.event == "ping"
    assert ping.signed_as_github("hush")
    assert not ping.signed_as_github("another secret")
    assert ping.json["hook_id"] == hook["id"]
    assert ping.headers["x-github-hook-id"] == str(hook["id"])
    assert ping.headers["user-agent"].startswith("GitHub-Hookshot/")
    assert ping.json["hook"]["config"]["secret"] == "********"
    assert "hush" not in ping.body.decode()


def test_a_hook_without_a_secret_is_not_signed(github, receiver, target):
    github.hook(target, secret="")
    assert "x-hub-signature-256" not in receiver.got[0].headers
    assert "secret" not in receiver.got[0].json["hook"]["config"]


def test_a_form_hook_carries_the_payload_in_a_field_and_signs_the_form(github, receiver, target):
    github.hook(target, content_type="form")
    assert receiver.got[0].form.keys() == {"payload"}
    assert receiver.got[0].signed_as_github("hush")
    assert receiver.got[0].json["zen"]


def test_a_hook_gets_the_events_it_asked_for_while_it_is_active(github, receiver, target):
    hook = github.hook(target, events=["issues"])
    github.do("push")
    github.do("open_issue")
    assert receiver.events == ["ping", "issues.opened"]
    api = github.api()
    api.patch(f"{github.hooks}/{hook['id']}", json={"active": False})
    github.do("open_issue")
    assert len(receiver.got) == 2


def test_another_repository_s_events_go_elsewhere(github, receiver, target):
    github.hook(target)
    github.do("push", repository="ada/notes")
    assert receiver.events == ["ping"]


def test_the_same_hook_twice_is_refused_but_not_with_other_events(github, target):
    api = github.api()
    first = {**config(target), "events": ["push", "issues"]}
    assert api.post(github.hooks, json=first).status_code == 201
    again = api.post(github.hooks, json={**config(target, secret="new"), "events": ["issues"]})
    assert again.status_code == 422
    assert messages(again) == ["Hook already exists on this repository"]
    other = api.post(github.hooks, json={**config(target), "events": ["release"]})
    assert other.status_code == 201
    assert len(api.get(github.hooks).json()) == 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Config must contain URL for webhooks"),
        ({"config": {"url": "ftp://example.org/"}}, "url must be an http or https address"),
        ({"config": {"url": "https://example.org/"}, "events": ["pushes"]}, "pushes"),
        ({"config": {"url": "https://example.org/"}, "name": "irc"}, "name must be 'web'"),
    ],
)
def test_a_hook_that_makes_no_sense_is_refused_and_not_kept(github, body, message):
    api = github.api()
    answer = api.post(github.hooks, json=body)
    assert answer.status_code == 422
    assert message in messages(answer)[0]
    assert api.get(github.hooks).json() == []


def test_a_changed_config_without_a_secret_takes_the_secret_away(github, receiver, target):
    hook = github.hook(target)
    bare = {"config": {"url": target, "content_type": "json"}}
    github.api().patch(f"{github.hooks}/{hook['id']}", json=bare)
    github.do("push")
    assert receiver.got[0].signed_as_github("hush")
    assert "x-hub-signature-256" not in receiver.got[1].headers


def test_a_removed_hook_hears_nothing_more(github, receiver, target):
    hook = github.hook(target)
    api = github.api()
    assert api.delete(f"{github.hooks}/{hook['id']}").status_code == 204
    github.do("push")
    assert receiver.events == ["ping"]
    assert api.get(f"{github.hooks}/{hook['id']}").status_code == 404


def test_a_hook_is_not_found_under_another_repository(github, target):
    hook = github.hook(target)
    assert github.api().get(f"/repos/ada/notes/hooks/{hook['id']}").status_code == 404


def test_a_ping_on_demand(github, receiver, target):
    hook = github.hook(target)
    assert github.api().post(f"{github.hooks}/{hook['id']}/pings").status_code == 204
    github.do("settle")
    assert receiver.events == ["ping", "ping"]


# What the owners of the repository do to it, without telling anybody.


def test_an_owner_edits_a_hook_as_far_as_they_like(github, receiver, target):
    hook = github.hook(target)
    github.do("edit_hook", hook=hook["id"], events="push,issues", active="no")
    api = github.api()
    edited = api.get(f"{github.hooks}/{hook['id']}").json()
    assert edited["events"] == ["push", "issues"] and edited["active"] is False
    assert edited["config"] == hook["config"]
    github.do("edit_hook", hook=hook["id"], secret="another", active="yes")
    github.do("push")
    assert receiver.got[-1].signed_as_github("another")


def test_who_loses_their_rights_no_longer_sees_the_hooks(github, target):
    github.hook(target)
    api = github.api("grace")
    assert api.get(github.hooks).status_code == 200
    github.do("permit", account="grace", level="push")
    assert api.get(github.hooks).status_code == 404
    assert api.get("/repos/analytical/engine").status_code == 200


def test_a_repository_that_is_deleted_takes_its_hooks_along(github, target):
    github.hook(target)
    github.do("delete_repository")
    assert github.api().get("/repos/analytical/engine").status_code == 404
    assert github.read("hooks")["hooks"] == []
