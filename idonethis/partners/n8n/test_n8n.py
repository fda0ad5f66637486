from __future__ import annotations

from idonethis.integrations.base import Reason
from idonethis.integrations.kits.mapped.testing import LetsInByHeader
from idonethis.integrations.testing import HookTestCase


class N8nTest(LetsInByHeader, HookTestCase):
    def test_the_body_of_a_node_is_an_entry(self):
        self.check_hook("done", "Restored the backup of wheel 7")

    def test_an_item_that_is_still_running_makes_nothing(self):
        self.check_ignored("ignored__running", Reason.FAILED)
