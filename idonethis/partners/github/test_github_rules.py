"""The rules of a link, on what GitHub sends: what each leaves out, and that a preview of other
rules is what they make of the log once they are saved and applied."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idonethis.entries.models import Entry
from idonethis.integrations import effects
from idonethis.integrations.base import Ignored, Reason
from idonethis.integrations.models import Job, Receipt, Replay, Suggestion
from idonethis.integrations.models.replay_plan import ReplayPlan
from idonethis.partners.github.forms import ASKS
from idonethis.partners.github.testing import GitHubTestCase


class Rules(GitHubTestCase):
    """What each rule leaves out of what GitHub sends."""

    def check_left_out(self, name: str, rule: str, **rules: Any) -> None:
        (event,) = self.draft_of(name, **rules)
        self.assertIsInstance(event, Ignored)
        self.assertEqual(event.why, f"Left out by the rule “{rule}”.")

    def check_taken(self, *names: str, **rules: Any) -> None:
        for name in names:
            with self.subTest(name):
                self.assertTrue(self.drafts(name, **rules))

    def test_pushes_count_on_the_default_branch_unless_others_are_named(self):
        self.check_left_out("ignored__push__to_a_branch", "on the default branch")
        self.check_taken("ignored__push__to_a_branch", places=["feat*"])
        self.check_left_out("push__three_commits", "on branch feat*", places=["feat*"])

    def test_pull_requests_and_reviews_count_by_the_branch_into_which_they_go(self):
        for name in ("pull_request__merged", "pull_request_review__submitted"):
            self.check_left_out(name, "on branch release/*", places=["release/*"])
            self.check_taken(name, places=["release/*", "main"])
        elsewhere = {"pull_request": {"base": {"ref": "release/2"}}}
        (draft,) = self.read_changed("pull_request__merged", **elsewhere)
        self.assertEqual(draft.body, "Merged “Fix the roof” (#1)")

    def test_issues_and_releases_have_no_branch(self):
        self.check_taken("issues__completed", "release__published", places=["release/*"])

    def test_issues_pull_requests_and_reviews_have_labels_and_nothing_else_has(self):
        for name in ("issues__completed", "pull_request__merged", "pull_request_review__submitted"):
            self.check_left_out(name, "labelled bug", labels=["bug"])
        self.check_taken("push__three_commits", "release__published", labels=["bug"])

    def test_labels_are_read_where_github_puts_them(self):
        bug = {"labels": [{"name": "Bug"}, {"name": "good first issue"}, None, {"name": None}]}
        self.configure(labels=["bug"])
        self.send_changed("issues__completed", issue=bug)
        self.send_changed("pull_request__merged", pull_request=bug)
        self.assertEqual(Entry.objects.count(), 2)
        self.configure(without=["good*"])
        self.send_changed("pull_request_review__submitted", pull_request=bug)
        self.assertEqual(self.last_receipt().why, "Left out by the rule “not labelled good*”.")

    def test_people_are_left_out_whoever_pressed_the_button(self):
        self.configure(who="except", people=[self.ada.hash_id])
        self.send("pull_request__merged")
        self.assertEqual(self.ended(), Reason.FILTERED)
        self.assertIn("by everybody in the team but Ada Lovelace and bots", self.last_receipt().why)
        self.send("pull_request_review__submitted")
        self.assertEqual(self.the_entry().user, self.grace)

    def test_the_sentence_of_a_link_says_it_all(self):
        self.configure(
            events=["pull_request", "release"],
            who="except",
            people=[self.grace.hash_id],
            places=["main"],
            private="title",
        )
        self.assertEqual(
            self.link.rules_sentence,
            "Logs merged pull requests (for the author) and releases by everybody in the team but "
            "Grace Hopper and bots, on branch main, with titles only from private repositories.",
        )
        self.assertLessEqual(len(self.link.summary), 80)

    def test_a_link_from_before_there_were_rules_still_reads(self):
        self.configure(repository="analytical/engine", events=["push"], private="count", bots=True)
        self.send("push__three_commits")
        self.assertEqual(self.the_entry().body, "Pushed 3 commits to main of analytical/engine")

    def test_the_form_of_a_new_link_shows_what_its_rules_make_of_such_events(self):
        self.client.force_login(self.ada)
        said = {"team": self.team.slug, "events": ["issues"], "places": "main"}
        page = self.client.post("/integrations/github/link/summary", said).content.decode()
        self.assertIn("Closed “Leak in the mill” (#3)", page)
        self.assertIn("This link does not log commits.", page)
        self.assertIn("dependabot[bot]", page)


NAMES = sorted(path.stem for path in (Path(__file__).parent / "fixtures").glob("*.json"))


def rules() -> st.SearchStrategy[dict[str, Any]]:
    """Any answers that the form could be given; ``people`` by name."""
    return st.fixed_dictionaries(
        {
            "events": st.lists(st.sampled_from(sorted(ASKS.topics)), min_size=1, unique=True),
            "how": st.sampled_from(["log", "suggest"]),
            "who": st.sampled_from(["everybody", "only", "except"]),
            "people": st.sampled_from([["ada"], ["grace"]]),
            "bots": st.booleans(),
            "places": st.sampled_from([[], ["main"], ["*"], ["feature"]]),
            "labels": st.sampled_from([[], [], ["bug"]]),
            "without": st.sampled_from([[], ["chore"]]),
            "private": st.sampled_from(["title", "count", "full"]),
        }
    )


class Previews(GitHubTestCase):
    """Saved rules do to the log exactly what their preview said, and a plan of reading the same
    again counts the same."""

    def test_what_a_preview_says_is_what_happens(self):
        self.check_previews(examples=6)

    @pytest.mark.slow
    def test_that_holds_for_many_rules_and_orders(self):
        self.check_previews(examples=20)

    def check_previews(self, *, examples: int) -> None:
        """More hooks than are shown, and more than one step of a job reads, in any order."""

        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(
            st.lists(st.sampled_from(NAMES), min_size=12, max_size=effects.SHOWN + 6),
            st.lists(rules(), min_size=2, max_size=3),
        )
        def holds(names: list[str], tried: list[dict[str, Any]]) -> None:
            self.begin_anew(names, tried[0])
            for rules in tried[1:]:
                self.apply(rules)

        holds()

    def begin_anew(self, names: list[str], rules: dict[str, Any]) -> None:
        for table in (Job, Receipt, Suggestion):
            table.objects.all().delete()
        self.team.entries.all().delete()
        self.team.source_set.all().delete()
        self.configure(**self.named(rules))
        for name in names:
            self.send(name)

    def named(self, rules: dict[str, Any]) -> dict[str, Any]:
        return rules | {"people": [getattr(self, name).hash_id for name in rules["people"]]}

    def apply(self, rules: dict[str, Any]) -> None:
        config = self.named(rules)
        before, tried = self.standing(), effects.effects(self.link, config)
        self.assertEqual(self.standing(), before)
        self.configure(**config)
        plan = ReplayPlan.of(effects.latest(self.link))
        job = Replay.begin(effects.latest(self.link), user=None)
        while Job.drain():
            pass
        said = before - facts(tried, "before") + facts(tried, "after")
        now = self.standing()
        self.assertEqual((now - said, said - now), (Counter(), Counter()))
        job.refresh_from_db()
        self.assertEqual((job.state, job.results), ("done", dict(plan.results)))

    def standing(self) -> Counter[Any]:
        names = {*Entry.objects.values_list("hash_id", flat=True)}
        names |= {*Suggestion.objects.values_list("hash_id", flat=True)}
        return Counter(map(fact, effects._standing(names).values()))


def fact(each: effects.Standing) -> tuple[Any, ...]:
    return (each.kind, each.body, each.person.pk, each.url, each.label, each.details, each.waits)


def facts(tried: list[effects.Effect], when: str) -> Counter[Any]:
    named = {each.name: each for effect in tried for each in getattr(effect, when)}
    return Counter(map(fact, named.values()))
