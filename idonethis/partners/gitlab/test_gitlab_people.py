from __future__ import annotations

from idonethis.entries.models import Entry
from idonethis.integrations.base import Hook, Reason
from idonethis.partners.gitlab.testing import GitLabTestCase


class GitLabPeople(GitLabTestCase):
    def test_a_merged_merge_request_is_its_authors_done_whoever_merges_it(self):
        entry = self.check_hook("merge_request__merged", "Merged “Oil the mill” (!7)")
        assert entry.url == "https://gitlab.com/analytical/engine/-/merge_requests/7"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_an_author_whom_the_body_does_not_name_is_known_by_the_number(self):
        [draft] = self.read("merge_request__merged", assignees=[])
        assert (draft.actor.uid, draft.actor.called) == ("1815", "")
        assert draft.labels == ("maintenance",) and draft.place == "main"

    def test_a_closed_issue_is_of_its_only_assignee_else_of_who_closes_it(self):
        self.check_hook("issue__closed", "Closed “The crank squeaks” (#3)")
        two = [{"id": 1815, "username": "ada"}, {"id": 1, "username": "mallory"}]
        for assignees in ([], two):
            [draft] = self.read("issue__closed", assignees=assignees)
            assert draft.actor.uid == "1906"

    def test_a_release_is_of_who_made_the_link_since_gitlab_names_nobody(self):
        entry = self.check_hook("release__created", "Released v1.2 of analytical/engine")
        assert entry.user == self.link.user

    def test_the_account_of_an_access_token_is_a_bot(self):
        for login in ("project_42_bot_4ffca233d8298ea1", "group_7_bot", "service_account_x1"):
            [event] = self.read("push__two_commits", user_username=login)
            assert event.reason == Reason.BOT

    def test_on_a_server_of_ones_own_people_and_things_have_its_name_before_them(self):
        project = {"id": 42, "web_url": "https://git.example.org/analytical/engine"}
        [draft] = self.read("merge_request__merged", project=project)
        assert draft.actor.uid == "git.example.org/1815"
        assert draft.key == "merge_request:git.example.org/700"

    def test_no_address_is_vouched_for_and_a_redacted_one_is_none(self):
        [event] = self.read("issue__closed", assignees=[])
        assert (event.actor.email, event.actor.vouched) == ("grace@example.org", False)
        [event] = self.draft_of("issue__closed")
        assert event.actor.email == ""

    def test_what_nobody_is_named_for_is_not_that_of_who_made_the_link(self):
        [event] = self.read("issue__closed", assignees=[], user=None)
        assert event.reason == Reason.NO_PERSON

    def test_it_takes_the_secret_as_a_token_but_never_in_place_of_a_wrong_signature(self):
        token = {"X-Gitlab-Token": str(self.link.signing_secret)}
        forged = {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
        body = self.fixture("issue__closed")
        assert self.post_hook(body, headers=token | forged, signed=False).status_code == 401
        assert not Entry.objects.exists()
        assert self.post_hook(body, headers=token, signed=False).status_code == 200
        assert Entry.objects.count() == 1

    def test_the_secret_of_a_link_is_one_that_gitlab_takes_as_a_signing_token(self):
        assert self.integration.new_secret().startswith("whsec_")

    def test_a_hook_that_is_tried_again_is_one_delivery(self):
        hook = Hook(b"{}", {"idempotency-key": "once"})
        assert self.integration.delivery_key(hook) == "once"

    def test_people_have_the_names_that_gitlab_gives_them(self):
        [draft] = self.draft_of("issue__closed")
        assert (draft.actor.login, draft.actor.name) == ("ada", "Ada Lovelace")

    def test_an_assignee_without_an_id_is_known_by_login_and_a_bot_does_not_count(self):
        [draft] = self.read("issue__closed", assignees=[{"username": "ada"}])
        assert (draft.actor.uid, draft.actor.login) == ("", "ada")
        bot = {"id": 7, "username": "project_42_bot"}
        [draft] = self.read("issue__closed", assignees=[bot, {"id": 1815, "username": "ada"}])
        assert draft.actor.uid == "1815"
        [draft] = self.read("issue__closed", assignees=[{"name": "Ada"}])
        assert draft.actor.uid == "1906", "a name alone is nobody"

    def test_a_merge_request_without_an_author_is_of_who_merges_it(self):
        changed = self.thing("merge_request__merged", author_id=None)
        [draft] = self.read("merge_request__merged", object_attributes=changed)
        assert draft.actor.uid == "1906"
