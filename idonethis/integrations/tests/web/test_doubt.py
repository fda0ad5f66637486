"""A partner that refuses very many grants at once is more likely wrong, or misread, than right."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.http import Again, Failed, NeedsReconnect
from idonethis.integrations.models import (
    Delivery,
    Incident,
    IntegrationLink,
    IntegrationUser,
    Notice,
)
from idonethis.integrations.models.sweeping import sweep
from idonethis.integrations.tests.web.test_link_page import shown
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

MANY = 40


@pytest.fixture
def accounts(foundry, world):
    """Of forty people, each with a grant that works."""

    def account(number):
        user = User.objects.create_user(f"smith{number}@example.org", name=f"Smith {number}")
        team = Team.objects.found(f"Forge {number}", admin=user)
        made = IntegrationUser(integration_type="foundry", uid=f"smith-{number}", user=user)
        made.secrets = {"access_token": world.grant("1815").access}
        made.save()
        IntegrationLink.objects.create(
            integration_type="foundry", team=team, user=user, integration_user=made
        )
        return made

    return [account(number) for number in range(MANY)]


@pytest.fixture
def operator(db, client):
    user = User.objects.create_superuser("op@example.org", "keys", name="The Operator")
    client.force_login(user)
    return client


def call(account):
    try:
        IntegrationUser.objects.get(pk=account.pk).client().get("/me")
    except Failed as problem:
        return problem
    return None


def states():
    counted = IntegrationUser.objects.values_list("state", flat=True)
    return {state: list(counted).count(state) for state in set(counted)}


def send_mails():
    while Notice.drain():
        pass


def test_a_night_of_refusals_costs_a_fifth_of_the_grants_and_no_more(accounts, world):
    world.revoke()
    answers = [call(account) for account in accounts]
    assert [type(each) for each in answers[:8]] == [NeedsReconnect] * 8
    assert {type(each) for each in answers[8:]} == {Again}
    assert states() == {"needs_reconnect": 8, "unsure": 32}
    assert IntegrationLink.objects.filter(state="active").count() == 32
    assert all(account.secrets for account in IntegrationUser.objects.all())


def test_of_a_few_grants_each_may_end(accounts, world):
    IntegrationUser.objects.filter(pk__in=[a.pk for a in accounts[3:]]).delete()
    world.revoke()
    assert [type(call(account)) for account in accounts[:3]] == [NeedsReconnect] * 3


def test_the_day_after_the_next_fifth_may_end(accounts, world):
    world.revoke()
    for account in accounts:
        call(account)
    long_ago = timezone.now() - timedelta(hours=2)
    IntegrationUser.objects.exclude(ended_at=None).update(ended_at=long_ago)
    IntegrationUser.objects.update(doubted_until=long_ago)
    for account in accounts:
        call(account)
    assert states() == {"needs_reconnect": 8 + 6, "unsure": 26}


def test_a_grant_in_doubt_is_left_alone_for_a_while_and_then_tried_again(accounts, world):
    world.revoke()
    for account in accounts:
        call(account)
    doubted = accounts[-1]
    asked = len(world.calls)
    problem = call(doubted)
    assert type(problem) is Again and 0 < problem.after <= 600
    assert "nothing was changed" in str(problem) and len(world.calls) == asked

    for grant in world.grants:
        grant.dead = False
    IntegrationUser.objects.update(doubted_until=timezone.now())
    assert call(doubted) is None
    doubted.refresh_from_db()
    assert (doubted.state, doubted.trouble) == ("active", "")


def test_what_goes_out_by_a_grant_in_doubt_waits_and_nobody_is_asked_to_do_anything(
    accounts, world
):
    world.revoke()
    for account in accounts[:-1]:
        call(account)
    link = accounts[-1].links.get()
    Entry.objects.log(Draft(body="Cast a gear"), team=link.team, user=link.user)
    while Delivery.drain():
        pass
    delivery = link.deliveries.get()
    assert (delivery.state, delivery.attempts) == ("due", 1)
    assert delivery.due_at > timezone.now() + timedelta(minutes=9)
    link.refresh_from_db()
    assert link.state == "active"
    assert not Incident.objects.filter(integration_user=accounts[-1]).exists()


def test_the_operators_are_told_once_and_until_it_is_over(accounts, world, operator):
    world.revoke()
    for account in accounts:
        call(account)
    sweep()
    sweep()
    send_mails()
    told = [sent for sent in mail.outbox if sent.to == ["op@example.org"]]
    assert [sent.subject for sent in told] == ["Foundry: many accounts were refused at once"]
    assert "/integrations/foundry" in told[0].body
    page = shown(operator.get("/integrations"))
    assert "Foundry: many accounts were refused at once" in page

    for grant in world.grants:
        grant.dead = False
    IntegrationUser.objects.update(doubted_until=timezone.now())
    for account in accounts[8:]:
        call(account)
    sweep()
    send_mails()
    told = [sent for sent in mail.outbox if sent.to == ["op@example.org"]]
    assert [sent.subject for sent in told][1:] == ["Foundry works again"]
    assert "refused at once" not in shown(operator.get("/integrations"))


def test_an_operator_may_believe_the_partner(accounts, world, operator, as_ada):
    world.revoke()
    for account in accounts:
        call(account)
    assert "32 accounts" in shown(operator.get("/integrations/foundry"))
    assert "believe" not in shown(as_ada.get("/integrations/foundry")).lower()
    assert as_ada.post("/integrations/foundry/believe").status_code == 403
    page = shown(operator.post("/integrations/foundry/believe", follow=True))
    assert "32 accounts are tried once more now" in page
    for account in accounts:
        call(account)
    assert states() == {"needs_reconnect": MANY}


def test_what_a_partner_says_by_itself_is_braked_the_same_way(accounts, world):
    for account in accounts:
        account.refuse(NeedsReconnect("The app was removed."))
    assert states() == {"needs_reconnect": 8, "unsure": 32}
