"""What people typed in Slack before any team was linked to their workspace."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.models.left_out import LOOKED_BACK, adopt
from idonethis.integrations.tests.coming import work_off
from idonethis.integrations.values import Hook, Reason, Secret
from idonethis.partners.slack.conftest import SIGNING_SECRET
from idonethis.partners.slack.integration import integration
from idonethis.partners.slack.testing import ADA, CHANNEL, WORKSPACE

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

HOOK, FORM = "/integrations/slack/hook", "application/x-www-form-urlencoded"


def types(text, *, team=WORKSPACE, channel=CHANNEL):
    said = {"team_id": team, "channel_id": channel, "user_id": ADA, "user_name": "ada"}
    said |= {"command": "/done", "text": text, "trigger_id": f"1.{team}.{text}"}
    body = urlencode(said).encode()
    signed = integration.signature.sign(Hook(body, {}, received_at=timezone.now()), secret())
    assert Client().post(HOOK, body, content_type=FORM, headers=signed).status_code == 200
    while Receipt.drain():
        pass


def secret():
    return Secret(SIGNING_SECRET)


def create(client, workspace, team):
    chosen = {"channel": f"{CHANNEL}|done", "kinds": ["done"], "account": workspace.hash_id}
    return client.post("/integrations/slack/link", chosen | {"team": team.slug})


@pytest.fixture
def typed(workspace):
    """Ada's is linked later; the other workspace never is."""
    types("shipped billing")
    types("found a moth", channel="C0ELSEWHERE")
    types("not for them", team="T0OTHER0001")
    assert set(Receipt.objects.values_list("outcome", flat=True)) == {Reason.NO_LINK}


def log():
    return sorted(Entry.objects.values_list("body", flat=True))


def test_once_there_is_a_link_it_is_offered_and_logged(client, workspace, team, typed):
    made = create(client, workspace, team)
    link = IntegrationLink.objects.get()
    assert made["Location"] == f"/links/{link.hash_id}?left_out=1"
    page = client.get(made["Location"]).content.decode()
    assert "2 of the last events that were left out would be in the log now." in page
    assert "shipped billing" in page and "not for them" not in page and log() == []
    last = Receipt.objects.of_link(link).first().pk
    asked = {"outcomes": ["no_link"], "upto": last, "begin": "1"}
    client.post(f"/links/{link.hash_id}/replay", asked)
    work_off()
    assert log() == ["found a moth", "shipped billing"]
    stranger = Receipt.objects.get(outcome=Reason.NO_LINK)
    assert b"not+for+them" in stranger.hook.body and stranger.read_for == 0


def test_where_nothing_waited_the_way_leads_on_as_ever(client, workspace, team):
    made = create(client, workspace, team)
    assert made["Location"].startswith("/t/analytical-engines/integrations#link-")


def test_what_is_older_than_a_month_is_nobodys_still(client, workspace, team, typed):
    Receipt.objects.update(received_at=timezone.now() - LOOKED_BACK)
    assert create(client, workspace, team)["Location"].startswith("/t/")
    assert set(Receipt.objects.values_list("read_for", flat=True)) == {0}


def test_what_is_another_links_is_not_taken_from_it(client, workspace, team, typed, grace):
    create(client, workspace, team)
    link = IntegrationLink.objects.get()
    other = IntegrationLink.objects.create(
        integration_type="slack", team=team, user=grace, integration_user=link.integration_user
    )
    Receipt.objects.update(read_for=0)
    assert adopt(other) == 0 and adopt(link) == 2
