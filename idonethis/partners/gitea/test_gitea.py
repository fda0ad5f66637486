from __future__ import annotations

from idonethis.integrations.base import Hook, Reason, Retitle, Retract, Secret
from idonethis.integrations.plain_link import PlainLink
from idonethis.partners.gitea.testing import GiteaTestCase


class GiteaTest(GiteaTestCase):
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

    def test_a_release_is_its_authors_done_and_goes_when_it_is_deleted(self):
        self.check_hook("release__published", "Released v1.2 of analytical/engine")
        [gone] = self.draft_of("release__deleted")
        assert isinstance(gone, Retract) and gone.as_of
        [draft] = self.draft_of("release__published")
        assert draft.as_of is None, "so it never comes back after it was deleted"

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

    def test_the_summary_of_a_link_says_what_it_logs(self):
        said = [
            self.integration.summary(PlainLink(config=config))
            for config in ({}, {"events": ["push"]}, {"events": []})
        ]
        assert said == [
            "Logs commits, merged pull requests, issues, releases",
            "Logs commits",
            "Logs nothing",
        ]

    def test_an_entry_tells_all_that_the_server_does(self):
        at = "2026-11-23T15:04:05+00:00"
        for name, url, as_of in (
            ("pull_request__merged", "/pulls/7", at),
            ("issues__closed", "/issues/3", at),
            ("release__published", "/releases/tag/v1.2", None),
        ):
            [draft] = self.draft_of(name)
            assert draft.url == f"https://git.example.org/analytical/engine{url}"
            assert draft.occurred_at.isoformat() == at, name
            assert (draft.as_of and draft.as_of.isoformat()) == as_of, name
        [issue] = self.draft_of("issues__closed")
        assert issue.labels == ("maintenance",)
        [pushed] = self.draft_of("push__two_commits")
        assert pushed.occurred_at.isoformat() == at and "/compare/" in pushed.url
        assert pushed.details[0].url.endswith(f"/commit/{'11' * 20}")

    def test_a_bot_among_the_assignees_does_not_count(self):
        bot, ada = {"id": -2, "login": "gitea-actions"}, {"id": 1815, "login": "ada"}
        for assignees, uid in (([bot, ada], self.ada_uid), ([bot], self.grace_uid)):
            [draft] = self.read("issues__closed", issue={"assignees": assignees})
            assert draft.actor.uid == uid

    def test_a_release_is_known_by_its_id_else_by_its_tag(self):
        for number, key in ((20, "20"), (None, "v1.2")):
            [draft] = self.read("release__published", release={"id": number})
            assert draft.key == f"release:git.example.org/42:{key}"

    def test_an_event_without_an_action_says_so(self):
        [event] = self.read("issues__closed", action=None)
        assert event.why.endswith("this event is without a name.")

    def test_what_is_missing_is_left_out(self):
        bare = {"number": None, "title": None, "html_url": None, "merge_commit_sha": None}
        [draft] = self.read("pull_request__merged", pull_request=bare, repository={})
        assert (draft.body, draft.url, draft.stands_for) == ("Merged “untitled”", "", ())
        nowhere = {"html_url": None, "full_name": None, "id": None}
        [draft] = self.read("release__published", release={"tag_name": None}, repository=nowhere)
        assert draft.body == "Released a version of a repository"
        assert draft.key == "release:a repository:20"
        [draft] = self.read("push__two_commits", commits=[{"message": 3}])
        assert draft.details[0].text == "A commit without a message"
