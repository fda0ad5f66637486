"""What Rocket.Chat alone does, over real HTTP: it takes a secret of ours, tells of edits, and
refuses nearly everything with the same status."""

from __future__ import annotations

import json
import time

import pytest

from idonethis.entries.models import Entry
from idonethis.integrations.http import (
    Again,
    Answer,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Vanished,
)
from idonethis.integrations.models import IntegrationUser, RegisteredHook
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.coming import standing, work
from idonethis.integrations.tests.connected import TEAM, hooks
from idonethis.partners.rocket_chat.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.chat import rocket_chat as pretend
from idonethis.simulators.running import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server")]
TYPED = {"team": TEAM, "token": "a-token-of-ada", "user": "rc1815"}


@pytest.fixture
def rocket_chat():
    with running(pretend.RocketChat()) as url:
        yield url


@pytest.fixture
def account(window, rocket_chat):
    assert window.post("/auth/rocket_chat/typed", {**TYPED, "url": rocket_chat}).status_code == 302
    return IntegrationUser.objects.get()


@pytest.fixture
def link(account, team, ada, rocket_chat):
    known = {"integration_type": "rocket_chat", "uid": "rc1815", "team": team}
    IntegrationUser.objects.create(user=ada, **known)
    config = {"channel": f"{rocket_chat}/{pretend.DONE}|#done"}
    return make_link(integration, team, user=ada, integration_user=account, config=config)


def test_a_token_without_its_user_is_not_even_tried(window, rocket_chat):
    typed = {**TYPED, "user": "", "url": rocket_chat}
    page = window.post("/auth/rocket_chat/typed", typed).content.decode()
    assert "together with the user ID alone" in page
    assert "/api/" not in str(visitor.read(rocket_chat, "journal"))


def test_what_is_answered_there_is_said_by_the_account(link, rocket_chat):
    (hook,) = hooks(rocket_chat)
    assert (hook["username"], hook["retryFailedCalls"]) == ("ada", True)


def test_a_new_secret_is_brought_there(link, rocket_chat):
    before = link.registered_hook.signing_secret
    link.registered_hook.rotate_secret()
    (hook,) = hooks(rocket_chat)
    assert hook["token"] == RegisteredHook.objects.get().signing_secret != before
    assert visitor.act(rocket_chat, "say", text="done it")["status"] == 200


def test_an_edit_there_is_followed_here(link, rocket_chat):
    said = visitor.act(rocket_chat, "say", text="done shipped biling")
    work()
    visitor.act(rocket_chat, "clock", forward=1)
    visitor.act(rocket_chat, "say", text="done shipped billing", message=said["message"])
    work()
    assert standing() == ["shipped billing"] and Entry.objects.count() == 1


def test_where_its_webhooks_are_a_person_sees_on_one_page():
    page = "https://chat.example.org/admin/integrations"
    assert integration.hooks_page(f"https://chat.example.org/{pretend.DONE}") == page


def meaning(status, error, **headers):
    body = json.dumps({"success": False, "error": error, "message": "so"}).encode()
    with pytest.raises(Exception, match=r"\.$") as told:
        integration.answers.judge(Answer(status, headers, body), partner="Rocket.Chat")
    return told.value


@pytest.mark.parametrize(
    ("status", "error", "failure"),
    [
        (400, "", Never),
        (400, "must have required property 'name' [invalid-params]", Never),
        (400, 'No message found with the id of "x".', Vanished),
        (400, "Message editing not allowed [error-action-not-allowed]", Vanished),
        (400, "Invalid integration id or token provided.", Gone),
        (400, "No integration found.", Gone),
        (400, "Invalid room [error-invalid-room]", Gone),
        (400, "invalid-channel", Gone),
        (400, "Unauthorized [not_authorized]", NeedsPermission),
        (400, "Error, too many requests. [error-too-many-requests]", Again),
        (401, "You must be logged in to do this.", NeedsReconnect),
        (403, "unauthorized", NeedsPermission),
        (403, "", NeedsReconnect),
        (404, "", Gone),
        (429, "Error, too many requests. [error-too-many-requests]", Again),
        (500, "Internal server error", Again),
    ],
)
def test_each_refusal_has_its_meaning(status, error, failure):
    assert type(meaning(status, error)) is failure


def test_the_end_of_a_window_is_counted_in_thousandths():
    """https://developer.rocket.chat/apidocs/rocketchat-api"""
    ends = str(int((time.time() + 26) * 1000))
    said = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": ends}
    assert 20 < meaning(429, "Error, too many requests.", **said).after < 30
    assert meaning(429, "Error, too many requests.").after == 60
