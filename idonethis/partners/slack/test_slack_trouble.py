"""A bad day at Slack: what becomes of the link, what people read, and that nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from idonethis.integrations.base import (
    Again,
    Answer,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
)
from idonethis.integrations.models import Delivery
from idonethis.integrations.testing import let_time_pass
from idonethis.partners.slack.integration import integration
from idonethis.partners.slack.refusals import ANSWERS, NoMessage
from idonethis.simulators import visitor

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

SAID = "✅ *Done* · Ada Lovelace\nshipped billing"


@pytest.fixture
def delivery(log, posts):
    """An entry that waits to be posted."""
    log()
    return Delivery.objects.get()


def go_wrong(slack: str, fault: str, **more) -> None:
    visitor.act(slack, "faults", path="/api/chat.*", fault=fault, **more)


def test_slack_says_how_long_to_wait_and_we_wait_that_long(slack, delivery, link, posts):
    go_wrong(slack, "429", retry_after=90)
    assert posts() == []
    delivery.refresh_from_db()
    assert delivery.state == "due"
    assert delivery.due_at > timezone.now() + timedelta(seconds=85)
    assert "tried again by itself" in delivery.trouble
    link.refresh_from_db()
    assert link.state == "active"
    let_time_pass()
    assert posts() == [SAID]


@pytest.mark.parametrize("fault", ["500", "garbage", "html", "reset"])
def test_what_passes_by_itself_is_tried_again(slack, delivery, link, posts, fault):
    go_wrong(slack, fault)
    assert posts() == []
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("due", 1)
    let_time_pass()
    assert posts() == [SAID]
    link.refresh_from_db()
    assert link.state == "active"


@pytest.mark.parametrize("fault", ["revoked", "expired"])
def test_a_grant_that_has_ended_holds_everything_until_somebody_connects_again(
    slack, delivery, link, posts, client, fault
):
    go_wrong(slack, fault)
    assert posts() == []
    delivery.refresh_from_db()
    link.refresh_from_db()
    assert (delivery.state, link.state) == ("held", "needs_reconnect")
    assert "Connect Slack again" in link.trouble
    there = client.post("/auth/slack")["Location"]
    client.get("/auth/slack/callback", visitor.consent(there, "ada"))
    link.refresh_from_db()
    assert link.state == "active"
    assert posts() == [SAID]


@pytest.mark.parametrize("app", [43_200], indirect=True)
def test_a_token_that_slack_takes_for_run_out_is_renewed_whatever_our_clock_says(
    slack, delivery, link, posts
):
    visitor.act(slack, "expire", account="ada")
    assert posts() == [SAID]
    link.refresh_from_db()
    assert link.state == "active"


def test_an_app_that_may_not_post_in_public_says_how_to_invite_it(
    app, slack, delivery, link, posts, workspace
):
    token = app.grants.find(workspace.secrets["access_token"])
    token["scopes"] = [scope for scope in token["scopes"] if scope != "chat:write.public"]
    assert posts() == []
    link.refresh_from_db()
    assert link.state == "needs_permission"
    assert "/invite @I Done This" in link.trouble
    visitor.act(slack, "invite", channel="done")
    link.resume()
    Delivery.objects.filter(link=link).release()
    assert posts() == [SAID]


def test_a_lost_scope_is_named(app, delivery, link, posts, workspace):
    app.grants.find(workspace.secrets["access_token"])["scopes"] = ["commands"]
    posts()
    link.refresh_from_db()
    assert link.state == "needs_permission"
    assert "missing_scope: chat:write" in link.trouble


def test_a_channel_that_was_archived_or_deleted_says_so(app, delivery, link, posts):
    app.workspace.channel("done")["is_archived"] = True
    posts()
    link.refresh_from_db()
    assert (link.state, link.trouble[:24]) == ("target_gone", "The channel is archived.")
    link.resume()
    Delivery.objects.filter(link=link).release()
    channels = app.store.table("channels")
    gone = channels.pop(link.subject)
    while Delivery.drain():
        pass
    link.refresh_from_db()
    assert (link.state, link.trouble[:34]) == ("target_gone", "Slack does not know that channel. ")
    channels[link.subject] = gone


def judge(said) -> None:
    """What our calls make of this, which Slack sends with a 200."""
    integration.answers.judge(Answer(200, body=orjson.dumps(said)), partner="Slack")


MEANINGS = [
    ("invalid_auth", NeedsReconnect),
    ("not_authed", NeedsReconnect),
    ("token_revoked", NeedsReconnect),
    ("account_inactive", NeedsReconnect),
    ("not_in_channel", NeedsPermission),
    ("missing_scope", NeedsPermission),
    ("restricted_action", NeedsPermission),
    ("restricted_action_read_only_channel", NeedsPermission),
    ("ekm_access_denied", NeedsPermission),
    ("channel_not_found", Gone),
    ("is_archived", Gone),
    ("message_not_found", NoMessage),
    ("edit_window_closed", Never),
    ("msg_too_long", Never),
    ("a_word_of_next_year", Never),
    ("ratelimited", Again),
    ("internal_error", Again),
]


@pytest.mark.parametrize(("error", "kind"), MEANINGS)
def test_each_refusal_means_what_it_means_and_says_so_in_a_sentence(error, kind):
    with pytest.raises(kind) as caught:
        judge({"ok": False, "error": error, "needed": "chat:write"})
    assert type(caught.value) is kind
    assert str(caught.value).endswith(".")
    assert "{" not in str(caught.value)


@pytest.mark.parametrize("answer", [None, [], "ok", 7, {}, {"ok": "true"}, {"ok": False}])
def test_an_answer_that_makes_no_sense_is_no_success(answer):
    with pytest.raises((Again, Never)):
        judge(answer)


def test_every_refusal_that_needs_somebody_says_what_to_do():
    for refusal in ANSWERS.refusals:
        if refusal.means in (NeedsReconnect, NeedsPermission, Gone):
            said = refusal.sentence
            assert any(word in said for word in ("Connect", "invite", "Ask", "Pick", "Take"))
