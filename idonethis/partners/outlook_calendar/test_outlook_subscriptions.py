"""Subscriptions over real HTTP: tried, made, renewed before they run out, removed, and closed to
strangers."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import quote

import pytest

from idonethis.integrations.models import Receipt, RegisteredHook, Repair
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.calendars import DAY
from idonethis.simulators.planning.outlook_calendar import ENGINES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hook(link) -> RegisteredHook:
    return link.registered_hook


def made(outlook):
    return [each for each in outlook.calls("/subscriptions") if each["status"] == 201]


def knock(outlook, url, *secrets):
    """The status that anybody hears who sends so many changes, each with its secret."""
    body = json.dumps({"value": [{"clientState": each} for each in secrets]})
    return outlook.act("knock", url=url, body=body)["answer"]


def test_the_address_is_tried_first_and_the_subscription_has_a_secret_of_its_own(outlook, hook):
    ((name, standing),) = outlook.channels.items()
    assert hook.remote_id == name
    assert (standing["url"], standing["secret"]) == (hook.url, hook.signing_secret)
    assert timedelta(days=6, hours=23) < hook.holds_until - outlook.clock() < timedelta(days=7)
    (tried,) = outlook.journal("sent")
    assert "validationToken=" in tried["url"] and tried["status"] == 200
    assert not Receipt.objects.exists()


def test_what_is_tried_is_said_back_at_every_address_alike_and_as_text(outlook, hook, settings):
    token = "Validation: <b>Testing</b> & more"
    answers = [
        outlook.act("knock", url=f"{url}?validationToken={quote(token)}", body="")
        for url in (hook.url, hook.url.replace(hook.url.rsplit("/", 1)[1], "a" * 22))
    ]
    assert answers == [{"answer": 200, "body": token}] * 2
    longer = f"{hook.url}?validationToken={'x' * 3000}"
    assert outlook.act("knock", url=longer, body="")["answer"] == 401


def test_it_is_renewed_before_it_runs_out_and_changes_are_heard_for_a_month(outlook, hook, link):
    (old,) = outlook.channels
    for day in range(30):
        outlook.pass_time(DAY)
        outlook.look_after()
        outlook.look()
        outlook.write(f"Cast wheel {day}")
        assert len(outlook.hears()) == day + 1
    (new,) = outlook.channels
    assert new != old and 5 < len(made(outlook)) < 12
    link.refresh_from_db()
    assert link.state == "active" and not Repair.objects.exists()


def test_one_that_is_gone_there_is_made_again_and_noted(outlook, hook, link):
    outlook.act("forget_hooks")
    outlook.look_after()
    assert len(outlook.channels) == 1
    assert [note.kind for note in Repair.objects.all()] == ["made_again"]


def test_all_calendars_of_an_account_share_one_that_goes_with_the_last_link(
    outlook, link, integration, team, ada, account
):
    config = {**integration.defaults, "calendar": f"{ENGINES}|Engines"}
    second = make_link(integration, team, user=ada, integration_user=account, config=config)
    assert second.registered_hook == link.registered_hook and len(outlook.channels) == 1
    outlook.look()
    outlook.pass_time(DAY)
    outlook.write("Cast wheel 7", calendar=ENGINES)
    assert outlook.hears() == ["Cast wheel 7"]
    link.remove()
    RegisteredHook.drain()
    assert len(outlook.channels) == 1
    second.remove()
    RegisteredHook.drain()
    assert outlook.channels == {} and not RegisteredHook.objects.exists()


def test_one_that_is_gone_already_is_no_hindrance_to_a_removal(outlook, link):
    outlook.act("forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_an_address_that_microsoft_cannot_use_leaves_a_link_that_asks_now_and_then(
    outlook, integration, account, team, ada, settings
):
    settings.BASE_URL = "http://engines.local"
    config = {**integration.defaults, "calendar": f"{outlook.own}|Calendar"}
    link = make_link(integration, team, user=ada, integration_user=account, config=config)
    assert link.registered_hook is None and outlook.channels == {}
    outlook.look()
    outlook.pass_time(DAY)
    outlook.write("Cast wheel 7")
    outlook.pass_time(20 * timedelta(minutes=1))
    assert outlook.hears() == ["Cast wheel 7"]


def test_whoever_does_not_know_the_secret_wakes_nobody(outlook, hook, link):
    link.refresh_from_db()
    before, secret = link.poll_at, hook.signing_secret
    for told in ([], ["x"], [secret, "x"], ["x", secret], [secret, None], [None]):
        assert knock(outlook, hook.url, *told) == 401, told
    for body in ("", "{}", "[]", '{"value": 3}', f'{{"clientState": "{secret}"}}', "not json"):
        assert outlook.act("knock", url=hook.url, body=body)["answer"] == 401, body
    link.refresh_from_db()
    assert link.poll_at == before
    assert knock(outlook, hook.url, secret, secret) == 200
    link.refresh_from_db()
    assert link.poll_at < before
