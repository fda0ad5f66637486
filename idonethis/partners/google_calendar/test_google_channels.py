"""Channels over real HTTP: made, renewed before they run out, stopped, and closed to strangers."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from idonethis.entries.models import Entry
from idonethis.integrations.ingest.routes import BELIEVED
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    Receipt,
    RegisteredHook,
    Repair,
    reconciling,
)
from idonethis.integrations.models.making import make_link
from idonethis.integrations.models.sweeping import take_over
from idonethis.integrations.tests.calendars import DAY, HOUR, OWN
from idonethis.integrations.tests.coming import work
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hook(link) -> RegisteredHook:
    return link.registered_hook


def until_renewal(google, hook) -> None:
    hook.refresh_from_db()
    google.pass_time(hook.renew_at - google.clock() + timedelta(seconds=1))


def test_a_link_watches_its_calendar_with_a_secret_of_its_own(google, hook):
    ((name, channel),) = google.channels.items()
    assert hook.remote_id == f"{name}/{channel['resource']}"
    assert (channel["url"], channel["secret"]) == (hook.url, hook.signing_secret)
    assert timedelta(days=6, hours=23) < hook.holds_until - google.clock() < timedelta(days=7)
    assert 3 * DAY < hook.renew_at - google.clock() < 5 * DAY


def test_the_first_message_is_answered_and_is_no_event(google, link):
    (first,) = google.journal("sent")
    assert (first["headers"]["X-Goog-Resource-State"], first["status"]) == ("sync", 200)
    assert len(google.calls("/events")) == 2, "one that tries, and the first look"
    assert not Receipt.objects.exists()


def test_it_is_renewed_before_it_runs_out_and_nothing_is_missed_between(google, hook, link):
    (old,) = google.channels
    until_renewal(google, hook)
    google.look_after()
    (new,) = google.channels
    assert new != old
    watched, stopped = google.calls("/watch")[-1], google.calls("/stop")[-1]
    assert watched["at"] < stopped["at"] and stopped["status"] == 204
    google.look()
    google.write("Cast wheel 7")
    assert google.hears() == ["Cast wheel 7"]
    link.refresh_from_db()
    assert link.state == "active" and not Repair.objects.exists()


def test_for_a_month_each_change_is_heard_within_seconds(google, hook):
    for day in range(30):
        google.pass_time(DAY)
        google.look_after()
        google.look()
        google.write(f"Cast wheel {day}")
        assert len(google.hears()) == day + 1
    assert len(google.channels) == 1 and len(google.calls("/watch")) > 5


def test_while_both_stand_what_both_tell_is_logged_once(google, hook, link):
    google.act("faults", fault="500", path="*/channels/stop", times=0)
    until_renewal(google, hook)
    google.look_after()
    assert len(google.channels) == 2
    google.pass_time(HOUR)
    google.write("Cast wheel 7")
    assert [each["status"] for each in google.journal("sent")[-2:]] == [200, 200]
    assert google.hears() == ["Cast wheel 7"]
    assert Entry.objects.count() == Receipt.objects.count() == 1
    google.act("faults/clear")
    google.look_after()
    hook.refresh_from_db()
    assert [hook.remote_id.partition("/")[0]] == list(google.channels) and not hook.former_id


def test_a_renewal_that_fails_is_tried_again_while_the_old_one_holds(google, hook, link):
    until_renewal(google, hook)
    google.act("faults", fault="429", path="*/watch", times=2)
    for _ in range(3):
        google.look_after()
    link.refresh_from_db()
    assert link.state == "active" and len(google.channels) == 1
    said = [each["status"] for each in google.calls("/watch") if each["status"] != 401]
    assert said == [200, 403, 403, 200]


def test_where_it_ran_out_while_we_were_away_what_was_missed_comes(google, hook, link):
    google.pass_time(9 * DAY)
    google.write("Cast wheel 7")
    assert [each["status"] for each in google.journal("sent")] == [200], "only the first"
    IntegrationLink.objects.update(poll_at=google.clock() + DAY)
    take_over()
    google.pass_time(timedelta(seconds=6))
    reconciling.drain()
    assert google.hears() == ["Cast wheel 7"]
    assert [note.kind for note in Repair.objects.all()] == ["run_out"]
    google.write("Cast wheel 8")
    assert google.hears() == ["Cast wheel 7", "Cast wheel 8"]


def test_with_the_last_link_it_is_stopped(google, link):
    link.remove()
    RegisteredHook.drain()
    assert google.channels == {} and not RegisteredHook.objects.exists()
    link.refresh_from_db()
    assert link.state == "removed"


def test_one_that_is_gone_there_is_no_hindrance(google, link):
    google.act("forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_that_the_one_before_is_gone_keeps_nobody_from_stopping_the_other(
    google, hook, link, account
):
    google.act("faults", fault="500", path="*/channels/stop", times=0)
    until_renewal(google, hook)
    google.look_after()
    google.act("faults/clear")
    hook.refresh_from_db()
    channel, _, resource = hook.former_id.partition("/")
    account.client().post("/channels/stop", json={"id": channel, "resourceId": resource})
    link.remove()
    RegisteredHook.drain()
    assert google.channels == {} and not RegisteredHook.objects.exists()


def test_without_our_access_it_is_left_to_run_out(google, link, account):
    google.act("revoke", account="ada")
    link.remove()
    RegisteredHook.drain()
    link.refresh_from_db()
    assert link.state == "removing"
    google.pass_time(8 * DAY)
    RegisteredHook.objects.update(due_at=google.clock())
    RegisteredHook.drain()
    link.refresh_from_db()
    assert link.state == "removed"


def test_two_teams_share_it_and_both_hear(google, link, integration, account, ada):
    other = Team.objects.create(name="Night Shift")
    other.join(ada, "admin")
    config = {**integration.defaults, "calendar": f"{OWN}|Ada"}
    second = make_link(integration, other, user=ada, integration_user=account, config=config)
    google.look()
    assert second.registered_hook == link.registered_hook and len(google.channels) == 1
    google.pass_time(DAY)
    google.look()
    google.write("Cast wheel 7")
    assert google.hears() == ["Cast wheel 7"] * 2


def test_a_new_secret_takes_a_new_channel_and_the_old_one_is_taken_for_a_day(google, hook, link):
    (old,) = google.channels.values()
    hook.rotate_secret()
    (new,) = google.channels.values()
    assert new["secret"] == hook.signing_secret != old["secret"]
    for secret, status in ((old["secret"], 200), (new["secret"], 200)):
        assert google.knock(hook.url, secret) == status
    google.pass_time(25 * HOUR)
    time.sleep(BELIEVED)
    assert google.knock(hook.url, old["secret"]) == 401


@pytest.mark.parametrize("state", ["exists", "sync"])
@pytest.mark.parametrize("token", ["", "x", "not the token"])
def test_whoever_does_not_know_the_secret_wakes_nobody(google, hook, link, token, state):
    link.refresh_from_db()
    before = link.poll_at
    assert google.knock(hook.url, token, state) == 401
    link.refresh_from_db()
    assert link.poll_at == before


def test_where_google_takes_no_address_of_ours_it_is_asked_now_and_then(
    google, integration, account, team, ada, settings
):
    settings.BASE_URL = "http://engines.local"
    config = {**integration.defaults, "calendar": f"{OWN}|Ada"}
    link = make_link(integration, team, user=ada, integration_user=account, config=config)
    assert link.registered_hook is None and google.channels == {}
    assert google.calls("/watch")[-1]["status"] == 400
    google.look()
    google.pass_time(DAY)
    google.write("Cast wheel 7")
    google.pass_time(20 * timedelta(minutes=1))
    assert google.hears() == ["Cast wheel 7"]
    assert IntegrationUser.objects.get(pk=account.pk).state != "needs_reconnect"


def test_an_empty_body_is_no_trouble_and_nothing_is_stored_of_it(google, hook, link):
    assert google.knock(hook.url, hook.signing_secret) == 200
    work()
    assert not Receipt.objects.exists()
