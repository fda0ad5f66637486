from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import NOBODY, Hook, Ignored
from idonethis.integrations.testing import HookTestCase


class StripeTest(HookTestCase):
    def test_paid_invoices_of_a_day_are_one_sentence_of_who_made_the_link(self):
        entry = self.check_hook("invoice_paid", "1 invoice paid at Stripe")
        self.send("invoice_paid__another")
        entry.refresh_from_db()
        assert entry.body == "2 invoices paid at Stripe"
        assert str(entry.occurred_on) == "2026-11-23"
        assert sorted(entry.details.values_list("text", "url")) == [
            ("Invoice MILL-0012", "https://dashboard.stripe.com/invoices/in_0000000012"),
            ("Invoice MILL-0013", "https://dashboard.stripe.com/invoices/in_0000000013"),
        ]

    def test_neither_customers_nor_amounts_nor_their_private_pages_are_shown(self):
        for name in ("invoice_paid", "ignored__charge_succeeded"):
            [draft] = self.drafts(name, charges=True)
            assert draft.actor == NOBODY
            for hidden in ("Mallory", "mallory", "Night", "49", "secret"):
                assert hidden not in repr(draft)

    def test_a_subscription_counts_once_it_has_begun_and_then_once(self):
        self.check_ignored("ignored__subscription_created__not_yet", "filtered_rule")
        self.check_hook("subscription_updated__begun", "1 new subscription at Stripe")
        self.send("subscription_created")
        [event] = self.draft_of("ignored__subscription_updated")
        assert isinstance(event, Ignored) and "beginning" in event.why
        assert Entry.objects.get().body == "2 new subscriptions at Stripe"

    def test_an_invoice_over_nothing_and_test_mode_make_no_entry(self):
        self.check_ignored("ignored__invoice_paid__trial", "filtered_rule")
        self.check_ignored("ignored__invoice_paid__test_mode", "filtered_rule")
        assert "test mode" in self.last_receipt().why

    def test_charges_are_counted_only_where_the_link_says_so(self):
        self.check_ignored("ignored__charge_succeeded", "unsupported_event")
        [draft] = self.drafts("ignored__charge_succeeded", charges=True)
        assert draft.body == "{count} charge{s} at Stripe"

    def test_a_link_may_leave_out_subscriptions_however_they_begin(self):
        for name in ("subscription_created", "subscription_updated__begun"):
            [event] = self.draft_of(name, events=["invoice.paid"])
            assert isinstance(event, Ignored) and "subscriptions" in event.why

    def test_other_events_say_why_they_make_none(self):
        self.check_ignored("ignored__customer_created", "unsupported_event")
        assert "customer.created" in self.last_receipt().why

    def test_a_delivery_is_named_in_the_body_and_what_is_no_object_is_refused(self):
        hook = Hook(self.fixture("invoice_paid"))
        assert self.integration.delivery_key(hook) == "evt_000000000001"
        assert self.post_hook(b"[]").status_code == 400

    def test_the_summary_says_what_is_counted(self):
        for config, said in (
            ({}, "Counts paid invoices, new subscriptions"),
            ({"events": ["invoice.paid"], "charges": True}, "Counts paid invoices, charges"),
            ({"events": []}, "Counts nothing"),
        ):
            self.link.config = config
            assert self.integration.summary(self.link) == said

    def test_while_a_secret_is_changed_a_hook_is_signed_with_both(self):
        body = self.fixture("invoice_paid")
        signed = self.integration.signature.sign(Hook(body), self.link.signing_secret)
        both = f"{signed['stripe-signature']},v1={'0' * 64},v0=abc"
        sent = self.post_hook(body, headers={"stripe-signature": both}, signed=False)
        assert sent.status_code == 200
        assert orjson.loads(body)["id"] == self.last_receipt().delivery_key
