from __future__ import annotations

import pytest

from idonethis.integrations.base import (
    Again,
    Client,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Secret,
)
from idonethis.partners.github import hooks
from idonethis.partners.github.integration import READERS, integration
from idonethis.partners.github.pretending import ENGINE, LURE, OLD_NAME

SECRET = Secret("mill")
HOOK_URL = "https://log.example.org/integrations/github/hook/abc"


def make(client: Client, repository: str = ENGINE, url: str = HOOK_URL) -> str:
    return integration.create_hook(client, repository, url=url, secret=SECRET)


def remove(client: Client, remote_id: str) -> None:
    integration.destroy_hook(client, ENGINE, url=HOOK_URL, remote_id=remote_id)


def test_one_webhook_is_made_with_our_address_events_and_as_json(github):
    number = make(github.client_of("ada"))
    (hook,) = github.hooks()
    assert str(hook["id"]) == number
    assert hook["active"]
    assert hook["config"]["url"] == HOOK_URL
    assert hook["config"]["content_type"] == "json"
    wanted = {"push", "pull_request", "issues", "pull_request_review", "release"}
    assert set(hook["events"]) == wanted


def test_it_can_be_made_in_a_private_repository_without_leave_to_read_it(github):
    assert make(github.client_of("ada"), "analytical/secret-plans")


def test_making_it_again_finds_it_and_makes_it_whole(github):
    client = github.client_of("ada")
    number = make(client)
    client.patch(f"/repos/{ENGINE}/hooks/{number}", json={"active": False, "events": ["push"]})
    assert make(client) == number
    (hook,) = github.hooks()
    assert hook["active"]
    assert "issues" in hook["events"]


def test_another_address_gets_a_webhook_of_its_own(github):
    client = github.client_of("ada")
    assert make(client) != make(client, url=f"{HOOK_URL}d")


@pytest.mark.parametrize("repository", ["babbage/difference-engine", "ada/no-such-thing"])
def test_where_one_may_not_add_a_webhook_a_sentence_says_what_to_do(github, repository):
    with pytest.raises(NeedsPermission, match=f"add a webhook to {repository}.*Ask one of its"):
        make(github.client_of("ada"), repository)


def test_a_token_that_was_revoked_asks_to_connect_again(github):
    client = github.client_of("ada")
    github.act("revoke", account="ada")
    with pytest.raises(NeedsReconnect):
        make(client)


def test_a_token_that_is_revoked_in_between_asks_to_connect_again(github):
    client = github.client_of("ada")
    github.act("faults", path="*/hooks", method="POST", fault="revoked")
    with pytest.raises(NeedsReconnect):
        make(client)


def test_a_spent_rate_limit_is_tried_again_later(github):
    client = github.client_of("ada")
    github.act("exhaust_rate_limit", account="ada", seconds=60)
    with pytest.raises(Again) as problem:
        make(client)
    assert 0 < problem.value.after <= 61


def test_what_github_refuses_is_told_with_the_usual_causes(github):
    client = github.client_of("ada")
    for number in range(20):
        make(client, url=f"{HOOK_URL}{number}")
    with pytest.raises(Never, match="422.*log.example.org.*20 webhooks"):
        make(client)


@pytest.mark.parametrize("repository", ["engine", "a/b/c", "../user", "ada/.."])
def test_what_is_no_repository_is_never_asked_for(github, repository):
    with pytest.raises(Never, match="owner/name"):
        make(github.client_of("ada"), repository)
    assert not any("/hooks" in path for path in github.paths())


def test_a_removed_webhook_is_gone_and_removing_it_twice_is_fine(github):
    client = github.client_of("ada")
    number = make(client)
    for remote_id in (number, number, ""):
        remove(client, remote_id)
        assert github.hooks() == []


def test_a_webhook_whose_number_was_lost_is_removed_by_its_address(github):
    client = github.client_of("ada")
    make(client)
    make(client, url=f"{HOOK_URL}d")
    remove(client, "")
    assert [hook["config"]["url"] for hook in github.hooks()] == [f"{HOOK_URL}d"]


def test_a_webhook_follows_its_repository_to_another_name(github):
    client = github.client_of("ada")
    number = make(client, OLD_NAME)
    assert make(client, OLD_NAME) == number == str(github.hooks()[0]["id"])
    integration.destroy_hook(client, OLD_NAME, url=HOOK_URL, remote_id=number)
    assert github.hooks() == []


def test_a_call_is_never_led_to_another_server(github):
    with pytest.raises(Never, match="GitHub refused the request .301."):
        make(github.client_of("ada"), LURE)


def test_a_person_finds_the_webhooks_in_the_settings_of_the_repository():
    assert integration.hooks_page(ENGINE) == "https://github.com/analytical/engine/settings/hooks"


def test_what_is_asked_for_is_what_can_be_read():
    assert READERS.keys() == hooks.EVENTS
