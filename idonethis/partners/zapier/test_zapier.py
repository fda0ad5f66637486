from __future__ import annotations

from idonethis.integrations.base import Reason
from idonethis.integrations.kits.mapped.testing import LetsInByHeader
from idonethis.integrations.testing import HookTestCase


class ZapierTest(LetsInByHeader, HookTestCase):
    def test_the_fields_of_a_step_are_an_entry(self):
        entry = self.check_hook("done", "Signed the contract with Engines Ltd")
        self.assertEqual(entry.url, "https://crm.example.org/deals/42")

    def test_a_form_is_read_like_json(self):
        self.check_hook("form", "Call the foundry back", kind="goal")

    def test_a_field_that_the_app_left_empty_makes_nothing(self):
        self.check_ignored("ignored__empty", Reason.UNSUPPORTED)
