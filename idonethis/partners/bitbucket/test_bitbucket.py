from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Growing, Hook, Reason, Rewritten
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase


class BitbucketTest(HookTestCase):
    def read(self, name, body, **config):
        hook = Hook(orjson.dumps(body), self.headers_for(name))
        return list(self.integration.read(hook, PlainLink(config=config)))

    def body(self, name):
        return orjson.loads(self.fixture(name))

    def test_a_merged_pull_request_is_its_authors_done_whoever_merges_it(self):
        entry = self.check_hook("pullrequest.fulfilled__merged", "Merged “Oil the mill” (#7)")
        assert entry.url == "https://bitbucket.org/analytical/engine/pull-requests/7"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_a_push_grows_one_entry_with_its_commits_in_their_order(self):
        entry = self.check_hook(
            "repo.push__two_commits", "Pushed 2 commits to main of analytical/engine"
        )
        texts = [detail.text for detail in entry.details]
        assert texts == ["Carry the tens", "Print the tables"]
        assert "/branches/compare/" in entry.url

    def test_the_event_is_read_as_bitbucket_writes_it(self):
        body = self.fixture("pullrequest.fulfilled__merged")
        for header in ("pullrequest:fulfilled", "pullrequest.fulfilled"):
            hook = Hook(body, {"x-event-key": header})
            assert self.integration.event(hook) == "pullrequest.fulfilled"
        [draft] = self.integration.read(
            Hook(body, {"x-event-key": "pullrequest:fulfilled"}), PlainLink()
        )
        assert draft.body == "Merged “Oil the mill” (#7)"

    def test_a_link_logs_only_the_events_it_was_asked_for(self):
        body = self.body("pullrequest.fulfilled__merged")
        [event] = self.read("pullrequest.fulfilled__merged", body, events=["repo.push"])
        assert event.why == "This link does not log merged pull requests."

    def test_the_push_of_a_merge_is_part_of_what_was_merged(self):
        self.check_one_merge("pullrequest.fulfilled__merged", "repo.push__of_the_merge")

    def test_the_push_of_a_merge_is_part_of_it_even_if_it_comes_first(self):
        self.check_one_merge("repo.push__of_the_merge", "pullrequest.fulfilled__merged")

    def check_one_merge(self, *names):
        for name in names:
            self.send(name)
        assert [e.body for e in Entry.objects.alive()] == ["Merged “Oil the mill” (#7)"]

    def test_a_forced_push_of_the_same_work_adds_nothing(self):
        self.send("repo.push__two_commits")
        self.send("repo.push__forced")
        assert Entry.objects.get().details.count() == 2
        [forced], [usual] = (
            self.draft_of("repo.push__forced"),
            self.draft_of("repo.push__two_commits"),
        )
        assert isinstance(forced, Rewritten) and not isinstance(usual, Rewritten)

    def test_pushes_to_other_branches_count_for_who_asks_for_them(self):
        self.check_ignored("ignored__repo.push__to_a_branch", "filtered_rule")
        body = self.body("ignored__repo.push__to_a_branch")
        [event] = self.read("ignored__repo.push__to_a_branch", body, places=["wheel"])
        assert isinstance(event, Growing)

    def test_where_bitbucket_says_which_branch_is_the_main_one_that_counts(self):
        body = self.body("ignored__repo.push__to_a_branch")
        body["repository"]["mainbranch"] = {"name": "wheel"}
        [event] = self.read("ignored__repo.push__to_a_branch", body)
        assert isinstance(event, Growing)

    def test_each_branch_of_a_push_is_read_by_itself(self):
        body = self.body("repo.push__two_commits")
        gone = self.body("ignored__repo.push__that_deletes")["push"]["changes"]
        body["push"]["changes"] += gone
        grown, ignored = self.read("repo.push__two_commits", body)
        assert isinstance(grown, Growing) and ignored.reason == Reason.FILTERED

    def test_a_nickname_that_anybody_can_take_is_no_login(self):
        [draft] = self.draft_of("pullrequest.fulfilled__merged")
        said = (draft.actor.uid, draft.actor.login, draft.actor.name)
        assert said == ("1815", "", "Ada Lovelace")

    def test_an_account_without_an_atlassian_id_is_known_by_its_own(self):
        body = self.body("repo.push__two_commits")
        body["actor"] = {"type": "user", "uuid": "{42}", "nickname": "ada"}
        [draft] = self.read("repo.push__two_commits", body)
        assert (draft.actor.uid, draft.actor.name) == ("{42}", "ada")

    def test_apps_are_bots(self):
        body = self.body("repo.push__two_commits")
        body["actor"]["type"] = "app_user"
        [event] = self.read("repo.push__two_commits", body)
        assert event.reason == Reason.BOT

    def test_what_nobody_is_named_for_is_not_that_of_who_made_the_link(self):
        body = self.body("pullrequest.fulfilled__merged")
        body["pullrequest"]["author"] = None
        [event] = self.read("pullrequest.fulfilled__merged", body)
        assert event.reason == Reason.NO_PERSON

    def test_what_makes_none_says_why(self):
        for name, why in (
            ("pullrequest.rejected__declined", "declined"),
            ("pullrequest.created__opened", "pullrequest.created"),
            ("repo.push__of_a_tag", "a tag"),
            ("repo.push__that_deletes", "deletes"),
        ):
            [event] = self.draft_of(f"ignored__{name}")
            assert why in event.why

    def test_the_signature_is_the_one_that_bitbucket_documents(self):
        # https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/#Secure-webhooks
        digest = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
        hook = Hook(b"Hello World!", {"x-hub-signature": f"sha256={digest}"})
        self.integration.signature.check(hook, ["It's a Secret to Everybody"])

    def test_the_summary_of_a_link_says_what_it_logs(self):
        said = [
            self.integration.summary(PlainLink(config=config))
            for config in ({}, {"events": ["repo.push"]}, {"events": []})
        ]
        assert said == ["Logs commits, merged pull requests", "Logs commits", "Logs nothing"]

    def test_an_entry_tells_all_that_bitbucket_does(self):
        at = "2026-11-23T15:04:05+00:00"
        [merged], [pushed] = (
            self.draft_of("pullrequest.fulfilled__merged"),
            self.draft_of("repo.push__two_commits"),
        )
        assert merged.occurred_at.isoformat() == merged.as_of.isoformat() == at
        assert pushed.occurred_at.isoformat() == at
        assert merged.place == pushed.place == "main"
        assert pushed.details[0].url.endswith(f"/engine/commits/{'11' * 20}")
        assert merged.key == "pullrequest:{e0000000-0000-4000-8000-000000000042}#7"

    def test_commits_of_apps_are_left_out_whoever_pushes_them(self):
        body = self.body("repo.push__two_commits")
        body["push"]["changes"][0]["commits"][0]["author"]["user"] = {"type": "app_user"}
        kept, left_out = self.read("repo.push__two_commits", body)
        assert [detail.text for detail in kept.details] == ["Carry the tens"]
        assert left_out.reason == Reason.BOT

    def test_what_is_missing_is_left_out(self):
        body = self.body("pullrequest.fulfilled__merged")
        body["repository"] = None
        body["pullrequest"] |= {"title": None, "id": None, "merge_commit": None}
        body["pullrequest"]["author"] = {"nickname": "ada"}
        [draft] = self.read("pullrequest.fulfilled__merged", body)
        assert (draft.body, draft.stands_for) == ("Merged “untitled”", ())
        assert draft.key == "pullrequest:a repository#"
        body = self.body("repo.push__two_commits")
        body["push"]["changes"][0]["commits"] = [{"hash": "1" * 40, "message": 3}]
        [draft] = self.read("repo.push__two_commits", body)
        assert draft.details[0].text == "A commit without a message"
