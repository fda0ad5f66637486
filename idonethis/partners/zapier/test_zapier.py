from __future__ import annotations

from idonethis.integrations.base import Reason
from idonethis.integrations.testing import HookTestCase


class ZapierTest(HookTestCase):
    def test_the_fields_of_a_step_are_an_entry(self):
        entry = self.check_hook("done", "Signed the contract with Engines Ltd")
        self.assertEqual(entry.url, "https://crm.example.org/deals/42")

    def test_a_form_is_read_like_json(self):
        self.check_hook("form", "Call the foundry back", kind="goal")

    def test_a_field_that_the_app_left_empty_makes_nothing(self):
        self.check_ignored("ignored__empty", Reason.UNSUPPORTED)

    def test_the_header_of_the_set_up_page_is_what_lets_in(self):
        shown = {"authorization": f"Bearer {self.link.signing_secret}"}
        body = self.fixture("done")
        self.assertEqual(self.post_hook(body, headers=shown, signed=False).status_code, 200)
        guessed = {"authorization": self.link.signing_secret}
        self.assertEqual(self.post_hook(body, headers=guessed, signed=False).status_code, 401)
