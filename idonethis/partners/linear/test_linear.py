from __future__ import annotations

import time

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Hook, Retitle, Retract
from idonethis.integrations.testing import HookTestCase


class LinearTest(HookTestCase):
    def test_a_completed_issue_is_a_done_of_its_assignee_whoever_moves_it(self):
        entry = self.check_hook("Issue__completed", "Completed “Oil the mill” (ENG-12)")
        assert entry.url == "https://linear.app/engines/issue/ENG-12/oil-the-mill"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_a_project_and_an_initiative_are_dones_of_who_leads_them(self):
        [project] = self.drafts("Project__completed")
        [initiative] = self.drafts("Initiative__completed")
        assert project.body == "Completed the project “Difference Engine No. 2”"
        assert initiative.body == "Completed the initiative “Print the tables”"
        assert {project.actor.uid, initiative.actor.uid} == {"1815"}

    def test_what_is_reopened_or_removed_goes_and_what_is_renamed_is_renamed(self):
        [reopened], [removed] = self.draft_of("Issue__reopened"), self.draft_of("Issue__removed")
        [retitled] = self.draft_of("Issue__retitled")
        assert isinstance(reopened, Retract) and isinstance(removed, Retract)
        assert isinstance(retitled, Retitle)
        assert retitled.body == "Completed “Oil the mill and the crank” (ENG-12)"

    def test_automations_make_no_entry_unless_the_link_wants_them(self):
        body = orjson.loads(self.fixture("Issue__completed"))
        body["data"]["assignee"] = None
        body["actor"] = {"id": "i-1", "type": "integration", "name": "GitHub"}
        self.post_hook(orjson.dumps(body), headers=self.headers_for("Issue__completed"))
        assert self.last_receipt().outcome == "bot"
        assert not Entry.objects.exists()

    def test_other_events_say_why_they_make_none(self):
        self.check_ignored("ignored__Comment__created", "unsupported_event")
        assert "Comment" in self.last_receipt().why

    def test_a_hook_that_was_signed_more_than_a_minute_ago_is_refused(self):
        said = orjson.loads(self.fixture("Issue__completed"))
        for seconds, status in ((61, 401), (50, 200)):
            said["webhookTimestamp"] = int(1000 * (time.time() - seconds))
            hook = Hook(orjson.dumps(said), self.headers_for("Issue__completed"))
            signed = self.integration.signature.sign(hook, self.link.signing_secret)
            sent = self.post_hook(hook.body, headers={**hook.headers, **signed}, signed=False)
            assert sent.status_code == status
