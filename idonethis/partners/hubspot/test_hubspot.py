from __future__ import annotations

import base64
import hmac
import time

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Hook, Ignored, Retract
from idonethis.integrations.testing import HookTestCase

HEADER, STAMP = "x-hubspot-signature-v3", "x-hubspot-request-timestamp"


class HubSpotTest(HookTestCase):
    def test_a_deal_that_is_won_is_a_done_of_who_moves_it_there(self):
        entry = self.check_hook("deal_won", "Won the deal 4712")
        assert entry.url == "https://app.hubspot.com/contacts/1842/record/0-3/4712"
        assert entry.occurred_at.isoformat() == "2026-11-23T15:04:05.123000+00:00"

    def test_a_ticket_that_is_closed_is_a_done(self):
        self.check_hook("ticket_closed", "Closed the ticket 4713")

    def test_a_task_that_is_completed_is_a_done_until_it_is_taken_up_again(self):
        entry = self.check_hook("task_completed", "Completed the task 4719")
        assert entry.url == "https://app.hubspot.com/contacts/1842/record/0-27/4719"
        [done] = orjson.loads(self.fixture("task_completed"))
        later = {"propertyValue": "NOT_STARTED", "occurredAt": done["occurredAt"] + 60_000}
        self.post_hook(orjson.dumps([done | later]))
        assert not Entry.objects.alive().exists()

    def test_of_a_task_nothing_but_its_status_makes_an_entry(self):
        [done] = orjson.loads(self.fixture("task_completed"))
        for more in ({"propertyName": "hs_task_subject"}, {"propertyValue": "IN_PROGRESS"}):
            self.post_hook(orjson.dumps([done | more]))
            assert not Entry.objects.exists(), more

    def test_a_body_holds_several_events_of_several_people(self):
        self.send("batch")
        entries = Entry.objects.order_by("pk").values_list("body", "user__name")
        assert list(entries) == [
            ("Won the deal 4714", "Ada Lovelace"),
            ("Closed the ticket 4716", "Grace Hopper"),
        ]

    def test_moved_out_again_or_deleted_it_takes_its_entry_back_in_any_order(self):
        for later in ({"propertyValue": "contractsent"}, {"subscriptionType": "deal.deletion"}):
            [won] = orjson.loads(self.fixture("deal_won"))
            won["objectId"] = f"again-{later}"
            back = won | {"occurredAt": won["occurredAt"] + 60_000} | later
            self.post_hook(orjson.dumps([back, won]))
            self.post_hook(orjson.dumps([won]))
            assert not Entry.objects.alive().exists(), later

    def test_what_no_person_has_moved_makes_no_entry(self):
        self.check_ignored("ignored__deal_won__by_a_workflow", "filtered_rule")

    def test_the_link_says_which_stages_count(self):
        for config, kind in (
            ({}, Draft),
            ({"won": "12345, closedwon"}, Draft),
            ({"won": "12345"}, Retract),
            ({"won": ""}, Retract),
        ):
            [event] = self.draft_of("deal_won", **config)
            assert isinstance(event, kind), config

    def test_other_events_say_why_they_make_none(self):
        events = self.draft_of("ignored__others")
        assert [type(event) for event in events] == [Ignored] * 4
        assert "contact.creation" in events[2].why and "object.creation" in events[3].why

    def test_the_summary_says_which_of_both_count(self):
        for config, said in (
            ({}, "Logs won deals, closed tickets, completed tasks"),
            ({"closed": ""}, "Logs won deals, completed tasks"),
            ({"won": " ", "closed": ","}, "Logs completed tasks"),
        ):
            self.link.config = config
            assert self.integration.summary(self.link) == said

    def test_the_event_names_all_that_is_in_a_body(self):
        named = self.integration.event(Hook(self.fixture("batch")))
        assert named.startswith("object.propertyChange, deal.propertyChange, ticket.propertyChange")

    def test_it_is_signed_with_its_address_and_the_time_in_thousandths(self):
        body, key = self.fixture("deal_won"), self.link.signing_secret.encode()
        for ago, url, status in (
            (0, self.link.hook_url, 200),
            (600, self.link.hook_url, 401),
            (0, "https://elsewhere.example.org/", 401),
        ):
            said = str(int(1000 * (time.time() - ago)))
            text = f"POST{url}".encode() + body + said.encode()
            made = base64.b64encode(hmac.digest(key, text, "sha256")).decode()
            sent = self.post_hook(body, headers={HEADER: made, STAMP: said}, signed=False)
            assert sent.status_code == status, (ago, url)

    def test_what_is_no_list_is_refused(self):
        assert self.post_hook(b"{}").status_code == 400
