from __future__ import annotations

from urllib.parse import urlencode

import orjson
from allauth.account.models import EmailAddress

from idonethis.commands.links import validated
from idonethis.entries.models import Entry
from idonethis.integrations.base import Reason
from idonethis.integrations.models import Receipt
from idonethis.integrations.testing import HookTestCase

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

    def test_an_expression_that_is_none_is_refused_by_the_form(self):
        form = self.integration.link_form(data={"text": "a[["})
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
