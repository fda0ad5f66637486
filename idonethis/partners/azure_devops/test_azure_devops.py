from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Growing, Hook, Ignored, Reason, Retitle, Retract
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase

PUSH, MERGED = "git.push__two_commits", "git.pullrequest.merged__completed"
FINISHED = "workitem.updated__finished"


class AzureDevOpsTest(HookTestCase):
    def read(self, body, **config):
        return list(self.integration.read(Hook(orjson.dumps(body)), PlainLink(config=config)))

    def body(self, name):
        return orjson.loads(self.fixture(name))

    def test_a_completed_pull_request_is_its_authors_done_whoever_completes_it(self):
        entry = self.check_hook(MERGED, "Merged “Oil the mill” (!7)")
        assert entry.url == "https://dev.azure.com/engines/Analytical/_git/engine/pullrequest/7"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_an_update_that_completes_it_is_the_same(self):
        [draft] = self.draft_of("git.pullrequest.updated__completed")
        assert isinstance(draft, Draft) and draft.body == "Merged “Count the teeth” (!9)"

    def test_an_attempt_to_merge_and_an_abandoned_one_make_none(self):
        for name, status in (("merged__attempted", "active"), ("updated__abandoned", "abandoned")):
            [event] = self.draft_of(f"ignored__git.pullrequest.{name}")
            assert event.why == f"The pull request is not completed: it is {status}."

    def test_what_the_test_button_sends_is_a_ping(self):
        self.check_ignored("ignored__git.pullrequest.merged__example", "ping")

    def test_a_finished_work_item_is_its_assignees_whoever_moves_it(self):
        entry = self.check_hook(FINISHED, "Finished the task “Mend the crank” (#3)")
        assert entry.url == "https://dev.azure.com/engines/Analytical/_workitems/edit/3"

    def test_without_an_assignee_it_is_of_who_moves_it(self):
        body = self.body(FINISHED)
        body["resource"]["revision"]["fields"]["System.AssignedTo"] = None
        [draft] = self.read(body)
        assert draft.actor.uid == "1906"

    def test_an_assignee_named_by_address_is_known_if_it_is_who_moves_it(self):
        body = self.body("workitem.updated__named_by_address")
        assert self.read(body)[0].actor.uid == "1906"
        body["resource"]["revision"]["fields"]["System.AssignedTo"] = "Ada L. <ada@example.org>"
        actor = self.read(body)[0].actor
        assert (actor.uid, actor.name, actor.email) == ("", "Ada L.", "ada@example.org")
        assert not actor.vouched

    def test_what_leaves_its_finished_state_or_is_deleted_goes_and_a_new_title_renames(self):
        [reopened], [deleted] = (
            self.draft_of("workitem.updated__reopened"),
            self.draft_of("workitem.deleted__deleted"),
        )
        assert isinstance(reopened, Retract) and isinstance(deleted, Retract)
        assert deleted.key == "work_item:c0000001:11" and deleted.as_of
        [retitled] = self.draft_of("workitem.updated__retitled")
        assert isinstance(retitled, Retitle)
        assert retitled.body == "Finished the task “Mend the crank and the axle” (#3)"

    def test_from_one_finished_state_to_another_is_no_news(self):
        body = self.body(FINISHED)
        body["resource"]["fields"]["System.State"] = {"oldValue": "Closed", "newValue": "Done"}
        [event] = self.read(body)
        assert isinstance(event, Ignored)

    def test_which_states_are_finished_is_for_the_link_to_say(self):
        body = self.body("ignored__workitem.updated__moved")
        [event] = self.read(body, states="Doing , Shipped")
        assert isinstance(event, Draft)

    def test_tags_are_labels(self):
        [draft] = self.draft_of(FINISHED)
        assert draft.labels == ("maintenance", "brass")

    def test_a_push_grows_one_entry_with_its_commits_in_their_order(self):
        entry = self.check_hook(PUSH, "Pushed 2 commits to main of Analytical/engine")
        texts = [detail.text for detail in entry.details]
        assert texts == ["Carry the tens", "Print the tables"]

    def test_the_push_of_a_merge_is_part_of_what_was_merged(self):
        self.check_one_merge("git.pullrequest.merged__completed", "git.push__of_the_merge")

    def test_the_push_of_a_merge_is_part_of_it_even_if_it_comes_first(self):
        self.check_one_merge("git.push__of_the_merge", "git.pullrequest.merged__completed")

    def check_one_merge(self, *names):
        for name in names:
            self.send(name)
        assert [e.body for e in Entry.objects.alive()] == ["Merged “Oil the mill” (!7)"]

    def test_of_a_push_to_several_branches_the_default_one_counts(self):
        body = self.body("ignored__git.push__to_a_branch")
        main = self.body(PUSH)["resource"]["refUpdates"]
        body["resource"]["refUpdates"] += main
        [event] = self.read(body)
        assert isinstance(event, Growing) and event.place == "main"

    def test_pushes_to_other_branches_count_for_who_asks_for_them(self):
        name = "ignored__git.push__to_a_branch"
        self.check_ignored(name, "filtered_rule")
        [event] = self.read(self.body(name), places=["wheel"])
        assert isinstance(event, Growing)

    def test_a_link_logs_only_the_events_it_was_asked_for(self):
        [event] = self.read(self.body(FINISHED), events=["git.push", "git.pullrequest"])
        assert event.why == "This link does not log work items."

    def test_build_services_are_bots(self):
        body = self.body(PUSH)
        body["resource"]["pushedBy"]["descriptor"] = "svc.QnVpbGQ"
        [event] = self.read(body)
        assert event.reason == Reason.BOT

    def test_what_nobody_is_named_for_is_not_that_of_who_made_the_link(self):
        body = self.body(MERGED)
        body["resource"]["createdBy"] = None
        [event] = self.read(body)
        assert event.reason == Reason.NO_PERSON

    def test_an_event_that_is_sent_again_is_one_delivery(self):
        assert self.integration.delivery_key(Hook(self.fixture(MERGED))) == "ev-0001"

    def test_what_makes_none_says_why(self):
        for name, why in (
            ("workitem.updated__moved", "once it is finished"),
            ("workitem.commented__made", "workitem.commented"),
            ("git.push__of_a_tag", "branches"),
            ("git.push__that_deletes", "deletes"),
        ):
            [event] = self.draft_of(f"ignored__{name}")
            assert why in event.why
