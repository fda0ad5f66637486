from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Growing, Hook, Reason, Retract
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase

PUSH = "repo.refs_changed__two_commits"


class BitbucketServerTest(HookTestCase):
    def read(self, name, body, **config):
        hook = Hook(orjson.dumps(body), self.headers_for(name))
        return list(self.integration.read(hook, PlainLink(config=config)))

    def body(self, name):
        return orjson.loads(self.fixture(name))

    def test_a_merged_pull_request_is_its_authors_done_whoever_merges_it(self):
        entry = self.check_hook("pr.merged__merged", "Merged “Oil the mill” (#7)")
        page = "https://bitbucket.example.org/projects/ENG/repos/engine/pull-requests/7"
        assert (entry.url, str(entry.occurred_on)) == (page, "2026-11-23")

    def test_a_push_grows_one_entry_with_its_commits_in_their_order(self):
        entry = self.check_hook(PUSH, "Pushed 2 commits to main of ENG/engine")
        texts = [detail.text for detail in entry.details]
        assert texts == ["Carry the tens", "Print the tables"]
        assert entry.url.endswith(f"/repos/engine/commits/{'12' * 20}")

    def test_of_an_old_server_that_tells_no_commits_pushes_are_counted(self):
        name = "repo.refs_changed__of_an_old_server"
        self.check_hook(name, "Pushed 1 time to master of ENG/engine")
        body = self.body(name)
        body["changes"][0]["toHash"] = "77" * 20
        self.post_hook(orjson.dumps(body), headers=self.headers_for(name))
        assert Entry.objects.get().body == "Pushed 2 times to master of ENG/engine"

    def test_of_a_push_to_several_branches_pushes_are_counted_on_each(self):
        body = self.body(PUSH)
        other = self.body("repo.refs_changed__of_an_old_server")
        body["changes"] += other["changes"]
        texts = [[detail.text for detail in draft.details] for draft in self.read(PUSH, body)]
        assert texts == [["Up to 12121212121"], ["Up to 13131313131"]]

    def test_a_new_branch_without_commits_is_no_work(self):
        body = self.body("repo.refs_changed__of_an_old_server")
        body["changes"][0]["type"] = "ADD"
        [event] = self.read(PUSH, body)
        assert "a new branch" in event.why

    def test_the_event_is_read_as_bitbucket_writes_it(self):
        hook = Hook(self.fixture("pr.merged__merged"), {"x-event-key": "pr:merged"})
        assert self.integration.event(hook) == "pr.merged"
        [draft] = self.integration.read(hook, PlainLink())
        assert draft.body == "Merged “Oil the mill” (#7)"

    def test_a_link_logs_only_the_events_it_was_asked_for(self):
        [event] = self.read(PUSH, self.body(PUSH), events=["pr.merged"])
        assert event.why == "This link does not log commits."

    def test_the_push_of_a_merge_is_part_of_what_was_merged(self):
        self.check_one_merge("pr.merged__merged", "repo.refs_changed__of_the_merge")

    def test_the_push_of_a_merge_is_part_of_it_even_if_it_comes_first(self):
        self.check_one_merge("repo.refs_changed__of_the_merge", "pr.merged__merged")

    def check_one_merge(self, *names):
        for name in names:
            self.send(name)
        assert [e.body for e in Entry.objects.alive()] == ["Merged “Oil the mill” (#7)"]

    def test_a_deleted_pull_request_takes_its_entry_back(self):
        [event] = self.draft_of("pr.deleted__deleted")
        assert isinstance(event, Retract) and event.key == "pr:42#8"
        assert event.as_of.isoformat() == "2026-11-23T16:00:00+00:00"

    def test_pushes_to_other_branches_count_for_who_asks_for_them(self):
        name = "ignored__repo.refs_changed__to_a_branch"
        self.check_ignored(name, "filtered_rule")
        [event] = self.read(name, self.body(name), places=["wheel"])
        assert isinstance(event, Growing)

    def test_service_accounts_are_bots(self):
        body = self.body(PUSH)
        body["actor"]["type"] = "SERVICE"
        [event] = self.read(PUSH, body)
        assert event.reason == Reason.BOT

    def test_what_nobody_is_named_for_is_not_that_of_who_made_the_link(self):
        body = self.body("pr.merged__merged")
        body["pullRequest"]["author"] = None
        [event] = self.read("pr.merged__merged", body)
        assert event.reason == Reason.NO_PERSON

    def test_no_address_is_vouched_for(self):
        [draft] = self.draft_of("pr.merged__merged")
        assert (draft.actor.email, draft.actor.vouched) == ("ada@example.org", False)

    def test_the_test_of_a_connection_is_a_ping(self):
        self.check_ignored("ignored__diagnostics.ping__tried", "ping")

    def test_what_makes_none_says_why(self):
        for name, why in (
            ("pr.declined__declined", "declined"),
            ("pr.opened__opened", "pr.opened"),
            ("repo.refs_changed__of_a_tag", "branches"),
            ("repo.refs_changed__that_deletes", "deletes"),
        ):
            [event] = self.draft_of(f"ignored__{name}")
            assert why in event.why
