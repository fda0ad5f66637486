from __future__ import annotations

import orjson

from idonethis.integrations.base import Draft, Hook, Ignored, Reason, Retract
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase

DEPLOYED = "workflow-completed__deployed"
FAILED = "ignored__workflow-completed__failed"


class CircleCITest(HookTestCase):
    def read(self, body, **config):
        return list(self.integration.read(Hook(orjson.dumps(body)), PlainLink(config=config)))

    def body(self, name):
        return orjson.loads(self.fixture(name))

    def test_a_workflow_that_deploys_is_a_done_of_who_set_it_going(self):
        entry = self.check_hook(DEPLOYED, "Deployed engine from main")
        assert entry.url.endswith("/workflows/w-1")
        assert str(entry.occurred_on) == "2026-11-23"

    def test_a_job_that_deploys_and_its_workflow_are_one_deployment(self):
        job = self.body("job-completed__deployed")
        [by_job] = self.read(job)
        workflow = {**job, "type": "workflow-completed"}
        workflow["workflow"] = {**job["workflow"], "status": "success"}
        [by_workflow] = self.read(workflow, deploys="build-and-*")
        assert by_job.key == by_workflow.key == "deploy:w-2"
        assert by_job.body == by_workflow.body

    def test_what_deploys_is_for_the_link_to_say(self):
        [event] = self.draft_of(DEPLOYED, deploys="ship, *-to-production")
        assert isinstance(event, Ignored) and "does not deploy" in event.why
        [event] = self.draft_of("job-completed__deployed", deploys="ship, *-TO-production")
        assert isinstance(event, Draft)

    def test_a_success_that_deploys_nothing_and_a_failure_make_no_entry(self):
        self.check_ignored("ignored__workflow-completed__tested", "unsupported_event")
        self.check_ignored(FAILED, "unsupported_event")
        body = self.body(DEPLOYED)
        body["workflow"]["status"] = "canceled"
        [event] = self.read(body)
        assert event.why.endswith("this one is canceled.")

    def test_a_commits_address_is_no_more_than_a_hint(self):
        [draft] = self.draft_of("workflow-completed__deployed_by_address")
        assert draft.body == "Deployed engine from v1.2"
        said = (draft.actor.uid, draft.actor.email, draft.actor.vouched)
        assert said == ("", "ada@example.org", False)
        self.send("workflow-completed__deployed_by_address")
        assert self.last_receipt().outcome == "no_person"

    def test_where_nobody_is_named_it_is_nobodys(self):
        body = self.body("workflow-completed__deployed_by_address")
        body["pipeline"]["vcs"]["commit"] = None
        [event] = self.read(body)
        assert event.reason == Reason.NO_PERSON

    def test_branches_count_for_who_asks_for_them_and_tags_always(self):
        self.check_ignored("ignored__workflow-completed__of_a_branch", "filtered_rule")
        [event] = self.draft_of("ignored__workflow-completed__of_a_branch", places=["wheel"])
        assert isinstance(event, Draft)
        [event] = self.draft_of("workflow-completed__deployed_by_address", places=["wheel"])
        assert isinstance(event, Draft)

    def test_a_failure_of_main_is_a_blocker_where_the_link_says_so_until_it_succeeds(self):
        [draft] = self.draft_of(FAILED, failures=True)
        said = (draft.kind, draft.body)
        assert said == ("blocked", "The workflow “test” failed on main of engine")
        [better] = self.draft_of("ignored__workflow-completed__run_again", failures=True)
        assert isinstance(better, Retract) and better.key == draft.key
        assert better.as_of > draft.as_of

    def test_a_failure_elsewhere_is_none(self):
        body = self.body(FAILED)
        body["pipeline"]["vcs"]["branch"] = "wheel"
        [event] = self.read(body, failures=True)
        assert isinstance(event, Ignored)

    def test_a_ping_is_a_ping(self):
        self.check_ignored("ignored__ping__tried", "ping")

    def test_an_event_that_is_sent_again_is_one_delivery(self):
        assert self.integration.delivery_key(Hook(self.fixture(DEPLOYED))) == "e-1"

    def test_of_several_signatures_one_must_fit(self):
        # https://circleci.com/docs/outbound-webhooks#validate-webhooks
        signature, secret = self.integration.signature, self.link.signing_secret
        good = signature.sign(Hook(b"{}"), secret)["circleci-signature"]
        signature.check(Hook(b"{}", {"circleci-signature": f"v1=00,{good},v2=00"}), [secret])

    def test_the_summary_of_a_link_says_what_it_logs(self):
        said = [
            self.integration.summary(PlainLink(config={"failures": failures}))
            for failures in (False, True)
        ]
        assert said == ["Logs deployments", "Logs deployments and failed workflows"]

    def test_a_job_that_fails_is_no_blocker_and_one_that_succeeds_ends_none(self):
        body = self.body("job-completed__deployed")
        for status in ("failed", "success"):
            body["job"] |= {"status": status, "name": "test"}
            [event] = self.read(body, failures=True)
            assert isinstance(event, Ignored) and event.why.startswith("A job")

    def test_a_failure_of_a_tag_is_a_blocker_too(self):
        body = self.body(FAILED)
        body["pipeline"] |= {"vcs": {"tag": "v1.2"}, "trigger_parameters": None}
        body["pipeline"]["vcs"]["commit"] = {"author": {"email": "ada@example.org"}}
        [event] = self.read(body, failures=True)
        assert event.body == "The workflow “test” failed on v1.2 of engine"

    def test_a_success_elsewhere_ends_no_blocker(self):
        body = self.body("ignored__workflow-completed__run_again")
        body["pipeline"]["vcs"]["branch"] = "wheel"
        [event] = self.read(body, failures=True)
        assert isinstance(event, Ignored) and event.why.startswith("A workflow")

    def test_projects_of_gitlab_tell_their_branch_and_person_elsewhere(self):
        body = self.body(DEPLOYED)
        body["pipeline"]["vcs"] = None
        told = body["pipeline"]["trigger_parameters"]
        told["gitlab"] = {"user_name": "Ada Lovelace"}
        [draft] = self.read(body)
        assert (draft.body, draft.actor.name) == ("Deployed engine from main", "Ada Lovelace")
        told["git"] = {"branch": "", "tag": "v1.2"}
        assert self.read(body)[0].body == "Deployed engine from v1.2"

    def test_it_was_done_when_it_stopped(self):
        body = self.body(DEPLOYED)
        body["workflow"]["stopped_at"] = "2026-11-23T15:00:00Z"
        [draft] = self.read(body)
        assert draft.occurred_at.isoformat() == "2026-11-23T15:00:00+00:00"
        body["workflow"]["stopped_at"] = None
        [draft] = self.read(body)
        assert draft.occurred_at == draft.as_of is not None

    def test_what_is_missing_is_left_out(self):
        body = self.body(DEPLOYED)
        body |= {"project": None}
        body["pipeline"] |= {"vcs": None}
        body["pipeline"]["trigger_parameters"]["git"] = None
        [draft] = self.read(body)
        assert draft.body == "Deployed a project"
        assert len(self.integration.delivery_key(Hook(b"{}"))) == 64

    def test_the_name_beside_an_address_is_told(self):
        [draft] = self.draft_of("workflow-completed__deployed_by_address")
        assert draft.actor.name == "Ada Lovelace"
