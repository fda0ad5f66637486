from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Ignored, Reason, Retract, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook


class OpenProjectTest(HookTestCase):
    def read(self, body, **config):
        return list(self.integration.read(Hook(orjson.dumps(body)), PlainLink(config=config)))

    def test_a_closed_work_package_is_a_done_of_its_assignee(self):
        entry = self.check_hook("work_package_updated__closed", "Closed “Oil the mill” (#12)")
        assert str(entry.occurred_on) == "2026-11-23"
        assert entry.url == ""

    def test_it_leads_to_where_the_link_says_that_openproject_is(self):
        for site in ("https://projects.example.org", "https://projects.example.org/"):
            [draft] = self.drafts("work_package_updated__closed", site=site)
            assert draft.url == "https://projects.example.org/work_packages/12"

    def test_one_that_is_closed_from_the_beginning_counts(self):
        [draft] = self.drafts("work_package_created__closed")
        assert draft.body == "Closed “Count the cards” (#16)"
        assert (draft.place, draft.actor.login) == ("Engines", "ada")

    def test_addresses_of_people_are_hints(self):
        [draft] = self.drafts("work_package_updated__closed")
        assert draft.actor.email == "ada@example.org" and not draft.actor.vouched

    def test_a_change_of_what_is_closed_makes_no_second_entry_and_may_rename_it(self):
        self.send("work_package_updated__closed")
        self.send("work_package_updated__renamed")
        assert Entry.objects.get().body == "Closed “Oil the mill and the crank” (#12)"

    def test_what_is_opened_again_or_rejected_takes_its_entry_back(self):
        for name, number in (("reopened", 13), ("rejected", 14)):
            body = orjson.loads(self.fixture("work_package_updated__closed"))
            body["work_package"] |= {"id": number, "updatedAt": "2026-11-20T08:00:00Z"}
            self.post_hook(orjson.dumps(body))
            assert Entry.objects.alive().count() == 1
            self.send(f"work_package_updated__{name}")
            assert not Entry.objects.alive().exists()
            assert self.last_receipt().outcome == "retracted"

    def test_what_is_rejected_says_so(self):
        ignored, retract = self.draft_of("work_package_updated__rejected")
        assert ignored.reason is Reason.FILTERED and "Rejected" in ignored.why
        assert isinstance(retract, Retract)

    def test_what_is_nobodys_or_a_groups_is_no_entry(self):
        self.check_ignored("ignored__work_package_updated__of_nobody", "no_person")
        self.check_ignored("ignored__work_package_updated__of_a_group", "no_person")

    def test_the_rest_says_why_it_makes_none(self):
        self.check_ignored("ignored__work_package_created__new", "unsupported_event")
        self.check_ignored("ignored__time_entry_created", "unsupported_event")
        assert "time_entry:created" in self.last_receipt().why

    def test_bodies_of_another_shape_are_refused_or_ignored(self):
        bodies = [{"action": 3}, {"action": "work_package:updated", "work_package": []}]
        for body in bodies:
            [event] = self.read(body)
            assert isinstance(event, Ignored)
        with self.assertRaises(Unreadable):
            self.read([])
