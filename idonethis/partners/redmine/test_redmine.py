from __future__ import annotations

import orjson
from django.conf import settings

from idonethis.entries.models import Entry
from idonethis.integrations.base import Draft, Hook, Ignored, Reason, Retract, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase


class RedmineTest(HookTestCase):
    def read(self, body, **config):
        return list(self.integration.read(Hook(orjson.dumps(body)), PlainLink(config=config)))

    def test_a_closed_issue_is_a_done_of_its_assignee_whoever_closes_it(self):
        entry = self.check_hook("issue.updated__closed", "Closed “Oil the mill” (#12)")
        assert str(entry.occurred_on) == "2026-11-23"
        assert entry.url == ""

    def test_the_plugin_tells_the_same_and_where_it_is(self):
        entry = self.check_hook("plugin__closed", "Closed “Oil the crank” (#32)")
        assert entry.url == "https://redmine.example.org/issues/32"

    def post_to(self, secret, name, headers=None):
        path = self.link.hook_url.removeprefix(settings.BASE_URL)
        url = f"{path}?key={secret}"
        body, kind = self.fixture(name), "application/json"
        return self.client.post(url, body, content_type=kind, headers=headers).status_code

    def test_the_plugin_shows_the_secret_in_its_address(self):
        for secret, status in ((self.link.signing_secret, 200), ("wrong", 401), ("", 401)):
            assert self.post_to(secret, "plugin__closed") == status

    def test_what_is_signed_must_be_signed_rightly_whatever_its_address_says(self):
        forged = {"X-Redmine-Signature-256": "sha256=" + "0" * 64}
        assert self.post_to(self.link.signing_secret, "issue.updated__closed", forged) == 401

    def test_it_leads_to_where_the_link_says_that_redmine_is(self):
        [draft] = self.drafts("issue.updated__closed", site="https://redmine.example.org/")
        assert draft.url == "https://redmine.example.org/issues/12"
        body = orjson.loads(self.fixture("plugin__closed"))
        body["payload"]["url"] = "not yet implemented"
        [draft] = self.read(body, site="https://redmine.example.org")
        assert draft.url == "https://redmine.example.org/issues/32"

    def test_without_an_assignee_it_is_of_who_closes_it_or_opens_it_as_closed(self):
        body = orjson.loads(self.fixture("issue.updated__closed"))
        del body["data"]["issue"]["assigned_to"]
        [draft] = self.read(body)
        assert (draft.actor.uid, draft.actor.name) == ("1906", "Grace Hopper")
        [draft] = self.drafts("plugin__opened_as_closed")
        assert (draft.actor.uid, draft.actor.email) == ("1906", "grace@example.org")
        assert not draft.actor.vouched

    def test_what_names_nobody_is_no_entry(self):
        body = orjson.loads(self.fixture("issue.updated__closed"))
        del body["data"]["issue"]["assigned_to"], body["data"]["journal"]["user"]
        [event] = self.read(body)
        assert event.reason is Reason.NO_PERSON

    def test_a_redmine_that_says_nothing_of_statuses_says_when_it_was_closed(self):
        body = orjson.loads(self.fixture("issue.updated__closed"))
        del body["data"]["issue"]["status"]["is_closed"]
        [event] = self.read(body)
        assert isinstance(event, Draft)
        body["data"]["issue"]["closed_on"] = "2026-11-23T15:04:04Z"
        *_, event = self.read(body)
        assert isinstance(event, Retract)

    def test_from_one_closed_status_to_another_it_stays(self):
        body = orjson.loads(self.fixture("issue.updated__closed"))
        body["data"]["issue"]["closed_on"] = "2026-11-22T15:04:05Z"
        [draft] = self.read(body)
        assert str(draft.occurred_at.date()) == "2026-11-22"

    def test_what_is_reopened_or_deleted_goes_and_what_is_renamed_is_renamed(self):
        self.send("issue.updated__closed")
        self.send("issue.updated__renamed")
        assert Entry.objects.get().body == "Closed “Oil the mill and the crank” (#12)"
        for name in ("issue.updated__reopened", "issue.deleted", "plugin__reopened"):
            *_, event = self.draft_of(name)
            assert isinstance(event, Retract) and event.as_of

    def test_what_is_rejected_is_not_done(self):
        ignored, retract = self.draft_of("issue.updated__rejected")
        assert ignored.reason is Reason.FILTERED and "Rejected" in ignored.why
        assert isinstance(retract, Retract)

    def test_the_rest_says_why_it_makes_none(self):
        names = ("issue.created__new", "issue.updated__commented", "plugin__commented")
        for name in (*names, "time_entry.created"):
            self.check_ignored(f"ignored__{name}", "unsupported_event")
        assert "time_entry.created" in self.last_receipt().why

    def test_bodies_of_another_shape_are_refused_or_ignored(self):
        for body in ({}, {"payload": []}, {"type": "issue.updated", "data": {"issue": 3}}):
            [event] = self.read(body)
            assert isinstance(event, Ignored)
        with self.assertRaises(Unreadable):
            self.read([])
