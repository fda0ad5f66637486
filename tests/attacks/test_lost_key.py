"""Without the key of what is encrypted nothing opens, nothing is lost either, and everybody who
meets it reads what to do."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.http import NeedsReconnect
from idonethis.integrations.ingest.asgi import Ingest
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.integrations.models import Delivery, IntegrationLink, IntegrationUser
from idonethis.keys import Sealed
from tests.attacks.sealing import NEW, READ

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("what", READ)
def test_without_the_key_nothing_opens_and_the_reason_is_said(lost, what):
    with pytest.raises((Sealed, NeedsReconnect), match="key that is no longer configured|is gone"):
        READ[what]()


@pytest.fixture
def browser(ada):
    client = Client()
    client.force_login(ada)
    return client


@pytest.mark.parametrize(
    "path", ["/", "/integrations", "/integrations/github", "/integrations/slack"]
)
@pytest.mark.usefixtures("lost")
def test_pages_that_need_no_secret_go_on(browser, path):
    assert browser.get(path).status_code in (200, 302)


def test_the_page_that_needs_one_says_what_is_missing(lost, browser):
    response = browser.post(f"/links/{lost[0].hash_id}/secret")
    page = response.content.decode()
    assert response.status_code == 503
    assert "A key is missing" in page and "OLD_ENCRYPTION_KEYS" in page


def test_a_new_secret_can_be_made_for_a_link_whose_own_is_lost(lost, browser):
    link = lost[0]
    IntegrationLink.objects.filter(pk=link.pk).update(previous_until=timezone.now())
    assert browser.post(f"/links/{link.hash_id}/secret/rotate").status_code == 302
    link.refresh_from_db()
    assert len(link.valid_secrets) == 1


def test_what_is_due_is_held_until_the_account_is_connected_anew(lost, team, ada):
    account = IntegrationUser.objects.get(uid="ada")
    link = IntegrationLink.objects.create(
        integration_type="slack",
        team=team,
        user=ada,
        integration_user=account,
        subject="C01",
        config={"channel": "C01|done"},
    )
    Entry.objects.log(Draft(body="Done"), team=team, user=ada)
    while Delivery.drain():
        pass
    delivery = Delivery.objects.get(link=link)
    assert (delivery.state, delivery.link.state) == ("held", "needs_reconnect")
    assert "Connect the account again" in delivery.trouble


@pytest.mark.django_db(transaction=True)
def test_hooks_are_told_to_come_back(lost):
    """The key may be put back; a refusal would make some partners give the webhook up."""
    writer, path = GroupCommit(), f"/integrations/webhook/hook/{lost[0].hook_token}"
    writer.start()

    async def post():
        transport = httpx.ASGITransport(Ingest(None, writer))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.post(path, content=b"{}")

    answer = asyncio.run(post())
    writer.stop()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_who_has_a_second_factor_hears_why_they_cannot_sign_in(full, settings):
    settings.ENCRYPTION_KEYS = [NEW]
    browser = Client()
    browser.post("/accounts/login/", {"login": "ada@example.org", "password": "engine"})
    response = browser.post("/accounts/2fa/authenticate/", {"code": "123456"})
    assert response.status_code == 503
    assert "A key is missing" in response.content.decode()
