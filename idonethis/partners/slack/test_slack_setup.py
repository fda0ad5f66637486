from __future__ import annotations

import json

import pytest

from idonethis.integrations import registry
from idonethis.integrations.plain_link import PlainLink
from idonethis.partners.slack.forms import SlackForm
from idonethis.partners.slack.integration import integration

HOOK, BACK = "https://log.example.org/integrations/slack/hook", "https://log.example.org/cb"


@pytest.fixture
def manifest():
    return json.loads(integration.manifest("https://log.example.org", HOOK, BACK))


def test_the_manifest_sends_everything_to_our_one_address(manifest):
    commands = {c["command"]: c["url"] for c in manifest["features"]["slash_commands"]}
    assert commands == {"/done": HOOK, "/goal": HOOK, "/blocker": HOOK}
    assert not any(c["should_escape"] for c in manifest["features"]["slash_commands"])
    assert manifest["settings"]["interactivity"] == {"is_enabled": True, "request_url": HOOK}
    assert manifest["settings"]["event_subscriptions"]["request_url"] == HOOK
    assert manifest["oauth_config"]["redirect_urls"] == [BACK]


def test_the_manifest_asks_for_what_the_consent_page_asks_for_and_no_more(manifest):
    assert manifest["oauth_config"]["scopes"] == {"bot": list(integration.oauth.scopes)}
    assert set(integration.oauth.scopes) == {
        "commands", "chat:write", "chat:write.public", "channels:read", "groups:read",
    }  # fmt: skip


def test_the_manifest_subscribes_to_the_end_of_the_app_and_to_no_messages(manifest):
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert events == ["app_uninstalled", "tokens_revoked"]
    (shortcut,) = manifest["features"]["shortcuts"]
    assert (shortcut["type"], shortcut["callback_id"]) == ("message", "log_this")


def test_the_manifest_keeps_to_slacks_lengths(manifest):
    """https://github.com/slackapi/manifest-schema"""
    about, features = manifest["display_information"], manifest["features"]
    assert len(about["name"]) <= 35 and len(about["description"]) <= 140
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(features["shortcuts"][0]["name"]) <= 24
    assert len(features["shortcuts"][0]["description"]) <= 150
    assert all(len(command["command"]) <= 32 for command in features["slash_commands"])


def test_the_set_up_page_explains_every_scope():
    page = (registry.folder(registry.integrations()["slack"]) / "setup.md").read_text()
    assert all(f"`{scope}`" in page for scope in integration.oauth.scopes)


@pytest.mark.parametrize(
    ("config", "name", "summary"),
    [
        ({}, "Slack", "Logs /done, /goal and /blocker."),
        ({"channel": "C0DONELOG01|done"}, "#done",
         "Logs /done; posts dones, goals and blockers there."),
        ({"channel": "C0DONELOG01|done", "kinds": ["done", "blocked"]}, "#done",
         "Logs /done; posts dones and blockers there."),
        ({"channel": "C0DONELOG01|done", "kinds": []}, "#done", "Logs /done, /goal and /blocker."),
        ({"channel": "C0DONELOG01"}, "C0DONELOG01",
         "Logs /done; posts dones, goals and blockers there."),
        ({"channel": None}, "Slack", "Logs /done, /goal and /blocker."),
    ],
)  # fmt: skip
def test_a_link_says_what_it_is_in_few_words(config, name, summary):
    link = PlainLink(config=config)
    assert (integration.short_name(link), integration.summary(link)) == (name, summary)
    assert len(summary) <= 80


@pytest.mark.parametrize("channel", ["C0DONELOG01|done", "C0DONELOG01", "G0OLD1815", ""])
def test_a_channel_is_picked_or_typed_as_its_id(channel):
    form = SlackForm({"channel": channel, "kinds": ["done"]})
    assert form.is_valid()
    assert json.loads(json.dumps(form.cleaned_data)) == form.cleaned_data


@pytest.mark.parametrize("channel", ["#done", "done", "U0ADA181512", "C0DONELOG01|a b", "C0|\n"])
def test_anything_else_is_refused_with_what_to_do(channel):
    form = SlackForm({"channel": channel, "kinds": ["done"]})
    assert not form.is_valid()
    assert "Pick a channel, or type its ID" in form.errors["channel"][0]
