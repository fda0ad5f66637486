from __future__ import annotations

from allauth.account.models import EmailAddress

from idonethis.entries.models import Entry
from idonethis.integrations.base import Reason
from idonethis.integrations.models import UnclaimedPerson
from idonethis.integrations.models.candidates import Evidence, candidates, members_of
from idonethis.partners.github.people import uid_of
from idonethis.partners.github.testing import GitHubTestCase, account, commits

DEPENDABOT = account("dependabot[bot]", 49699333, kind="Bot")
PUSH = "push__three_commits"


class Whose(GitHubTestCase):
    def test_a_forged_author_logs_nothing_in_anothers_name(self):
        self.send_changed(PUSH, sender=account("mallory", 6666))
        self.assertEqual({c["author"]["username"] for c in self.body(PUSH)["commits"]}, {"ada"})
        self.assertFalse(Entry.objects.exists())
        self.assertEqual(self.ended(), Reason.NO_PERSON)

    def test_a_push_is_of_who_pushes_whomever_its_commits_name(self):
        self.send_changed(PUSH, sender=account("grace", 1906))
        self.assertEqual(self.the_entry().user, self.grace)

    def test_a_login_that_only_looks_the_same_is_somebody_else(self):
        self.send_changed(PUSH, sender=account("ada", 9999))
        self.assertEqual(self.ended(), Reason.NO_PERSON)

    def test_a_deleted_account_is_nobody_and_not_who_made_the_link(self):
        for name, gone in (
            ("pull_request__merged", {"pull_request": {"user": None}}),
            ("pull_request_review__submitted", {"review": {"user": None}}),
            ("release__published", {"release": {"author": None}}),
            ("issues__completed", {"sender": None}),
            (PUSH, {"sender": None, "pusher": None}),
        ):
            with self.subTest(name):
                self.send_changed(name, **gone)
                self.assertEqual(self.ended(), Reason.NO_PERSON)
                self.assertFalse(Entry.objects.exists())

    def test_an_issue_given_to_one_person_is_theirs_whoever_closes_it(self):
        given = {"assignees": [account("grace", 1906), DEPENDABOT]}
        self.send_changed("issues__completed", issue=given)
        self.assertEqual(self.the_entry().user, self.grace)

    def test_an_issue_given_to_several_is_of_who_closes_it(self):
        given = {"assignees": [account("grace", 1906), account("mallory", 6666)]}
        self.send_changed("issues__completed", issue=given)
        self.assertEqual(self.the_entry().user, self.ada)

    def test_a_push_without_a_sender_is_of_the_pusher_that_a_noreply_address_proves(self):
        pusher = {"name": "ada", "email": "1815+ada@users.noreply.github.com"}
        self.send_changed(PUSH, sender=None, pusher=pusher)
        self.assertEqual(self.the_entry().user, self.ada)

    def test_a_pusher_that_has_only_the_mail_address_of_a_member_is_not_that_member(self):
        EmailAddress.objects.create(user=self.ada, email="ada@example.org", verified=True)
        pusher = {"name": "mallory", "email": "ada@example.org"}
        self.send_changed(PUSH, sender=None, pusher=pusher)
        self.assertEqual(self.ended(), Reason.NO_PERSON)
        self.assertFalse(Entry.objects.exists())
        person = UnclaimedPerson.objects.get()
        self.assertEqual((person.key, person.email), ("@mallory", "ada@example.org"))
        (suggested,) = candidates(person, members_of(self.team))
        self.assertEqual(suggested.evidence[0], Evidence.NOT_VOUCHED)

    def test_a_pusher_that_bears_the_noreply_address_of_another_account_is_that_other(self):
        pusher = {"name": "ada", "email": "6666+ada@users.noreply.github.com"}
        self.send_changed(PUSH, sender=None, pusher=pusher)
        self.assertEqual(self.ended(), Reason.NO_PERSON)
        self.assertEqual(UnclaimedPerson.objects.get().key, "6666")

    def test_a_sender_counts_and_no_pusher_beside_it(self):
        pusher = {"name": "ada", "email": "1815+ada@users.noreply.github.com"}
        self.send_changed(PUSH, sender=account("mallory", 6666), pusher=pusher)
        self.assertEqual(self.ended(), Reason.NO_PERSON)

    def test_a_noreply_address_proves_an_id_only_where_it_is_githubs(self):
        self.assertEqual(uid_of("1815+ada@users.noreply.github.com"), "1815")
        self.assertEqual(uid_of("49699333+dependabot[bot]@users.noreply.github.com"), "49699333")
        for forged in (
            "1815+ada@users.noreply.github.com.example.net",
            "x 1815+ada@users.noreply.github.com",
            "ada@users.noreply.github.com",
            "ada@example.com",
        ):
            self.assertEqual(uid_of(forged), "")


class Bots(GitHubTestCase):
    def test_bots_are_left_out_unless_the_link_says_otherwise(self):
        self.check_ignored("ignored__push__by_a_bot", Reason.BOT)
        self.assertEqual(len(self.drafts("ignored__push__by_a_bot", bots=True)), 1)

    def test_a_week_of_dependabot_makes_no_entry_even_where_people_merge_it(self):
        bump = commits("Bump cogs from 1 to 2 (#9)", author="dependabot[bot]")
        merge = commits("Merge pull request #9 from analytical/dependabot/cogs")
        for day in range(1, 8):
            at = f"2025-06-{day:02}T09:00:00Z"
            pull = {"number": day, "user": DEPENDABOT, "merged_at": at, "updated_at": at}
            self.send_changed("pull_request__merged", pull_request=pull)
            pushed = [*bump, *merge]
            self.send_changed(PUSH, commits=pushed, head_commit={"timestamp": at}, after=f"{day}")
            self.assertEqual(self.ended(), Reason.BOT)
        self.assertFalse(Entry.objects.exists())

    def test_in_a_mixed_push_only_the_work_of_people_counts(self):
        mixed = commits("Bump cogs", author="dependabot[bot]") + commits("Oil the mill", "Sweep")
        self.send_changed(PUSH, commits=mixed)
        self.assertEqual(self.the_entry().body, "Pushed 2 commits to main of analytical/engine")

    def test_a_bot_that_is_called_like_a_person_is_known_by_its_kind(self):
        copilot = account("Copilot", 198982749, kind="Bot")
        self.send_changed("pull_request__merged", pull_request={"user": copilot})
        self.assertEqual(self.ended(), Reason.BOT)

    def test_a_bot_that_does_not_say_so_is_known_by_its_name(self):
        robot = account("renovate[bot]", 29139614)
        self.send_changed("pull_request__merged", pull_request={"user": robot})
        self.assertEqual(self.ended(), Reason.BOT)
