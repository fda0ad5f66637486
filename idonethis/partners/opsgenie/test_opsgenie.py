from __future__ import annotations

import orjson

from idonethis.integrations.base import Draft, Hook, Ignored
from idonethis.integrations.testing import HookTestCase


class OpsgenieTest(HookTestCase):
    def test_a_closed_alert_is_a_done_of_who_closed_it(self):
        entry = self.check_hook("Close", "Closed the alert “Steam is low” (#12)")
        assert entry.occurred_at.isoformat() == "2026-11-23T15:04:05.123000+00:00"

    def test_what_no_person_closed_makes_no_entry(self):
        self.check_ignored("ignored__Close__by_itself", "filtered_rule")
        body = orjson.loads(self.fixture("Close"))
        for nobody in ({"userId": None}, {"username": "System"}):
            said = body | {"alert": body["alert"] | nobody}
            [event] = self.integration.read(Hook(orjson.dumps(said)), self.link)
            assert isinstance(event, Ignored), nobody

    def test_an_address_that_others_may_write_there_proves_nothing(self):
        [draft] = self.drafts("Close")
        assert (draft.actor.email, draft.actor.vouched) == ("ada@example.org", False)

    def test_tags_are_labels(self):
        [event] = self.draft_of("Close", labels=["Mill"])
        assert isinstance(event, Draft)
        [event] = self.draft_of("Close", without=["mill"])
        assert isinstance(event, Ignored)

    def test_other_actions_say_why_they_make_none(self):
        for action in ("Create", "Acknowledge"):
            self.check_ignored(f"ignored__{action}", "unsupported_event")
            assert action in self.last_receipt().why

    def test_only_who_shows_the_secret_is_heard(self):
        body = self.fixture("Close")
        for shown, status in ((str(self.link.signing_secret), 200), ("", 401), ("wrong", 401)):
            sent = self.post_hook(body, headers={"x-idonethis-token": shown}, signed=False)
            assert sent.status_code == status
