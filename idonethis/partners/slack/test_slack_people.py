from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.base import Reason
from idonethis.integrations.models import IntegrationLink, IntegrationUser, PartnerApp, Receipt
from idonethis.integrations.values import Hook
from idonethis.partners.slack.testing import FORM, GRACE, SECRET, SlackTestCase
from idonethis.teams.models import Membership


class UnknownTest(SlackTestCase):
    def setUp(self) -> None:
        super().setUp()
        IntegrationUser.objects.filter(uid=self.grace_uid).delete()

    def claim(self, message) -> str:
        return message["text"].partition("<")[2].partition("|")[0]

    def test_a_stranger_is_told_that_nothing_is_lost(self):
        answer = self.type("found a moth", user_id=GRACE, user_name="grace")
        self.assertEqual(answer["response_type"], "ephemeral")
        self.assertIn("What you sent is kept.", answer["text"])
        self.assertEqual(self.log(), [])

    def test_once_they_say_who_they_are_it_is_logged_on_its_own_day(self):
        yesterday = timezone.now() - timedelta(days=1)
        self.arrive(self.typed(text="found a moth", user_id=GRACE), yesterday)
        url = self.claim(self.type("moved it", user_id=GRACE, user_name="grace"))
        self.client.force_login(self.grace)
        self.assertEqual(self.client.get(url).status_code, 200)
        self.client.post(url)
        while Receipt.drain():
            pass
        days = dict(Entry.objects.filter(user=self.grace).values_list("body", "occurred_on"))
        expected = {
            "found a moth": self.grace.day_of(yesterday),
            "moved it": self.grace.day_of(timezone.now()),
        }
        self.assertEqual(days, expected)

    def test_from_then_on_they_are_known(self):
        self.client.force_login(self.grace)
        self.client.post(self.claim(self.type("found a moth", user_id=GRACE)))
        answer = self.type("moved it", user_id=GRACE)
        self.assertIn("Done: moved it", answer["text"])

    def test_the_same_person_in_another_workspace_is_a_stranger(self):
        answer = self.type("elsewhere", team_id="T0OTHER0001")
        self.assertIn("no team is linked to this workspace", answer["text"])
        self.assertEqual(self.last_receipt().outcome, Reason.NO_LINK)


class RefusedTest(SlackTestCase):
    def test_a_workspace_without_a_link_hears_what_an_admin_can_do(self):
        self.link.remove()
        answer = self.says(self.send("command__done"))
        self.assertIn("An admin of a team can link it", answer["text"])
        self.assertEqual(self.last_receipt().outcome, Reason.NO_LINK)

    def test_an_observer_hears_that_they_do_not_write_here(self):
        Membership.objects.filter(user=self.ada).update(role=Membership.Role.OBSERVER)
        answer = self.says(self.send("command__done"))
        self.assertIn("Ask one of its admins to add you", answer["text"])
        self.assertEqual(self.last_receipt().outcome, Reason.NOT_IN_TEAM)

    def test_a_paused_link_says_so_and_keeps_what_was_typed(self):
        self.link.pause()
        answer = self.says(self.send("command__done"))
        self.assertIn("has paused Slack", answer["text"])
        self.link.resume()
        Receipt.objects.all().replay()
        Receipt.drain()
        self.assertEqual(self.log(), [("done", "shipped billing #api")])

    def test_a_hostile_name_of_a_team_calls_nobody(self):
        self.team.name = "<!channel>"
        self.team.save()
        self.assertNotIn("<!", self.says(self.send("command__done"))["text"])


class GenuineTest(SlackTestCase):
    def refused(self, headers, body: bytes | None = None) -> None:
        body = body or self.fixture("command__done")
        response = self.post_hook(body, headers=FORM | headers, signed=False)
        self.assertEqual(response.status_code, 401)
        self.assertFalse(Receipt.objects.exists())

    def signed(self, seconds: int = 0, secret: str = SECRET) -> dict[str, str]:
        at = timezone.now() + timedelta(seconds=seconds)
        hook = Hook(self.fixture("command__done"), received_at=at)
        return self.integration.signature.sign(hook, secret)

    def test_unsigned_forged_and_stale_requests_leave_nothing(self):
        self.refused({})
        self.refused(self.signed(secret="guessed"))
        self.refused(self.signed(seconds=-310))
        self.refused(self.signed(seconds=310))

    def test_a_signature_is_good_for_one_body_and_one_time(self):
        self.refused(self.signed(), body=self.typed(text="something else"))
        now = str(int(timezone.now().timestamp()) - 7)
        self.refused(self.signed() | {"x-slack-request-timestamp": now})

    def test_the_verification_token_of_old_proves_nothing(self):
        self.assertIn(b"token=legacyVerificationTkn01", self.fixture("command__done"))
        PartnerApp.objects.get().keep({"SIGNING_SECRET": "legacyVerificationTkn01"})
        self.refused({"authorization": "Bearer legacyVerificationTkn01"})

    def test_without_a_signing_secret_nothing_is_genuine(self):
        PartnerApp.objects.all().delete()
        self.refused(self.signed())

    def test_the_signature_that_slack_documents_is_the_one_we_compute(self):
        body = (
            b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
            b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
            b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
            b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        )
        headers = {"x-slack-request-timestamp": "1531420618"}
        hook = Hook(body, headers, received_at=datetime.fromtimestamp(1531420618, UTC))
        signed = self.integration.signature.sign(hook, "8f742231b10e8888abcd99yyyzzz85a5")
        self.assertEqual(
            signed["x-slack-signature"],
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        )

    def test_the_challenge_is_echoed_when_it_is_signed_and_not_stored(self):
        response = self.send("ignored__url_verification")
        self.assertEqual(response.content, b"3eZbrw1aB10FEMAGAZd4FyFQ")
        self.assertFalse(Receipt.objects.exists())
        unsigned = self.fixture("ignored__url_verification")
        self.refused({"content-type": "application/json"}, unsigned)

    def test_a_look_at_the_certificate_is_answered_and_not_stored(self):
        response = self.post_hook(b"ssl_check=1&token=legacyVerificationTkn01", headers=FORM)
        self.assertEqual((response.status_code, response.content), (200, b""))
        self.assertFalse(Receipt.objects.exists())

    def test_what_is_no_object_is_refused_as_unreadable(self):
        for body in (b"[]", b"7", b"{", b""):
            self.assertEqual(self.post_hook(body).status_code, 400)
        self.assertEqual(self.post_hook(b"payload=[]", headers=FORM).status_code, 400)
        self.assertFalse(Receipt.objects.exists())


class AnOperatorsLinkTest(SlackTestCase):
    """A link made by a command, without a workspace that has let us in."""

    def test_hears_known_members_of_its_team_and_nobody_else(self):
        IntegrationLink.objects.update(integration_user=None, subject="")
        self.type("shipped billing")
        self.assertEqual(Entry.objects.get().user, self.ada)
        IntegrationUser.objects.filter(kind="user").update(user=self.mallory)
        self.type("spied on billing")
        self.assertEqual(Entry.objects.count(), 1)
        self.assertEqual(self.last_receipt().outcome, Reason.NO_LINK)
