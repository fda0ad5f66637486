from __future__ import annotations

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import NOBODY, Draft, Hook, Ignored
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase

FAILED = "ignored__build__failed"


class JenkinsTest(HookTestCase):
    def read(self, fixture, *, build=None, config=None, **changes):
        """What becomes of a fixture with these parts of the body, or of its build, changed."""
        body = {**orjson.loads(self.fixture(fixture)), **changes}
        body["build"] |= build or {}
        link = PlainLink(config=config or {})
        return list(self.integration.read(Hook(orjson.dumps(body)), link))

    def test_a_build_of_a_job_that_deploys_is_a_done_of_who_made_the_link(self):
        entry = self.check_hook("build__deployed", "Deployed with deploy-engine (#18)")
        assert entry.url == "https://jenkins.example.org/job/deploy-engine/18/"
        assert str(entry.occurred_on) == "2026-11-23"
        [draft] = self.draft_of("build__deployed")
        assert draft.actor == NOBODY, "a culprit is but a name"

    def test_both_ends_of_a_build_are_one_entry(self):
        self.send("build__completed")
        self.send("build__deployed")
        assert Entry.objects.count() == 1

    def test_a_job_is_called_with_its_folders(self):
        [draft] = self.draft_of("build__in_a_folder")
        assert draft.body == "Deployed with engine-release/main (#3)"

    def test_without_an_address_the_name_does(self):
        [draft] = self.read("build__deployed", url=None, build={"full_url": None})
        assert draft.body == "Deployed with deploy-engine (#18)"
        assert draft.key == "build:deploy-engine#18"
        [event] = self.read("build__deployed", url=None, name=None)
        assert event.why == "It names no job."

    def test_what_deploys_is_for_the_link_to_say(self):
        [event] = self.draft_of("build__deployed", deploys="ship, publish")
        assert isinstance(event, Ignored)
        [event] = self.draft_of("ignored__build__tested", deploys="ship, TEST-*")
        assert isinstance(event, Draft)

    def test_what_is_not_over_and_what_deploys_nothing_makes_no_entry(self):
        for name in ("started", "tested", "failed", "not_deployed"):
            self.check_ignored(f"ignored__build__{name}", "unsupported_event")

    def test_a_failure_of_main_or_of_a_deployment_is_a_blocker_where_the_link_says_so(self):
        [of_main] = self.draft_of(FAILED, failures=True)
        said = (of_main.kind, of_main.body)
        assert said == ("blocked", "A build of test-engine failed (#21)")
        [deploying] = self.draft_of("ignored__build__not_deployed", failures=True)
        assert deploying.kind == "blocked"

    def test_a_failure_of_another_branch_is_none(self):
        scm = {"branch": "origin/wheel"}
        [event] = self.read(FAILED, build={"scm": scm}, config={"failures": True})
        assert isinstance(event, Ignored)

    def test_an_unstable_or_aborted_build_has_neither_deployed_nor_failed(self):
        for status in ("UNSTABLE", "ABORTED", None):
            [event] = self.read(
                "build__deployed", build={"status": status}, config={"failures": True}
            )
            assert isinstance(event, Ignored)

    def test_the_secret_may_stand_in_a_header_instead_of_the_address(self):
        body, secret = self.fixture("build__deployed"), self.link.signing_secret
        for token, status in (("wrong", 401), (secret, 200)):
            headers = {"Authorization": f"Bearer {token}"}
            assert self.post_hook(body, headers=headers, signed=False).status_code == status

    def test_a_receipt_names_the_phase(self):
        self.send("build__deployed")
        assert self.last_receipt().event == "build.finalized"

    def test_the_summary_of_a_link_says_what_it_logs(self):
        said = [
            self.integration.summary(PlainLink(config={"failures": failures}))
            for failures in (False, True)
        ]
        assert said == ["Logs deployments", "Logs deployments and failed builds"]

    def test_what_is_missing_is_left_out(self):
        [draft] = self.read("build__deployed", build={"number": None})
        assert draft.body == "Deployed with deploy-engine"
        assert draft.key == "build:https://jenkins.example.org/job/deploy-engine/18/"
        assert self.integration.event(Hook(b"{}")) == ""
