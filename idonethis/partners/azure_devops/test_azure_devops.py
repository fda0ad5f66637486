from __future__ import annotations

from idonethis.integrations.base import Draft, Hook, Ignored, Reason, Retitle, Retract
from idonethis.integrations.plain_link import PlainLink
from idonethis.partners.azure_devops.testing import FINISHED, MERGED, PUSH, AzureDevOpsTestCase


class AzureDevOpsTest(AzureDevOpsTestCase):
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

    def test_the_summary_of_a_link_says_what_it_logs(self):
        said = [
            self.integration.summary(PlainLink(config=config))
            for config in ({}, {"events": ["git.push"]}, {"events": []})
        ]
        assert said == ["Logs commits, pull requests, work items", "Logs commits", "Logs nothing"]

    def test_an_entry_tells_all_that_azure_devops_does(self):
        [merged], [finished], [pushed] = map(self.draft_of, (MERGED, FINISHED, PUSH))
        assert merged.occurred_at.isoformat() == "2026-11-23T15:04:05+00:00"
        assert merged.as_of.isoformat() == "2026-11-23T15:04:06+00:00"
        assert finished.as_of.isoformat() == "2026-11-23T15:04:05.120000+00:00"
        assert pushed.occurred_at.isoformat() == "2026-11-23T15:04:05.940000+00:00"
        assert merged.place == pushed.place == "main" and merged.labels == ()
        page = f"https://dev.azure.com/engines/Analytical/_git/engine/commit/{'11' * 20}"
        assert pushed.details[0].url == page and pushed.url.endswith(f"/commit/{'12' * 20}")
        assert (merged.actor.name, merged.actor.email) == ("Ada Lovelace", "ada@example.org")

    def test_labels_of_a_pull_request_are_read(self):
        body = self.body(MERGED)
        body["resource"]["labels"] = [{"name": "maintenance"}]
        assert self.read(body)[0].labels == ("maintenance",)

    def test_a_work_item_was_finished_when_its_process_says_so(self):
        body = self.body(FINISHED)
        fields = body["resource"]["revision"]["fields"]
        fields["Microsoft.VSTS.Common.ClosedDate"] = "2026-11-22T10:00:00Z"
        [draft] = self.read(body)
        assert draft.occurred_at.isoformat() == "2026-11-22T10:00:00+00:00"
        del fields["Microsoft.VSTS.Common.ClosedDate"], fields["System.ChangedDate"]
        [draft] = self.read(body)
        assert draft.occurred_at.isoformat() == "2026-11-23T15:04:06+00:00"

    def test_whatever_changes_an_entry_says_when(self):
        for name, at in (
            ("workitem.updated__reopened", "2026-11-23T15:04:05.120000+00:00"),
            ("workitem.updated__retitled", "2026-11-23T17:00:00+00:00"),
            ("workitem.deleted__deleted", "2026-11-23T16:00:00+00:00"),
        ):
            [event] = self.draft_of(name)
            assert event.as_of.isoformat() == at
        body = self.body("workitem.deleted__deleted")
        body["resource"]["fields"] = None
        assert self.read(body)[0].as_of.isoformat() == "2026-11-23T15:04:06+00:00"

    def test_a_new_title_of_what_is_not_finished_changes_nothing(self):
        body = self.body("workitem.updated__retitled")
        body["resource"]["revision"]["fields"]["System.State"] = "Doing"
        [event] = self.read(body)
        assert isinstance(event, Ignored)

    def test_a_server_of_ones_own_names_accounts_and_not_addresses(self):
        body = self.body(MERGED)
        body["resource"]["createdBy"]["uniqueName"] = "ENGINES\\ada"
        [draft] = self.read(body)
        assert (draft.actor.login, draft.actor.email) == ("ENGINES\\ada", "")

    def test_whoever_has_the_same_id_at_a_server_of_ones_own_is_somebody_else(self):
        for home in ("https://Tfs.example.org/tfs/Engines/", "https://dev.azure.com.example/x/"):
            body = self.body(FINISHED)
            body["resourceContainers"]["collection"]["baseUrl"] = home
            [draft] = self.read(body)
            assert draft.actor.uid == f"{home.split('/')[2].lower()}/1815"

    def test_people_keep_their_ids_where_an_organization_keeps_its_old_address(self):
        body = self.body(FINISHED)
        body["resourceContainers"]["collection"]["baseUrl"] = "https://engines.visualstudio.com/"
        assert self.read(body)[0].actor.uid == "1815"

    def test_without_an_address_of_the_collection_that_of_the_repository_says_whose_ids_these_are(
        self,
    ):
        body = self.body(MERGED)
        body["resourceContainers"]["collection"] = {"id": "c0000001"}
        body["resource"]["repository"]["remoteUrl"] = "https://tfs.example.org/x/_git/engine"
        assert self.read(body)[0].actor.uid == "tfs.example.org/1815"

    def test_what_is_missing_is_left_out(self):
        body = self.body(MERGED)
        body["resource"] |= {"title": None, "repository": None, "lastMergeCommit": None}
        body["resource"]["closedDate"] = None
        [draft] = self.read(body)
        assert (draft.body, draft.url, draft.stands_for) == ("Merged “untitled” (!7)", "", ())
        assert draft.occurred_at == draft.as_of
        body = self.body(FINISHED)
        body["resource"]["revision"]["fields"] = {"System.AssignedTo": "Ada"}
        [draft] = self.read(body)
        assert (draft.body, draft.url) == ("Finished the work item “untitled” (#3)", "")
        assert draft.actor.uid == "1906", "a name alone is nobody"
        body = self.body(PUSH)
        body["resource"] |= {"commits": [{"comment": 3}], "repository": {}}
        [draft] = self.read(body, places=["main"])
        assert draft.details[0].text == "A commit without a message"
        assert (draft.body, draft.url) == ("Pushed {count} commit{s} to main of a repository", "")

    def test_a_body_without_an_id_is_named_by_itself(self):
        assert len(self.integration.delivery_key(Hook(b"{}"))) == 64
