from __future__ import annotations

from idonethis.integrations.base import Reason
from idonethis.integrations.testing import HookTestCase


class N8nTest(HookTestCase):
    def test_the_body_of_a_node_is_an_entry(self):
        self.check_hook("done", "Restored the backup of wheel 7")

    def test_an_item_that_is_still_running_makes_nothing(self):
        self.check_ignored("ignored__running", Reason.FAILED)

    def test_the_header_of_the_set_up_page_is_what_lets_in(self):
        shown = {"authorization": f"Bearer {self.link.signing_secret}"}
        body = self.fixture("done")
        self.assertEqual(self.post_hook(body, headers=shown, signed=False).status_code, 200)
        guessed = {"authorization": self.link.signing_secret}
        self.assertEqual(self.post_hook(body, headers=guessed, signed=False).status_code, 401)
