"""Webhooks at Jira Cloud over real HTTP: they are kept from running out, put right, removed, and
refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from idonethis.integrations.base import Again, NeedsPermission, Never, Secret
from idonethis.integrations.http import Failed
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    RegisteredHook,
    Repair,
    reconciling,
)
from idonethis.integrations.models.making import make_link
from idonethis.partners.jira import webhooks
from idonethis.partners.jira.testing import DAY, ENG, MILL, log
from idonethis.simulators.planning.jira import ENGINES

pytestmark = pytest.mark.django_db(transaction=True)

DONE = "Completed “Oil the mill” (ENG-12)"


@pytest.fixture
def hook(link) -> RegisteredHook:
    return link.registered_hook


def until_renewal(jira, hook) -> None:
    hook.refresh_from_db()
    jira.pass_time(hook.renew_at - jira.clock() + timedelta(seconds=1))


def repairs():
    return [note.kind for note in Repair.objects.all()]


# It is kept.


def test_it_is_known_to_hold_for_a_month_and_renewed_in_its_second_half(jira, hook):
    assert 29 * DAY < hook.holds_until - jira.clock() <= 30 * DAY
    assert 14 * DAY < hook.renew_at - jira.clock() < 22 * DAY


def test_before_it_runs_out_it_holds_for_another_month(jira, hook):
    [before] = jira.hooks
    until_renewal(jira, hook)
    jira.look_after()
    [after], _ = jira.hooks, hook.refresh_from_db()
    assert after["id"] == before["id"] and after["expires_at"] > before["expires_at"]
    assert 29 * DAY < hook.holds_until - jira.clock() <= 30 * DAY
    assert not hook.former_id and not repairs()


def test_for_half_a_year_every_issue_is_heard(jira, hook):
    for _ in range(26):
        jira.pass_time(7 * DAY)
        jira.look_after()
        assert jira.finishes() == [200]
    assert log() == [DONE] and len(jira.hooks) == 1
    assert len(jira.calls("PUT", "/refresh")) > 5 and len(jira.calls("POST")) == 1


def test_a_renewal_that_fails_is_tried_again_while_it_still_holds(jira, hook, link):
    until_renewal(jira, hook)
    jira.fault("500", method="PUT", times=2)
    for _ in range(3):
        jira.look_after()
    link.refresh_from_db()
    said = [each["status"] for each in jira.calls("PUT", "/refresh")]
    assert (link.state, said) == ("active", [500, 500, 200])


def test_one_that_ran_out_while_we_were_away_is_made_again(jira, hook):
    jira.pass_time(31 * DAY)
    assert jira.finishes() == [None]
    jira.look_after()
    assert jira.finishes() == [None, 200] and repairs() == ["run_out"]
    hook.refresh_from_db()
    assert hook.remote_id == str(jira.hooks[-1]["id"]) and not hook.former_id


def test_one_that_is_gone_there_is_made_again_and_one_that_stands_is_left(jira, hook):
    jira.look_after()
    assert not repairs() and len(jira.calls("POST")) == 1
    jira.act("forget_hooks")
    jira.look_after()
    assert jira.finishes() == [200] and repairs() == ["made_again"]


def test_one_whose_name_got_lost_on_the_way_is_found_by_its_address(jira, hook):
    jira.act("forget_hooks")
    jira.fault("truncated", method="POST")
    with pytest.raises(Again):
        reconciling.check(hook)
    reconciling.check(RegisteredHook.objects.get())
    assert [str(each["id"]) for each in jira.hooks] == [RegisteredHook.objects.get().remote_id]


def test_a_second_project_asks_for_no_second_webhook(made, jira):
    made(ENG)
    made(MILL)
    assert len(jira.calls("POST")) == 1 and len(jira.hooks) == 1


# It goes.


def test_with_the_last_link_it_goes(jira, made):
    first, second = made(ENG), made(MILL)
    first.remove()
    RegisteredHook.drain()
    assert len(jira.hooks) == 1
    second.remove()
    RegisteredHook.drain()
    assert not jira.hooks and not RegisteredHook.objects.exists()


def test_while_jira_is_down_it_waits_and_goes_afterwards(jira, link):
    jira.fault("500", times=0)
    link.remove()
    RegisteredHook.drain()
    link.refresh_from_db()
    assert link.state == "removing" and len(jira.hooks) == 1
    jira.act("faults/clear")
    RegisteredHook.objects.update(due_at=jira.clock())
    RegisteredHook.drain()
    link.refresh_from_db()
    assert link.state == "removed" and not jira.hooks


def test_one_that_is_gone_already_is_no_trouble(jira, link):
    jira.act("forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_by_its_id_only_that_one_goes_although_another_has_the_same_address(
    jira, hook, account, integration
):
    known = {"url": hook.url, "remote_id": "4711"}
    integration.destroy_hook(account.client(), hook.subject, **known)
    assert len(jira.hooks) == 1
    known["remote_id"] = ""
    integration.destroy_hook(account.client(), hook.subject, **known)
    assert not jira.hooks


def test_a_site_that_is_gone_takes_its_webhooks_along(jira, account, integration):
    known = {"url": "https://engines.example/1", "remote_id": "1001"}
    integration.destroy_hook(account.client(), "no-such-site/1815", **known)


def test_a_link_that_is_made_anew_at_once_waits_until_the_one_before_is_gone(jira, link, made):
    link.remove()
    with pytest.raises(Again, match="Nothing was changed"):
        made(ENG)
    while RegisteredHook.drain():
        pass
    made(ENG)
    assert jira.finishes() == [200]


# It is refused.


def test_a_grant_that_was_taken_back_stops_the_link_until_somebody_connects_again(
    jira, link, hook, connect
):
    jira.act("revoke", account="ada")
    with pytest.raises(Failed):
        reconciling.check(hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    connect()
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert jira.finishes() == [200] and log() == [DONE]


def test_an_app_that_lacks_a_permission_says_that_its_administrator_must_add_it(
    jira, account, integration
):
    jira.act("narrow", account="ada", scope="manage:jira-webhook")
    with pytest.raises(NeedsPermission, match="must add it there"):
        webhooks.standing(account.client(), ENGINES, url="https://x.example/1", remote_id="")


def test_after_too_many_calls_it_is_tried_again_when_jira_says(jira, link, hook):
    jira.fault("429", retry_after=120)
    with pytest.raises(Again, match="wants fewer calls") as told:
        reconciling.check(hook)
    link.refresh_from_db()
    assert (told.value.after, link.state) == (120, "active")


@pytest.mark.parametrize(
    ("fault", "says"), [("429", "wants fewer calls"), ("500", "Jira answered 500")]
)
def test_while_jira_is_in_trouble_nothing_is_linked_and_it_may_work_later(jira, made, fault, says):
    jira.fault(fault, method="POST")
    with pytest.raises(Again, match=says):
        made(ENG)
    assert not IntegrationLink.objects.exists() and not jira.hooks
    made(ENG)
    assert jira.finishes() == [200]


def test_an_address_that_jira_does_not_take_is_told_and_nothing_is_made(jira, made, settings):
    settings.BASE_URL = "http://engines.local"
    with pytest.raises(Never, match=r"must be HTTPS.*this server is engines\.local"):
        made(ENG)
    assert not jira.hooks and not RegisteredHook.objects.exists()


def test_what_jira_refuses_in_a_200_is_a_refusal(jira, account, monkeypatch):
    monkeypatch.setattr(webhooks, "EVERY", "project is not EMPTY")
    with pytest.raises(Never, match="is unsupported"):
        webhooks.create(account.client(), ENGINES, url="https://x.example/1", remote_id="")
    assert not jira.hooks


def test_two_accounts_at_a_site_have_a_webhook_each(jira, link, connect, integration, team, ada):
    connect("grace")
    grace = IntegrationUser.objects.get(uid="1906")
    config = {**integration.defaults, "project": MILL}
    with pytest.raises(NeedsPermission, match="does not show that project"):
        make_link(integration, team, user=ada, integration_user=grace, config=config)
    subject = integration.hook_subject({"project": ENG}, grace.uid)
    RegisteredHook.objects.register(subject, integration_user=grace)
    assert [each["account"] for each in jira.hooks] == ["1815", "1906"]
    assert len({each["url"] for each in jira.hooks}) == 2
    known = {"url": link.registered_hook.url, "secret": Secret(), "remote_id": ""}
    with pytest.raises(Again, match="one address"):
        integration.create_hook(grace.client(), subject, **known)
