"""What Mattermost alone does, over real HTTP: it makes the token by which its webhooks are known,
tells only of public channels, and has whole features switched off."""

from __future__ import annotations

import pytest

from idonethis.integrations.http import (
    Again,
    Answer,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Vanished,
)
from idonethis.integrations.models import IntegrationUser, RegisteredHook, reconciling
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.coming import standing, work
from idonethis.integrations.tests.connected import TEAM, hooks
from idonethis.partners.mattermost.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.chat import mattermost as pretend
from idonethis.simulators.running import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server")]


@pytest.fixture
def hiding():
    return {}


@pytest.fixture
def mattermost(hiding):
    with running(pretend.Mattermost(settings=hiding)) as url:
        yield url


@pytest.fixture
def account(window, mattermost):
    typed = {"team": TEAM, "url": mattermost, "token": "a-token-of-ada"}
    assert window.post("/auth/mattermost/typed", typed).status_code == 302
    return IntegrationUser.objects.get()


@pytest.fixture
def linked(account, team, ada, mattermost):
    def linked(channel=pretend.DONE):
        config = {"channel": f"{mattermost}/{pretend.TEAM}/{channel}|#done"}
        return make_link(integration, team, user=ada, integration_user=account, config=config)

    return linked


@pytest.fixture
def link(linked):
    return linked()


def says(mattermost, text):
    status = visitor.act(mattermost, "say", text=text)["status"]
    work()
    return status


@pytest.mark.parametrize("text", ["done it", "Done: it", "goal: it", "Blocked it"])
def test_each_word_is_heard_whole_with_a_capital_and_with_a_colon(link, mattermost, text):
    assert says(mattermost, text) == 200


def test_words_that_only_begin_like_ours_are_nobodys_business(link, mattermost):
    assert visitor.act(mattermost, "say", text="goals are fine")["said"] == "Nobody was told."


def test_a_token_that_somebody_has_made_anew_there_is_taken_over(link, account, mattermost):
    visitor.act(mattermost, "edit_hooks", field="token", value="made-anew")
    assert says(mattermost, "done it") == 401
    RegisteredHook.objects.get().create_at_partner(account)
    assert RegisteredHook.objects.get().signing_secret == "made-anew"
    assert says(mattermost, "done it") == 200


def test_one_whose_secret_got_lost_here_is_told_it_again(link, account, mattermost):
    (before,) = hooks(mattermost)
    RegisteredHook.objects.update(sealed_secret="")
    RegisteredHook.objects.get().create_at_partner(account)
    assert hooks(mattermost) == [before] and says(mattermost, "done it") == 200


def test_a_private_channel_is_only_posted_to(linked, mattermost):
    with pytest.raises(NeedsPermission, match="tells only of public channels"):
        linked(pretend.ENGINES)
    assert not hooks(mattermost) and not RegisteredHook.objects.exists()


@pytest.mark.parametrize("channel", ["", "team", "team/../hooks", "team/c?x=", "/channel"])
def test_what_is_no_channel_is_asked_nothing(account, mattermost, channel):
    subject, before = f"{mattermost}/{channel}", visitor.read(mattermost, "journal")
    with pytest.raises(Never, match="is not a channel"):
        integration.standing_hook(account.client(), subject, url="x", remote_id="")
    assert visitor.read(mattermost, "journal") == before


# Where tokens are told once.


@pytest.mark.parametrize("hiding", [{"hides_tokens": "yes"}])
def test_a_token_that_is_told_once_is_kept(link, mattermost, hiding):
    (before,) = hooks(mattermost)
    visitor.act(mattermost, "edit_hooks", field="trigger_words", value=["done"])
    reconciling.check(link.registered_hook)
    assert hooks(mattermost) == [before] and says(mattermost, "done it") == 200


@pytest.mark.parametrize("hiding", [{"hides_tokens": "yes"}])
def test_one_whose_token_nobody_knows_is_replaced(link, account, mattermost, hiding):
    (before,) = hooks(mattermost)
    RegisteredHook.objects.update(sealed_secret="")
    RegisteredHook.objects.get().create_at_partner(account)
    (hook,) = hooks(mattermost)
    assert hook["id"] != before["id"]
    assert RegisteredHook.objects.get().signing_secret == hook["token"]
    assert says(mattermost, "done it") == 200 and standing() == []


@pytest.mark.parametrize(
    ("status", "word", "failure"),
    [
        (400, "api.context.invalid_body_param.app_error", Never),
        (400, "api.post.update_post.permissions_time_limit.app_error", Vanished),
        (400, "web.incoming_webhook.invalid.app_error", Gone),
        (401, "api.context.session_expired.app_error", NeedsReconnect),
        (403, "api.context.permissions.app_error", NeedsPermission),
        (403, "api.outgoing_webhook.disabled.app_error", NeedsPermission),
        (403, "web.incoming_webhook.channel_locked.app_error", NeedsReconnect),
        (404, "app.webhooks.get_outgoing.app_error", Gone),
        (404, "", Gone),
        (429, "", Again),
        (500, "app.webhooks.save_outgoing.app_error", Again),
        (501, "api.outgoing_webhook.disabled.app_error", NeedsPermission),
    ],
)
def test_each_refusal_has_its_meaning(status, word, failure):
    body = f'{{"id": "{word}", "message": "Torn card"}}'.encode()
    with pytest.raises(failure) as told:
        integration.answers.judge(Answer(status, body=body), partner="Mattermost")
    assert type(told.value) is failure
