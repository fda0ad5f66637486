"""The Web API: channels and people."""

from __future__ import annotations

DONE, VAULT = "C0DONELOG01", "C0VAULT0001"


def names(answer):
    return [channel["name"] for channel in answer["channels"]]


def test_channels_are_public_ones_and_private_ones_with_the_bot_inside(slack):
    api = slack.api()
    both = {"types": "public_channel,private_channel"}
    assert names(api("conversations.list", **both)) == ["general", "done"]
    slack.do("invite", channel="vault")
    listed = api("conversations.list", **both)
    assert names(listed) == ["general", "done", "vault"]
    assert [channel["is_member"] for channel in listed["channels"]] == [False, False, True]
    assert [channel["is_private"] for channel in listed["channels"]] == [False, False, True]


def test_channels_come_in_pages(slack):
    api = slack.api()
    first = api("conversations.list", limit=1)
    cursor = first["response_metadata"]["next_cursor"]
    second = api("conversations.list", limit=1, cursor=cursor)
    assert names(first) + names(second) == ["general", "done"]
    assert second["response_metadata"]["next_cursor"] == ""
    assert api.error("conversations.list", cursor="guess") == "invalid_cursor"


def test_archived_channels_can_be_left_out_and_take_no_message(slack):
    api = slack.api()
    api("conversations.join", channel=DONE)
    slack.do("archive", channel="done")
    assert names(api("conversations.list", exclude_archived=True)) == ["general"]
    assert api.error("chat.postMessage", channel=DONE, text="x") == "is_archived"
    slack.do("archive", channel="done", undo=True)
    assert api("chat.postMessage", channel=DONE, text="x")["ok"] is True


def test_private_kinds_take_their_own_scope(slack):
    answer = slack.api(scope="channels:read")("conversations.list", types="private_channel")
    assert answer == {
        "ok": False,
        "error": "missing_scope",
        "needed": "groups:read",
        "provided": "channels:read",
    }


def test_a_private_channel_is_not_there_for_outsiders(slack):
    api = slack.api()
    assert api.error("conversations.info", channel=VAULT) == "channel_not_found"
    assert api.error("chat.postMessage", channel=VAULT, text="x") == "channel_not_found"
    slack.do("invite", channel="vault")
    assert api("conversations.info", channel=VAULT)["channel"]["name"] == "vault"
    slack.do("kick", channel="vault")
    assert api.error("conversations.info", channel=VAULT) == "channel_not_found"


def test_a_bot_joins_public_channels_by_itself(slack):
    api = slack.api()
    assert api.error("chat.postMessage", channel=DONE, text="x") == "not_in_channel"
    assert api("conversations.join", channel=DONE)["channel"]["is_member"] is True
    assert api("conversations.join", channel=DONE)["warning"] == "already_in_channel"
    assert api("chat.postMessage", channel=DONE, text="x")["ok"] is True


def test_a_bot_may_write_everywhere_in_public_with_the_scope_for_it(slack):
    api = slack.api(scope="chat:write,chat:write.public")
    assert api("chat.postMessage", channel="#done", text="x")["channel"] == DONE
    assert api.error("chat.postMessage", channel=VAULT, text="x") == "channel_not_found"


def test_people_are_found_by_id_and_by_address(slack):
    api = slack.api(scope="users:read,users:read.email")
    ada = api("users.lookupByEmail", email="Ada@example.org")["user"]
    assert api("users.info", user=ada["id"])["user"]["profile"]["email"] == "ada@example.org"
    assert api.error("users.lookupByEmail", email="x@example.org") == "users_not_found"
    assert api.error("users.info", user="U0NOBODY") == "user_not_found"
    assert len(api("users.list")["members"]) == 4


def test_addresses_take_a_scope_of_their_own(slack):
    api = slack.api(scope="users:read")
    assert "email" not in api("users.info", user="U0ADA181512")["user"]["profile"]
    assert api("users.lookupByEmail", email="ada@example.org")["needed"] == "users:read.email"


def test_every_answer_says_the_scopes(slack):
    answer = slack.api(scope="commands,chat:write").client.post("users.info")
    assert answer.headers["x-oauth-scopes"] == "commands,chat:write"
    assert answer.headers["x-accepted-oauth-scopes"] == "users:read"


def test_a_method_that_there_is_not_is_unknown(slack):
    assert slack.api().error("chat.shout") == "unknown_method"
