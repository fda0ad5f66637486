from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Growing, Hook, Reason, Retitle, Retract, Secret
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase


class GiteaTest(HookTestCase):
    """People have the name of their server before their ids."""

    ada_uid = "git.example.org/1815"
    grace_uid = "git.example.org/1906"

    def read(self, name, *, config=None, **parts):
        """What becomes of a fixture of which these parts are changed."""
        body = orjson.loads(self.fixture(name))
        for part, changes in parts.items():
            old = body.get(part)
            body[part] = {**old, **changes} if isinstance(changes, dict) and old else changes
        hook = Hook(orjson.dumps(body), self.headers_for(name))
        return list(self.integration.read(hook, PlainLink(config=config or {})))

    def test_a_merged_pull_request_is_its_authors_done_whoever_merges_it(self):
        entry = self.check_hook("pull_request__merged", "Merged “Oil the mill” (#7)")
        assert entry.url == "https://git.example.org/analytical/engine/pulls/7"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_a_closed_issue_is_of_its_only_assignee_else_of_who_closes_it(self):
        self.check_hook("issues__closed", "Closed “The crank squeaks” (#3)")
        two = [{"id": 1815, "login": "ada"}, {"id": 1, "login": "mallory"}]
        for assignees in (None, two):
            [draft] = self.read("issues__closed", issue={"assignees": assignees})
            assert draft.actor.uid == self.grace_uid

    def test_an_old_server_tells_no_page_of_an_issue_but_it_is_known(self):
        [draft] = self.read("issues__closed", issue={"html_url": None})
        assert draft.url == "https://git.example.org/analytical/engine/issues/3"

    def test_what_is_reopened_or_deleted_goes_and_what_is_renamed_is_renamed(self):
        [reopened], [deleted] = self.draft_of("issues__reopened"), self.draft_of("issues__deleted")
        assert isinstance(reopened, Retract) and isinstance(deleted, Retract) and deleted.as_of
        [issue], [pull] = self.draft_of("issues__retitled"), self.draft_of("pull_request__retitled")
        assert isinstance(issue, Retitle) and isinstance(pull, Retitle)
        assert pull.body == "Merged “Oil the mill and the crank” (#7)" and pull.as_of

    def test_a_push_grows_one_entry_with_its_commits_in_their_order(self):
        entry = self.check_hook(
            "push__two_commits", "Pushed 2 commits to main of analytical/engine"
        )
        texts = [detail.text for detail in entry.details]
        assert texts == ["Carry the tens", "Print the tables"]

    def test_the_push_of_a_merge_is_part_of_what_was_merged(self):
        self.check_one_merge("pull_request__merged", "push__of_the_merge")

    def test_the_push_of_a_merge_is_part_of_it_even_if_it_comes_first(self):
        self.check_one_merge("push__of_the_merge", "pull_request__merged")

    def check_one_merge(self, *names):
        for name in names:
            self.send(name)
        assert [e.body for e in Entry.objects.alive()] == ["Merged “Oil the mill” (#7)"]

    def test_pushes_to_other_branches_count_for_who_asks_for_them(self):
        self.check_ignored("ignored__push__to_a_branch", "filtered_rule")
        [event] = self.read("ignored__push__to_a_branch", config={"places": ["wheel"]})
        assert isinstance(event, Growing)

    def test_a_release_is_its_authors_done_and_goes_when_it_is_deleted(self):
        self.check_hook("release__published", "Released v1.2 of analytical/engine")
        [gone] = self.draft_of("release__deleted")
        assert isinstance(gone, Retract) and gone.as_of
        [draft] = self.draft_of("release__published")
        assert draft.as_of is None, "so it never comes back after it was deleted"

    def test_actions_are_bots_and_so_are_their_commits(self):
        for login in ("gitea-actions", "forgejo-actions", "renovate[bot]"):
            [event] = self.read("push__two_commits", sender={"id": -2, "login": login})
            assert event.reason == Reason.BOT
        commits = orjson.loads(self.fixture("push__two_commits"))["commits"]
        commits[0]["author"]["username"] = "forgejo-actions"
        kept, left_out = self.read("push__two_commits", commits=commits)
        assert [detail.text for detail in kept.details] == ["Carry the tens"]
        assert left_out.reason == Reason.BOT

    def test_the_work_of_a_deleted_account_is_not_that_of_who_made_the_link(self):
        for user in (None, {"id": -1, "login": "Ghost"}):
            [event] = self.read("pull_request__merged", pull_request={"user": user})
            assert event.reason == Reason.NO_PERSON

    def test_people_and_things_have_the_name_of_their_server_before_them(self):
        other = {"html_url": "https://codeberg.org/analytical/engine"}
        [draft] = self.read("pull_request__merged", repository=other)
        assert draft.actor.uid == "codeberg.org/1815"
        assert draft.key == "pull_request:codeberg.org/42#7"

    def test_no_address_is_vouched_for(self):
        [draft] = self.draft_of("pull_request__merged")
        assert (draft.actor.email, draft.actor.vouched) == ("ada@example.org", False)

    def test_a_pull_request_has_its_branch_and_its_labels(self):
        [draft] = self.draft_of("pull_request__merged")
        assert (draft.place, draft.labels) == ("main", ("maintenance",))

    def test_each_header_with_the_signature_does(self):
        hook, secret = Hook(b"{}"), Secret("a secret")
        for way in self.integration.signature.ways:
            signed = Hook(b"{}", way.sign(hook, secret))
            self.integration.signature.check(signed, [secret])
        headers = {name for way in self.integration.signature.ways for name in way.sign(hook, "x")}
        assert headers == {"x-gitea-signature", "x-forgejo-signature", "x-hub-signature-256"}

    def test_what_makes_none_says_why(self):
        for name, why in (
            ("pull_request__closed", "without being merged"),
            ("pull_request__opened", "this event is “opened”"),
            ("pull_request__reworded", "only a new title"),
            ("push__of_a_tag", "a tag"),
            ("push__that_deletes", "deletes"),
            ("release__draft", "a draft"),
            ("fork__made", "“fork”"),
        ):
            [event] = self.draft_of(f"ignored__{name}")
            assert why in event.why
