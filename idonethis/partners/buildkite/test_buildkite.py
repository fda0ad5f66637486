from __future__ import annotations

import hmac
import time

import orjson

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Hook, Ignored, Reason, Retract
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase

DEPLOYED, FAILED = "build.finished__deployed", "ignored__build.finished__failed"


class BuildkiteTest(HookTestCase):
    def read(self, name, **build):
        """What becomes of a fixture whose build is changed so."""
        body = orjson.loads(self.fixture(name))
        body["build"] |= build
        hook = Hook(orjson.dumps(body), self.headers_for(name))
        return list(self.integration.read(hook, PlainLink(config={"failures": True})))

    def test_a_deployment_is_a_done_of_who_started_its_build(self):
        entry = self.check_hook(DEPLOYED, "Deployed with Deploy the engine from main")
        assert entry.url == "https://buildkite.com/analytical/deploy-engine/builds/12"
        assert str(entry.occurred_on) == "2026-11-23"

    def test_what_deploys_is_for_the_link_to_say(self):
        [event] = self.draft_of(DEPLOYED, deploys="ship, publish-*")
        assert isinstance(event, Ignored) and "does not deploy" in event.why
        [event] = self.draft_of(DEPLOYED, deploys="ship, DEPLOY-engine")
        assert isinstance(event, Draft)

    def test_a_build_that_passes_or_fails_and_deploys_nothing_makes_no_entry(self):
        self.check_ignored("ignored__build.finished__tested", "unsupported_event")
        self.check_ignored(FAILED, "unsupported_event")

    def test_a_build_that_waits_at_a_block_step_has_not_deployed_yet(self):
        self.check_ignored("ignored__build.finished__waits", "unsupported_event")
        assert "this one is blocked" in self.last_receipt().why

    def test_a_build_without_a_creator_is_known_by_the_address_of_its_commit_alone(self):
        [draft] = self.draft_of("build.finished__of_a_tag")
        assert draft.body == "Deployed with Deploy the engine from v1.2"
        said = (draft.actor.uid, draft.actor.email, draft.actor.vouched)
        assert said == ("", "ada@example.org", False)

    def test_whom_buildkite_finds_by_a_commit_is_no_more_than_an_address(self):
        for source in ("webhook", "trigger_job", "schedule", None):
            [deployed, _] = self.read(DEPLOYED, source=source)
            assert (deployed.actor.uid, deployed.actor.email) == ("", "ada@example.org")

    def test_it_is_never_of_who_made_the_webhook(self):
        [deployed, _] = self.read(DEPLOYED, creator=None, author=None)
        assert deployed.reason == Reason.NO_PERSON

    def test_branches_count_for_who_asks_for_them_and_tags_always(self):
        self.check_ignored("ignored__build.finished__of_a_branch", "filtered_rule")
        for name in ("ignored__build.finished__of_a_branch", "build.finished__of_a_tag"):
            [event] = self.draft_of(name, places=["wheel"])
            assert isinstance(event, Draft)

    def test_a_failure_of_the_default_branch_is_a_blocker_where_the_link_says_so(self):
        [draft] = self.draft_of(FAILED, failures=True)
        said = (draft.kind, draft.body)
        assert said == ("blocked", "Build 15 of Test the engine failed on main")
        [better] = self.draft_of("ignored__build.finished__tried_again", failures=True)
        assert isinstance(better, Retract) and better.key == draft.key
        assert better.as_of > draft.as_of

    def test_a_failure_elsewhere_is_none(self):
        [event] = self.read(FAILED, branch="wheel")
        assert event.reason == Reason.UNSUPPORTED

    def test_a_ping_is_a_ping_and_other_events_say_why_they_make_none(self):
        self.check_ignored("ignored__ping__tried", "ping")
        self.check_ignored("ignored__build.running__started", "unsupported_event")
        assert "build.running" in self.last_receipt().why

    def test_a_signature_is_good_for_five_minutes(self):
        body = self.fixture(DEPLOYED)
        for seconds, status in ((301, 401), (290, 200)):
            headers = self.headers_for(DEPLOYED) | self.signed(body, time.time() - seconds)
            assert self.post_hook(body, headers=headers, signed=False).status_code == status

    def signed(self, body, at):
        """https://buildkite.com/docs/apis/webhooks/pipelines#webhook-signature"""
        key, text = self.link.signing_secret.encode(), f"{at:.0f}.".encode() + body
        digest = hmac.new(key, text, "sha256").hexdigest()
        return {"X-Buildkite-Signature": f"timestamp={at:.0f},signature={digest}"}

    def test_a_plain_token_does_but_never_in_place_of_a_wrong_signature(self):
        body = self.fixture(DEPLOYED)
        plain = self.headers_for(DEPLOYED) | {"X-Buildkite-Token": str(self.link.signing_secret)}
        forged = plain | {"X-Buildkite-Signature": f"timestamp={time.time():.0f},signature=00"}
        assert self.post_hook(body, headers=forged, signed=False).status_code == 401
        assert self.post_hook(body, headers=plain, signed=False).status_code == 200
        assert Entry.objects.count() == 1

    def test_the_secret_is_the_one_that_buildkite_shows(self):
        assert not self.integration.new_secret() and "Token" in self.integration.their_secret

    def test_the_summary_of_a_link_says_what_it_logs(self):
        said = [
            self.integration.summary(PlainLink(config={"failures": failures}))
            for failures in (False, True)
        ]
        assert said == ["Logs deployments", "Logs deployments and failed builds"]

    def test_without_a_default_branch_it_is_main_or_master(self):
        body = orjson.loads(self.fixture("ignored__build.finished__of_a_branch"))
        for default, branch, reason in (
            (None, "master", None),
            (None, "wheel", Reason.FILTERED),
            ("wheel", "wheel", None),
            ("wheel", "main", Reason.FILTERED),
        ):
            body["pipeline"]["default_branch"], body["build"]["branch"] = default, branch
            hook = Hook(orjson.dumps(body), self.headers_for(DEPLOYED))
            [event] = self.integration.read(hook, PlainLink())
            assert getattr(event, "reason", None) == reason, (default, branch)

    def test_a_failed_build_of_a_tag_is_called_by_it(self):
        [draft] = self.read(FAILED, branch="v1.2", tag="v1.2")
        assert draft.body == "Build 15 of Test the engine failed on v1.2"

    def test_a_canceled_build_is_neither(self):
        [event] = self.read(DEPLOYED, state="canceled")
        assert isinstance(event, Ignored)

    def test_who_created_the_build_comes_before_who_wrote_the_commit(self):
        [deployed, _] = self.read(DEPLOYED, author={"name": "Mallory", "email": "m@example.com"})
        assert (deployed.actor.name, deployed.actor.email) == ("Ada Lovelace", "ada@example.org")
        [deployed, _] = self.read(DEPLOYED, creator={"id": "1815"})
        assert deployed.actor.uid == "1815"

    def test_what_is_missing_is_left_out(self):
        body = orjson.loads(self.fixture(DEPLOYED))
        body["pipeline"] = {"slug": "deploy-engine"}
        body["build"] |= {"branch": None, "web_url": None}
        hook = Hook(orjson.dumps(body), self.headers_for(DEPLOYED))
        [draft] = self.integration.read(hook, PlainLink())
        assert (draft.body, draft.url) == ("Deployed with deploy-engine", "")
