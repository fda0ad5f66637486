from __future__ import annotations

from idonethis.integrations.base import Reason
from idonethis.integrations.kits.mapped.testing import LetsInByHeader
from idonethis.integrations.testing import HookTestCase


class MakeTest(LetsInByHeader, HookTestCase):
    def test_the_body_of_a_module_is_an_entry(self):
        entry = self.check_hook("done", "Paid invoice 42")
        self.assertEqual(str(entry.occurred_on), "2026-11-23")

    def test_a_mapped_value_that_is_missing_makes_nothing(self):
        self.check_ignored("ignored__empty", Reason.UNSUPPORTED)
