from __future__ import annotations

from idonethis.integrations.testing import HookTestCase


class AnvilTest(HookTestCase):
    def test_a_finished_casting_is_a_done(self):
        self.check_hook("finished", "Casting wheel 7 finished")
