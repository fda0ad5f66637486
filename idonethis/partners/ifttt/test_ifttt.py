from __future__ import annotations

from idonethis.integrations.base import Reason
from idonethis.integrations.kits.mapped.testing import LetsInByHeader
from idonethis.integrations.testing import HookTestCase


class IftttTest(LetsInByHeader, HookTestCase):
    def test_the_body_of_an_applet_is_an_entry(self):
        self.check_hook("done", "Arrived at the mill")

    def test_what_breaks_the_quotation_marks_is_refused_and_not_guessed_at(self):
        response = self.post_hook(b'{"text": "Oiled "wheel 7""}')
        self.assertEqual(response.status_code, 400)

    def test_a_field_that_the_service_left_empty_makes_nothing(self):
        self.check_ignored("ignored__empty", Reason.UNSUPPORTED)
