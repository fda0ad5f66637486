from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import orjson
from allauth.account.models import EmailAddress

from idonethis.commands.links import validated
from idonethis.entries.models import Entry
from idonethis.integrations.base import Reason
from idonethis.integrations.kits.mapped.expressions import Bad, compiled
from idonethis.integrations.kits.mapped.fields import Fields
from idonethis.integrations.models import Receipt
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook

NESTED = {
    "text": "event.summary",
    "person": "event.who.mail",
    "date": "event.at",
    "external_id": "run.id",
}


class WebhookTest(HookTestCase):
    def sent(self, content: object, **headers: str):
        return self.post_hook(orjson.dumps(content), headers=headers)

    def test_a_plain_body_is_an_entry_without_any_setting(self):
        entry = self.check_hook("done", "Backup finished #ops")
        self.assertEqual(str(entry.occurred_on), "2026-11-23")
        self.assertEqual(entry.url, "https://backup.example.org/runs/42")
        self.assertEqual([tag.name for tag in entry.tags.all()], ["ops"])

    def test_several_lines_are_several_entries_of_who_made_the_link(self):
        self.send("several_lines")
        entries = Entry.objects.order_by("pk").values_list("kind", "body", "user__name")
        self.assertEqual(
            list(entries),
            [
                ("done", "Backup finished", "Ada Lovelace"),
                ("goal", "restore drill", "Ada Lovelace"),
                ("blocked", "disk nearly full", "Ada Lovelace"),
            ],
        )

    def test_fields_are_picked_by_jmespath(self):
        EmailAddress.objects.create(user=self.ada, email="ada@example.org", verified=True)
        self.link.config = NESTED
        self.link.save()
        self.sent(
            {
                "event": {
                    "summary": "Nightly build is green",
                    "who": {"mail": "ada@example.org"},
                    "at": 1763935200,
                },
                "run": {"id": 7},
            }
        )
        entry = Entry.objects.get()
        self.assertEqual((entry.body, entry.user), ("Nightly build is green", self.ada))
        self.assertEqual(entry.occurred_at.isoformat(), "2025-11-23T22:00:00+00:00")

    def test_an_address_that_nobody_has_verified_is_nobody(self):
        EmailAddress.objects.create(user=self.ada, email="ada@example.org", verified=False)
        self.sent({"text": "Forged", "person": "ada@example.org"})
        self.assertFalse(Entry.objects.exists())
        self.assertEqual(self.last_receipt().outcome, Reason.NO_PERSON)

    def test_the_same_id_again_is_the_same_entry(self):
        self.sent({"text": "Once", "id": 1})
        self.sent({"text": "Once", "id": 1, "try": 2})
        self.assertEqual(Receipt.objects.count(), 2)
        self.assertEqual(Entry.objects.count(), 1)

    def test_two_links_may_use_the_same_ids(self):
        self.sent({"text": "Mine", "id": 1})
        self.link = self.make_link()
        self.sent({"text": "Other", "id": 1})
        self.assertEqual(Entry.objects.count(), 2)

    def test_a_form_works_like_json(self):
        body = urlencode({"text": "By form", "status": "goal"}).encode()
        self.post_hook(body, headers={"content-type": "application/x-www-form-urlencoded"})
        self.assertEqual(Entry.objects.get().kind, "goal")

    def test_a_sender_that_cannot_sign_shows_the_secret(self):
        body = b'{"text": "With a token"}'
        for headers, status in (
            ({"x-webhook-token": self.link.signing_secret}, 200),
            ({"authorization": f"Bearer {self.link.signing_secret}"}, 200),
            ({"x-webhook-token": "wrong"}, 401),
            ({"authorization": "Bearer "}, 401),
            ({}, 401),
        ):
            with self.subTest(headers):
                response = self.post_hook(body, headers=headers, signed=False)
                self.assertEqual(response.status_code, status)

    def test_the_stored_request_does_not_hold_the_secret(self):
        secret = self.link.signing_secret
        self.post_hook(b'{"text": "x"}', headers={"x-webhook-token": secret}, signed=False)
        self.assertNotIn(secret, str(self.last_receipt().hook.headers))

    def test_a_body_without_text_says_where_it_was_looked_for(self):
        self.check_ignored("ignored__nothing_to_say", Reason.UNSUPPORTED)
        self.assertIn("text || body", self.last_receipt().why)

    def test_the_same_id_with_new_words_changes_the_entry(self):
        self.sent({"text": "Fixed the rof", "id": 1})
        self.sent({"text": "Fixed the roof", "id": 1})
        self.assertEqual(Entry.objects.get().body, "Fixed the roof")

    def test_ids_that_only_begin_alike_are_different(self):
        self.sent({"text": "One", "id": "x" * 200 + "1"})
        self.sent({"text": "Two", "id": "x" * 200 + "2"})
        self.assertEqual(Entry.objects.count(), 2)

    def test_the_same_body_is_one_entry_a_day(self):
        nightly = Hook(
            b'{"text": "Backup finished"}', received_at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
        )
        retried = replace(nightly, received_at=nightly.received_at + timedelta(seconds=30))
        tomorrow = replace(nightly, received_at=nightly.received_at + timedelta(days=1))
        key = self.integration.delivery_key
        self.assertEqual(key(nightly), key(retried))
        self.assertNotEqual(key(nightly), key(tomorrow))

    def test_a_delivery_with_a_name_of_its_own_is_not_the_other(self):
        self.sent({"text": "Deployed"}, **{"Idempotency-Key": "one"})
        self.sent({"text": "Deployed"}, **{"Idempotency-Key": "two"})
        self.sent({"text": "Deployed"}, **{"Idempotency-Key": "two"})
        self.assertEqual(Entry.objects.count(), 2)

    def test_a_form_fixture_is_sent_as_one(self):
        self.check_hook("form", "Turned the crank", kind="goal")

    def test_json_that_calls_itself_a_form_is_read_as_json(self):
        form = "application/x-www-form-urlencoded"
        self.post_hook(b' {"text": "From curl -d"}', headers={"content-type": form})
        self.assertEqual(Entry.objects.get().body, "From curl -d")

    def test_a_day_is_that_day_wherever_the_person_lives(self):
        self.ada.time_zone, self.ada.day_ends_at = "America/Los_Angeles", 6
        self.ada.save()
        self.sent({"text": "Turned the crank", "date": "2026-11-20"})
        self.assertEqual(str(Entry.objects.get().occurred_on), "2026-11-20")

    def test_instants_are_read_as_people_and_machines_write_them(self):
        for said, meant in (
            ("2026-11-20T09:30:00+02:00", "2026-11-20T07:30:00+00:00"),
            ("2026-11-20T09:30:00Z", "2026-11-20T09:30:00+00:00"),
            ("2026-11-20 09:30", "2026-11-20T09:30:00+00:00"),
            (1763935200, "2025-11-23T22:00:00+00:00"),
            ("1763935200.25", "2025-11-23T22:00:00+00:00"),
            (1763935200123, "2025-11-23T22:00:00+00:00"),
        ):
            with self.subTest(said):
                at = Fields({"date": said}, {}).at
                self.assertEqual(at.astimezone(UTC).isoformat(), meant)

    def test_what_cannot_be_right_is_not_guessed_at(self):
        for wrong, word in (
            ({"status": "cancelled"}, "cancelled"),
            ({"text": "line\n" * 101}, "101 lines"),
            ({"date": "last Tuesday"}, "last Tuesday"),
            ({"date": "0001-01-01T00:00:00+00:00"}, "0001"),
            ({"person": {"id": 7}}, "person || email"),
            ({"id": ["a", "b"]}, "id || external_id"),
        ):
            with self.subTest(wrong):
                self.sent({"text": "Something"} | wrong)
                receipt = self.last_receipt()
                self.assertEqual(receipt.outcome, Reason.FAILED)
                self.assertIn(word, receipt.why)
        self.assertFalse(Entry.objects.exists())

    def test_a_status_holds_for_every_line(self):
        self.sent({"text": "Paint\n! Roof", "status": "Goal"})
        self.assertEqual(
            set(Entry.objects.values_list("kind", "body")), {("goal", "Paint"), ("goal", "Roof")}
        )

    def test_a_list_of_texts_is_several_entries(self):
        self.link.config = {"text": "commits[*].title"}
        self.link.save()
        self.sent({"commits": [{"title": "One"}, {"title": "Two"}, {"sha": "c0ffee"}]})
        self.assertEqual(Entry.objects.count(), 2)

    def test_only_addresses_of_the_web_become_links(self):
        self.sent({"text": "Clicked", "url": "javascript:alert(1)"})
        self.assertEqual(Entry.objects.get().url, "")

    def test_a_field_that_is_left_empty_is_not_read(self):
        self.link.config = {"person": "", "status": ""}
        self.link.save()
        self.sent({"text": "Mine", "user": "deploy-bot", "kind": "deployment"})
        self.assertEqual(Entry.objects.get().user, self.ada)

    def test_an_expression_that_fails_on_a_body_says_so(self):
        self.link.config = {"text": "join(' ', [title, branch])"}
        self.link.save()
        self.sent({"title": "Build passed"})
        self.assertEqual(self.last_receipt().outcome, Reason.FAILED)
        self.assertIn("join", self.last_receipt().why)

    def test_expressions_that_would_multiply_a_body_are_refused(self):
        doubling = "|".join(["[@,@]"] * 30)
        quoting = "to_string([" * 4 + "@" + "])" * 4
        for greedy in (
            doubling,
            quoting,
            "join(text, names)",
            "join('" + "-" * 20 + "', names)",
            "a" * 201,
        ):
            with self.subTest(greedy):
                with self.assertRaises(Bad):
                    compiled(greedy)
                form = self.integration.form(data={"text": greedy})
                self.assertIn("text", form.errors)

    def test_an_expression_that_is_none_is_refused_by_the_form(self):
        form = self.integration.form(data={"text": "a[["})
        self.assertFalse(form.is_valid())
        self.assertEqual(
            validated(self.integration, {})["text"], "text || body || message || title"
        )

    # The link's page

    def page(self):
        self.client.force_login(self.ada)
        return self.client.get(self.link.get_absolute_url()).content.decode()

    def preview(self, **fields: str):
        self.client.force_login(self.ada)
        path = f"{self.link.get_absolute_url()}/preview"
        return self.client.post(path, fields, headers={"HX-Request": "true"})

    def test_the_page_shows_the_last_request_and_what_it_became(self):
        self.sent({"event": {"summary": "Nightly build is green"}})
        page = self.page()
        self.assertIn("&quot;summary&quot;: &quot;Nightly build is green&quot;", page)
        self.assertIn("There is no text at text || body", page)

    def test_a_preview_shows_what_the_fields_would_make_and_changes_nothing(self):
        self.sent({"event": {"summary": "Nightly build is green"}})
        shown = self.preview(text="event.summary").content.decode()
        self.assertIn("Nightly build is green", shown)
        self.assertFalse(Entry.objects.exists())
        self.link.refresh_from_db()
        self.assertEqual(self.link.config, {})

    def test_what_is_saved_behaves_as_it_was_previewed(self):
        self.client.force_login(self.ada)
        self.client.post(f"{self.link.get_absolute_url()}/edit", {"text": "event.summary"})
        self.sent({"event": {"summary": "Nightly build is green"}})
        self.assertEqual(Entry.objects.get().body, "Nightly build is green")

    def test_a_preview_names_the_expression_that_is_none(self):
        answer = self.preview(text="a[[")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("no JMESPath", answer.content.decode())
