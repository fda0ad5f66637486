from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Growing, Hook, Ignored, Reason, Rewritten
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase


class GitTest(HookTestCase):
    """Who pushes is known by the account on the server."""

    ada_uid, grace_uid = "ada", "grace"

    def read(self, name, *, config=None, **changes):
        body = {**orjson.loads(self.fixture(name)), **changes}
        return list(self.integration.read(Hook(orjson.dumps(body)), PlainLink(config=config or {})))

    def test_a_push_grows_one_entry_of_who_pushes(self):
        entry = self.check_hook("push__two_commits", "Pushed 2 commits to main of engine")
        texts = [detail.text for detail in entry.details]
        assert texts == ["Carry the tens", "Print the tables"]
        assert str(entry.occurred_on) == "2026-11-23"

    def test_whom_a_commit_names_as_its_author_decides_nothing(self):
        self.post_hook(
            orjson.dumps({**orjson.loads(self.fixture("push__two_commits")), "pusher": "grace"})
        )
        assert Entry.objects.get().user == self.grace

    def test_a_forced_push_of_the_same_work_adds_nothing(self):
        self.send("push__two_commits")
        self.send("push__forced")
        assert Entry.objects.get().details.count() == 2
        [event] = self.draft_of("push__forced")
        assert isinstance(event, Rewritten)

    def test_through_one_account_for_all_each_author_is_a_hint(self):
        adas, graces = self.draft_of("push__through_one_account")
        assert (adas.actor.name, adas.actor.email) == ("Ada Lovelace", "ada@example.org")
        assert [detail.text for detail in adas.details] == ["Oil the mill", "Oil it again"]
        assert graces.actor.email == "grace@example.org"
        assert not (adas.actor.uid or adas.actor.vouched)
        self.send("push__through_one_account")
        assert not Entry.objects.exists()

    def test_the_accounts_of_services_are_nobodys_own(self):
        for account in ("git", "root", "WWW-data", ""):
            events = self.read("push__two_commits", pusher=account)
            known = [(event.actor.uid, event.actor.email) for event in events]
            assert known == [("", "ada@example.org")], account

    def test_an_author_without_an_address_is_nobody(self):
        commits = [{"id": "1" * 40, "subject": "Oil the mill"}]
        [event] = self.read("push__through_one_account", commits=commits)
        assert event.reason == Reason.NO_PERSON

    def test_pushes_to_other_branches_count_for_who_asks_for_them(self):
        self.check_ignored("ignored__push__to_a_branch", "filtered_rule")
        [event] = self.read("ignored__push__to_a_branch", config={"places": ["wheel"]})
        assert isinstance(event, Growing)

    def test_repositories_of_the_same_name_on_two_servers_are_two(self):
        [here] = self.draft_of("push__two_commits")
        [there] = self.read("push__two_commits", server="loom.example.org")
        assert here.key == "push:mill.example.org/engine:main" != there.key

    def test_what_makes_none_says_why(self):
        for name, why in (
            ("of_a_tag", "branches"),
            ("that_deletes", "deletes"),
            ("of_merges_alone", "no new work"),
        ):
            [event] = self.draft_of(f"ignored__push__{name}")
            assert isinstance(event, Ignored) and why in event.why

    def test_a_push_of_very_many_commits_is_cut(self):
        commits = [{"id": f"{number:040x}", "subject": "x"} for number in range(1_500)]
        [event] = self.read("push__two_commits", commits=commits)
        assert len(event.details) == 1_000

    def test_what_is_missing_is_left_out(self):
        [draft] = self.read("push__two_commits", repository=None, commits=[{"id": "1" * 40}])
        assert draft.body == "Pushed {count} commit{s} to main of a repository"
        assert draft.details[0].text == "A commit without a message"

    def test_a_push_that_is_not_forced_is_no_history_written_anew(self):
        [event] = self.draft_of("push__two_commits")
        assert not isinstance(event, Rewritten)
        assert (event.actor.uid, event.actor.login) == ("ada", "ada")
