from __future__ import annotations

from idonethis.integrations.base import Reason
from idonethis.integrations.testing import HookTestCase


class MakeTest(HookTestCase):
    def test_the_body_of_a_module_is_an_entry(self):
        entry = self.check_hook("done", "Paid invoice 42")
        self.assertEqual(str(entry.occurred_on), "2026-11-23")

    def test_a_mapped_value_that_is_missing_makes_nothing(self):
        self.check_ignored("ignored__empty", Reason.UNSUPPORTED)

    def test_the_header_of_the_set_up_page_is_what_lets_in(self):
        shown = {"authorization": f"Bearer {self.link.signing_secret}"}
        body = self.fixture("done")
        self.assertEqual(self.post_hook(body, headers=shown, signed=False).status_code, 200)
        guessed = {"authorization": self.link.signing_secret}
        self.assertEqual(self.post_hook(body, headers=guessed, signed=False).status_code, 401)
