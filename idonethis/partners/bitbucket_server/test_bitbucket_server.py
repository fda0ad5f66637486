from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Growing, Hook, Reason, Retract
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase

PUSH = "repo.refs_changed__two_commits"


class BitbucketServerTest(HookTestCase):
    """People have the name of their server before their ids."""

    ada_uid = "bitbucket.example.org/1815"
    grace_uid = "bitbucket.example.org/1906"

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

    def test_whoever_has_the_same_id_at_another_server_is_somebody_else(self):
        body = self.body("pr.merged__merged")
        for thing in (body["pullRequest"], body["actor"]):
            thing["links"] = {"self": [{"href": "https://elsewhere.example.org/users/ada"}]}
        [draft] = self.read("pr.merged__merged", body)
        assert draft.actor.uid == "elsewhere.example.org/1815"

    def test_where_a_server_tells_no_address_nobody_is_taken_for_an_account(self):
        body = self.body(PUSH)
        body["repository"]["links"] = body["actor"]["links"] = None
        [draft] = self.read(PUSH, body)
        assert draft.actor.uid in ("1815", "1906")

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

    def test_the_summary_of_a_link_says_what_it_logs(self):
        said = [
            self.integration.summary(PlainLink(config=config))
            for config in ({}, {"events": ["repo.refs_changed"]}, {"events": []})
        ]
        assert said == ["Logs commits, merged pull requests", "Logs commits", "Logs nothing"]

    def test_an_entry_tells_all_that_bitbucket_does(self):
        at = "2026-11-23T15:04:05+00:00"
        [merged], [pushed] = self.draft_of("pr.merged__merged"), self.draft_of(PUSH)
        assert merged.occurred_at.isoformat() == merged.as_of.isoformat() == at
        assert pushed.occurred_at.isoformat() == at
        assert merged.place == pushed.place == "main"
        assert (merged.actor.login, merged.actor.name) == ("ada", "Ada Lovelace")
        assert pushed.details[0].url.endswith(f"/repos/engine/commits/{'11' * 20}")

    def test_a_merge_happened_when_it_was_closed_and_not_at_the_last_change(self):
        body = self.body("pr.merged__merged")
        body["pullRequest"]["updatedDate"] += 60_000
        [draft] = self.read("pr.merged__merged", body)
        assert draft.occurred_at.isoformat() == "2026-11-23T15:04:05+00:00"
        assert draft.as_of.isoformat() == "2026-11-23T15:05:05+00:00"
        body["pullRequest"] |= {"closedDate": None, "updatedDate": None}
        [draft] = self.read("pr.merged__merged", body)
        assert draft.occurred_at == draft.as_of is not None
        body["date"] = None
        body["pullRequest"]["closedDate"] = 1795446245000
        assert self.read("pr.merged__merged", body)[0].occurred_at is not None

    def test_a_new_branch_with_commits_is_work(self):
        body = self.body(PUSH)
        body["changes"][0]["type"] = "ADD"
        [draft] = self.read(PUSH, body)
        assert isinstance(draft, Growing)

    def test_pushes_and_commits_are_not_counted_together(self):
        told = self.body(PUSH)
        [counted] = self.read(PUSH, told)
        [uncounted] = self.read(PUSH, {**told, "commits": None})
        assert counted.key == "push:42:main" and uncounted.key == "pushes:42:main"

    def test_a_commit_is_known_again_when_it_is_written_anew(self):
        body = self.body(PUSH)
        body["commits"].append({**body["commits"][0], "id": "9" * 40})
        [event] = self.read(PUSH, body)
        again, _, first = event.details
        assert first.alike == again.alike != "" and first.key != again.key

    def test_what_is_missing_is_left_out(self):
        body = self.body("pr.merged__merged")
        body["pullRequest"] |= {"title": None, "id": None, "properties": None, "links": None}
        [draft] = self.read("pr.merged__merged", body)
        assert (draft.body, draft.url, draft.stands_for) == ("Merged “untitled”", "", ())
        body = {**self.body(PUSH), "commits": [{"id": "1" * 40, "message": 3}]}
        body["repository"]["links"] = None
        [draft] = self.read(PUSH, body)
        assert (draft.details[0].text, draft.url) == ("A commit without a message", "")
