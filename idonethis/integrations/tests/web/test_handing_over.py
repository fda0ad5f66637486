"""Links belong to the team: whoever leaves takes their account along, and nothing is missed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.http import NeedsReconnect
from idonethis.integrations.models import (
    Delivery,
    Incident,
    IntegrationLink,
    IntegrationUser,
    Notice,
    Receipt,
    RegisteredHook,
)
from idonethis.integrations.models.sweeping import look_after, sweep
from idonethis.integrations.tests.web.conftest import casts, connect, create, work
from idonethis.integrations.tests.web.test_link_page import shown

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def admins(team, grace):
    """Grace administers the team, too; Ada, whose account the link uses, may leave."""
    team.memberships.filter(user=grace).update(role="admin")


@pytest.fixture
def graces(link, as_grace, world) -> IntegrationUser:
    """Grace has an account at the foundry, too."""
    connect(as_grace, world, who="1906")
    return IntegrationUser.objects.get(uid="1906")


def leave(team, user):
    team.memberships.get(user=user).end()


def settle():
    while look_after():
        pass


def now_is(link):
    return IntegrationLink.objects.get(pk=link.pk)


def log(team, user, body="Cast a gear"):
    Entry.objects.log(Draft(body=body), team=team, user=user)
    while Delivery.drain():
        pass


def mails():
    while Notice.drain():
        pass
    return [(sent.to[0].partition("@")[0], sent.subject) for sent in mail.outbox]


# Somebody else can.


def test_another_admin_s_account_takes_over_by_itself(link, graces, team, ada, grace, world):
    secret, url = link.registered_hook.signing_secret, link.registered_hook.url
    leave(team, ada)
    settle()
    after = now_is(link)
    assert (after.state, after.integration_user, after.user) == ("active", graces, grace)
    assert after.registered_hook == link.registered_hook
    assert (after.registered_hook.signing_secret, after.registered_hook.url) == (secret, url)
    [hook] = world.hooks.values()
    assert (hook["url"], hook["secret"], hook["by"]) == (url, str(secret), "1906")
    assert not Incident.objects.exists() and mails() == []


def test_what_goes_out_goes_out_as_the_other_from_then_on(link, graces, team, ada, grace, world):
    leave(team, ada)
    log(team, grace, "Oiled the mill")
    assert world.posts == {}
    assert Delivery.objects.get().state == "held"
    settle()
    while Delivery.drain():
        pass
    assert list(world.posts.values()) == ["Oiled the mill"]


def test_from_the_moment_of_leaving_nothing_is_done_with_the_leaver_s_account(
    link, team, ada, grace, world
):
    leave(team, ada)
    world.calls.clear()
    log(team, grace)
    RegisteredHook.objects.update(check_at=timezone.now())
    settle()
    assert world.calls == []


def test_even_if_nobody_told_us_that_they_left(link, team, ada, grace, world):
    """As when somebody is deactivated, or a row was deleted by hand."""
    team.memberships.filter(user=ada).delete()
    world.calls.clear()
    log(team, grace)
    assert world.calls == [] and now_is(link).state == "needs_reconnect"


def test_somebody_who_is_deactivated_has_left(link, graces, ada):
    ada.is_active = False
    ada.save()
    sweep()
    settle()
    assert now_is(link).integration_user == graces


def test_events_that_come_meanwhile_are_logged(link, team, ada, grace, graces):
    leave(team, ada)
    casts(link, "1906", key="1")
    assert Receipt.objects.get().outcome == "created"
    settle()
    casts(link, "1906", key="2", body="Cast another")
    assert Entry.objects.count() == 2


# Nobody else can.


def test_without_another_account_the_admins_are_told_once_and_events_go_on(
    link, team, ada, grace, as_grace
):
    leave(team, ada)
    settle()
    after = now_is(link)
    assert (after.state, after.trouble) == (
        "needs_reconnect",
        "Ada Lovelace is no longer in Analytical Engines.",
    )
    assert mails() == [("grace", "Foundry needs you: somebody’s account is needed")]
    page = shown(as_grace.get(f"/links/{link.hash_id}"))
    assert "Needs somebody’s account" in page and "Connect my account" in page
    assert "What comes in goes on, what is to be sent waits." in page
    sweep()
    settle()
    assert len(mails()) == 1
    casts(link, "4711", key="1", login="stoker")
    assert Receipt.objects.get().outcome == "no_person"


def test_an_account_that_may_not_does_not_take_over(link, graces, team, ada, world):
    world.full = True
    leave(team, ada)
    settle()
    after = now_is(link)
    assert after.state == "needs_reconnect" and after.integration_user != graces


def test_a_partner_that_does_not_answer_is_asked_again_before_anybody_is_bothered(
    link, graces, team, ada, world
):
    world.out = 503
    leave(team, ada)
    settle()
    assert not Incident.objects.exists() and now_is(link).state == "needs_reconnect"
    world.out = None
    IntegrationLink.objects.update(hand_over_at=timezone.now() - timedelta(seconds=1))
    settle()
    assert now_is(link).integration_user == graces


def test_a_member_who_is_no_admin_is_not_drawn_in(link, graces, team, ada, grace, mallory):
    team.join(mallory, "admin")
    team.memberships.filter(user=grace).update(role="member")
    leave(team, ada)
    settle()
    assert now_is(link).state == "needs_reconnect"


def test_an_admin_who_connects_carries_it_on(link, team, ada, grace, as_grace, world):
    leave(team, ada)
    settle()
    mails()
    log(team, grace, "Oiled the mill")
    connect(as_grace, world, who="1906", link=link.hash_id)
    settle()
    while Delivery.drain():
        pass
    after = now_is(link)
    assert (after.state, after.integration_user.uid, after.user) == ("active", "1906", grace)
    assert list(world.posts.values()) == ["Oiled the mill"]
    assert mails()[1:] == [("grace", "Foundry works again")]


def test_an_admin_who_connects_elsewhere_on_the_site_does_so_too(link, team, ada, as_grace, world):
    leave(team, ada)
    settle()
    connect(as_grace, world, who="1906")
    settle()
    assert now_is(link).state == "active"


# Whose account it is, is whose team it speaks for.


def test_a_leaver_who_reconnects_elsewhere_does_not_start_it_again(link, team, ada, as_ada, world):
    leave(team, ada)
    settle()
    connect(as_ada, world)
    settle()
    assert now_is(link).state == "needs_reconnect"


def test_who_comes_back_may_be_used_again(link, team, ada, grace, as_grace, world):
    leave(team, ada)
    settle()
    team.join(ada)
    as_grace.post(f"/links/{link.hash_id}/resume")
    log(team, grace, "Oiled the mill")
    assert list(world.posts.values()) == ["Oiled the mill"]


def test_the_leaver_s_links_in_other_teams_go_on(link, team, ada, as_ada, world, account):
    from_elsewhere = as_ada.post("/teams/new", {"name": "Difference Engines"})
    assert from_elsewhere.status_code == 302
    create(as_ada, team="difference-engines")
    leave(team, ada)
    settle()
    other = IntegrationLink.objects.get(team__slug="difference-engines")
    assert (other.state, other.integration_user) == ("active", account)
    assert now_is(link).state == "needs_reconnect"


def test_the_webhook_stays_and_is_removed_by_who_is_left(link, graces, team, ada, as_grace, world):
    leave(team, ada)
    settle()
    assert len(world.hooks) == 1
    as_grace.post(link.delete_path)
    while RegisteredHook.drain():
        pass
    assert not world.hooks and not RegisteredHook.objects.exists()


def test_a_workspace_speaks_for_a_team_as_long_as_one_of_its_people_is_in_it(
    link, account, team, ada, grace, world
):
    account.kind = "workspace"
    account.save()
    people = {"integration_type": "foundry", "workspace": account}
    IntegrationUser.objects.create(user=grace, uid="W/1906", **people)
    leave(team, ada)
    sweep()
    log(team, grace, "Oiled the mill")
    assert now_is(link).state == "active" and len(world.posts) == 1
    team.memberships.filter(user=grace).delete()
    team.join(ada)
    IntegrationUser.objects.filter(pk=account.pk).update(user=grace)
    log(team, ada, "Oiled it again")
    assert now_is(link).state == "needs_reconnect" and len(world.posts) == 1


def test_the_account_of_another_workspace_does_not_take_over(link, account, graces, team, ada):
    account.kind = "workspace"
    account.save()
    leave(team, ada)
    settle()
    assert now_is(link).state == "needs_reconnect"


# Links without any account.


@pytest.fixture
def by_hand(as_ada, foundry):
    create(as_ada, by="hand")
    return IntegrationLink.objects.get()


def test_a_link_by_hand_needs_somebody_to_look_after_it(by_hand, team, ada, grace, as_grace):
    leave(team, ada)
    settle()
    assert mails() == [("grace", "Foundry needs you: somebody’s account is needed")]
    casts(by_hand, "", key="1")
    assert Receipt.objects.get().outcome == "person_not_in_team"

    page = shown(as_grace.get(f"/links/{by_hand.hash_id}"))
    assert "Take it over" in page and "Events that name nobody wait." in page
    page = shown(as_grace.post(f"/links/{by_hand.hash_id}/take", follow=True))
    assert "You look after ada/engine now. 1 event is processed again." in page
    work()
    assert Entry.objects.get().user == grace
    assert now_is(by_hand).state == "active"


def test_a_link_that_is_looked_after_cannot_be_taken(by_hand, ada, as_grace):
    as_grace.post(f"/links/{by_hand.hash_id}/take")
    assert now_is(by_hand).user == ada


def test_a_link_with_an_account_is_not_taken_without_one(link, team, ada, as_grace):
    leave(team, ada)
    settle()
    as_grace.post(f"/links/{link.hash_id}/take")
    assert now_is(link).state == "needs_reconnect" and now_is(link).user == ada


def test_the_guard_holds_by_itself(link, team, ada):
    team.memberships.filter(user=ada).delete()
    with pytest.raises(NeedsReconnect, match="no longer in Analytical Engines"):
        now_is(link).client()
