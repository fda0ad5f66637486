from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Retract, Secret
from idonethis.integrations.models import PartnerApp, Receipt
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook


class MondayTest(HookTestCase):
    def setUp(self):
        super().setUp()
        app, _ = PartnerApp.objects.get_or_create(integration_type="monday_com")
        app.keep({"SIGNING_SECRET": Secret("the signing secret of the app")})

    def test_an_item_whose_status_becomes_done_is_a_done_of_who_set_it(self):
        entry = self.check_hook("item__done", "Completed “Oil the mill”")
        assert entry.url == "https://engines.monday.com/boards/2924980809/pulses/7001"

    def test_set_back_it_goes(self):
        [reopened] = self.draft_of("item__reopened")
        assert isinstance(reopened, Retract)

    def test_other_columns_make_no_entry(self):
        self.check_ignored("ignored__item__renamed", "unsupported_event")

    def test_an_item_that_is_gone_says_so(self):
        self.check_ignored("ignored__item__gone", "vanished")

    def test_automations_make_none(self):
        body = orjson.loads(self.fixture("item__done"))
        body["event"]["userId"] = -4
        self.post_hook(orjson.dumps(body), more={"name": "Oil the mill", "is_done": True})
        assert not Entry.objects.exists()

    def test_a_challenge_is_answered_unsigned_and_nothing_is_stored(self):
        for address in (self.link.hook_url, f"{self.link.hook_url}x"):
            answer = self.client.post(
                address.removeprefix("http://testserver"),
                {"challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"},
                content_type="application/json",
            )
            assert answer.status_code == 200
            assert answer.json()["challenge"].startswith("3eZbrw1")
        assert not Receipt.objects.exists()

    def test_a_challenge_that_is_more_than_one_is_refused(self):
        for said in (
            {"challenge": "x" * 501},
            {"challenge": ["x"]},
            {"challenge": "x", "event": {}},
        ):
            assert self.post_hook(orjson.dumps(said), signed=False).status_code == 401
        assert not Receipt.objects.exists()

    def test_a_token_for_another_address_is_refused(self):
        body = self.fixture("item__done")
        other = Hook(body, url="https://log.example.org/integrations/monday_com/hook/another")
        secret = PartnerApp.credential("monday_com", "SIGNING_SECRET")
        signed = self.integration.signature.sign(other, secret)
        assert self.post_hook(body, headers=signed, signed=False).status_code == 401

    def test_without_the_secret_of_the_app_nothing_is_taken(self):
        body = self.fixture("item__done")
        PartnerApp.objects.all().delete()
        sent = Hook(body, url=self.link.hook_url)
        signed = self.integration.signature.sign(sent, Secret("the signing secret of the app"))
        assert self.post_hook(body, headers=signed, signed=False).status_code == 401
