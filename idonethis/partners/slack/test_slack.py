from __future__ import annotations

import json
from types import SimpleNamespace
from urllib.parse import urlencode

from django.core import signing
from django.test import override_settings
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.base import Reason
from idonethis.integrations.models import (
    CLAIM,
    IntegrationLink,
    IntegrationUser,
    PartnerApp,
    Receipt,
)
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook
from idonethis.partners.slack.posting import message

WORKSPACE = "T0ANALYTIC"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


class SlackTest(HookTestCase):
    ada_uid = f"{WORKSPACE}/U0ADA181512"
    grace_uid = f"{WORKSPACE}/U0GRACE1906"
    config = {"channel": "C0DONELOG01|done", "kinds": ["done", "goal", "blocked"]}

    def setUp(self) -> None:
        super().setUp()
        PartnerApp.objects.create(integration_type="slack").keep({"SIGNING_SECRET": SECRET})

    def make_link(self, **fields) -> IntegrationLink:
        workspace, _ = IntegrationUser.objects.get_or_create(
            integration_type="slack", uid=WORKSPACE, kind="workspace", defaults={"user": self.ada}
        )
        return super().make_link(integration_user=workspace, subject="C0DONELOG01", **fields)

    def headers_for(self, name: str) -> dict[str, str]:
        is_form = self.fixture(name)[:1] != b"{"
        kind = "application/x-www-form-urlencoded" if is_form else "application/json"
        return {"content-type": kind}

    def said(self, response) -> str:
        return json.loads(response.content)["text"]

    # Commands

    def test_done_logs_a_done_and_says_team_day_and_text_at_once(self):
        response = self.send("command__done")
        entry = Entry.objects.get()
        self.assertEqual(
            (entry.body, entry.kind, entry.user), ("shipped billing #api", "done", self.ada)
        )
        today = self.ada.today()
        day = f"{today:%a} {today.day} {today:%b}"
        self.assertEqual(
            self.said(response), f"*Done* · Analytical Engines · {day} · shipped billing #api"
        )

    def test_goal_and_blocker_log_goals_and_blockers(self):
        self.send("command__goal")
        self.send("command__blocker")
        kinds = Entry.objects.order_by("pk").values_list("kind", "body")
        self.assertEqual(list(kinds), [("goal", "write the docs"), ("blocked", "waiting for DNS")])

    def test_several_lines_are_several_entries(self):
        self.send("command__several_lines")
        bodies = Entry.objects.order_by("pk").values_list("kind", "body")
        self.assertEqual(
            list(bodies),
            [("done", "shipped billing"), ("goal", "write docs"), ("blocked", "waiting for <DNS>")],
        )

    def test_pressing_enter_twice_logs_once(self):
        self.send("command__done")
        self.send("command__done")
        self.assertEqual(Entry.objects.count(), 1)

    def test_a_command_without_text_shows_help(self):
        self.assertIn(
            "`/done shipped billing #api`", self.said(self.send("ignored__command_without_text"))
        )
        self.assertFalse(Entry.objects.exists())

    def test_undo_takes_back_what_the_command_logged_but_only_for_who_typed_it(self):
        receipt = json.loads(self.send("command__several_lines").content)
        button = receipt["blocks"][1]["elements"][0]
        self.press(button, "U0GRACE1906")
        self.assertEqual(Entry.objects.alive().count(), 3)
        self.press(button, "U0ADA181512")
        self.assertEqual(Entry.objects.alive().count(), 0)

    def press(self, button, person: str) -> None:
        payload = {
            "type": "block_actions",
            "team": {"id": WORKSPACE},
            "user": {"id": person, "username": "x"},
            "channel": {"id": "C0DONELOG01"},
            "trigger_id": f"press-{person}",
            "actions": [{"action_id": button["action_id"], "value": button["value"]}],
        }
        body = urlencode({"payload": json.dumps(payload)}).encode()
        self.post_hook(body, headers={"content-type": "application/x-www-form-urlencoded"})

    def test_a_stranger_gets_a_link_and_then_what_they_typed_is_logged(self):
        IntegrationUser.objects.filter(uid=self.grace_uid).delete()
        body = self.fixture("command__done").replace(b"U0ADA181512", b"U0GRACE1906")
        response = self.post_hook(
            body, headers={"content-type": "application/x-www-form-urlencoded"}
        )
        self.assertFalse(Entry.objects.exists())
        url = self.said(response).partition("<")[2].partition("|")[0]
        self.client.force_login(self.grace)
        self.assertEqual(self.client.get(url).status_code, 200)
        self.client.post(url)
        while Receipt.drain():
            pass
        entry = Entry.objects.get()
        self.assertEqual((entry.user, entry.body), (self.grace, "shipped billing #api"))

    def test_a_claim_is_signed_and_never_takes_over_another_person(self):
        forged = signing.dumps(
            {"type": "slack", "uid": self.ada_uid, "login": "", "name": ""}, salt="x"
        )
        self.client.force_login(self.mallory)
        self.assertEqual(self.client.get(f"/integrations/claim/{forged}").status_code, 400)
        genuine = signing.dumps(
            {"type": "slack", "uid": self.ada_uid, "login": "", "name": ""}, salt=CLAIM
        )
        self.assertEqual(self.client.post(f"/integrations/claim/{genuine}").status_code, 400)
        self.assertEqual(IntegrationUser.objects.get(uid=self.ada_uid).user, self.ada)

    def test_an_unlinked_workspace_is_told_so(self):
        self.link.remove()
        self.assertIn("No team is linked", self.said(self.send("command__done")))
        self.assertEqual(self.last_receipt().outcome, Reason.NO_LINK)

    # Shortcut

    def test_log_this_logs_the_message_of_who_pressed_it(self):
        entry = self.check_hook("message_action__log_this", "Fixed the roof with ada & tar")
        self.assertEqual(
            entry.url, "https://analytical.slack.com/archives/C0GENERAL01/p1764000131000200"
        )

    # Genuine or not

    def test_forged_stale_and_unsigned_requests_leave_nothing(self):
        body, form = self.fixture("command__done"), "application/x-www-form-urlencoded"
        old = timezone.now() - timezone.timedelta(seconds=301)
        stale = self.integration.signature.sign(Hook(body, received_at=old), SECRET)
        for headers in ({}, {"x-slack-signature": "v0=0"}, stale):
            response = self.post_hook(body, headers={"content-type": form} | headers, signed=False)
            self.assertEqual(response.status_code, 401)
        self.assertFalse(Receipt.objects.exists())

    def test_without_a_signing_secret_nothing_is_genuine(self):
        PartnerApp.objects.all().delete()
        self.assertEqual(self.send("command__done").status_code, 401)

    def test_the_challenge_is_echoed(self):
        response = self.send("ignored__url_verification")
        self.assertEqual(response.content, b"3eZbrw1aB10FE")

    # The app goes

    def test_an_uninstalled_app_and_revoked_tokens_ask_for_a_reconnect(self):
        for name in ("revoked__app_uninstalled", "revoked__tokens_revoked"):
            with self.subTest(name):
                IntegrationLink.objects.update(state="active")
                self.send(name)
                self.link.refresh_from_db()
                self.assertEqual(self.link.state, "needs_reconnect")

    def test_a_message_nobody_asked_for_is_ignored_in_words(self):
        self.check_ignored("ignored__message", Reason.UNSUPPORTED)
        self.assertIn("message", self.last_receipt().why)

    # Out

    def test_nobodys_text_can_call_a_channel(self):
        hostile = "<!channel> & <@U1> *bold* 😀 שלום"
        entry = SimpleNamespace(
            kind="done", user="<!here>", body=hostile, url="https://x.org/a|b", completed_on=None
        )
        text = message(entry)["text"]
        self.assertNotIn("<!", text)
        self.assertIn("&lt;!channel&gt; &amp; &lt;@U1&gt; *bold* 😀 שלום", text)
        self.assertIn("<https://x.org/a%7Cb|open>", text)

    def test_what_came_from_slack_is_not_posted_by_the_same_link(self):
        self.send("command__done")
        self.assertFalse(self.link.deliveries.exists())

    def test_the_link_has_a_name_and_a_summary_even_when_it_is_empty(self):
        self.assertEqual(self.link.short_name, "#done")
        self.assertEqual(
            self.link.summary,
            "/done, /goal and /blocker work; dones, goals, blockers are posted to #done.",
        )
        self.link.config, self.link.subject = {}, ""
        self.assertLessEqual(len(self.link.summary), 80)

    @override_settings(BASE_URL="https://log.example.org")
    def test_the_manifest_names_our_addresses(self):
        text = self.integration.manifest("b", "https://log.example.org/hook", "https://cb")
        made = json.loads(text)
        self.assertEqual(made["oauth_config"]["redirect_urls"], ["https://cb"])
        urls = {command["url"] for command in made["features"]["slash_commands"]}
        self.assertEqual(urls, {"https://log.example.org/hook"})
