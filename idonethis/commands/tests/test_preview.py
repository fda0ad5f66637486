from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection

from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.values import Hook

PUSH = registry.folder(registry.integrations()["github"]) / "fixtures" / "push__three_commits.json"


def preview(run, path: Path, *options: str):
    return run("preview", "github", str(path), "-H", "X-GitHub-Event: push", *options)


def test_preview_shows_what_a_hook_would_become_without_a_query(run):
    facts = preview(run, PUSH)
    assert (facts["verified"], facts["outcome"], facts["reason"]) == (None, "draft", "created")
    (draft,) = facts["drafts"]
    assert draft["body"] == "Pushed 3 commits to main of analytical/engine"
    assert draft["kind"] == "done"
    assert draft["actor"]["uid"] == "1815"
    assert len(draft["details"]) == 3
    assert connection.connection is None or not connection.queries_log


def test_preview_checks_the_signature_where_it_is_given_the_secret(run):
    body = PUSH.read_bytes()
    signature = registry.integrations()["github"].signature.sign(Hook(body), "right")
    header = f"x-hub-signature-256: {signature['x-hub-signature-256']}"
    assert preview(run, PUSH, "-H", header, "--secret", "right")["verified"] is True
    refused = preview(run, PUSH, "-H", header, "--secret", "wrong")
    assert (refused["verified"], refused["outcome"]) == (False, "refused")
    assert (refused["reason"], refused["response"]["status"]) == ("bad_signature", 401)
    assert refused["drafts"] == []


def test_preview_answers_for_rubbish(run, tmp_path):
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(b"\xff[[[")
    facts = preview(run, rubbish)
    assert (facts["outcome"], facts["reason"]) == ("refused", "unreadable")


def test_preview_reads_headers_and_secrets_as_bytes(run):
    odd = "x-hub-signature-256: \udcff"
    facts = preview(run, PUSH, "-H", odd, "--secret", "\udcff")
    assert (facts["outcome"], facts["reason"]) == ("refused", "bad_signature")


def test_preview_replies_as_to_a_member(run):
    command = registry.folder(registry.integrations()["slack"]) / "fixtures" / "command__done.txt"
    form = "content-type: application/x-www-form-urlencoded"
    facts = run("preview", "slack", str(command), "-H", form)
    assert facts["drafts"][0]["body"] in json.loads(facts["response"]["body"])["text"]


def test_preview_answers_a_handshake(run, tmp_path):
    (tmp_path / "body").write_text('{"type": "url_verification", "challenge": "c0ffee"}')
    facts = run("preview", "slack", str(tmp_path / "body"))
    assert (facts["outcome"], facts["reason"]) == ("ignored", "ping")
    assert facts["response"]["body"] == "c0ffee"


@pytest.mark.parametrize(("where", "status"), [("hook", 200), ("check_readable", 500)])
def test_preview_names_the_fault_of_an_integration(run, monkeypatch, where, status):
    def break_down(*_):
        raise KeyError("repository")

    monkeypatch.setattr(type(registry.integrations()["github"]), where, break_down)
    facts = preview(run, PUSH)
    assert (facts["outcome"], facts["reason"]) == ("error", "template_error")
    assert "KeyError: 'repository'" in facts["why"]
    assert facts["response"]["status"] == status


def test_preview_refuses_what_is_too_large(run, tmp_path, settings):
    settings.HOOK_BODY_LIMIT = 10
    facts = run("preview", "webhook", str(PUSH))
    assert (facts["outcome"], facts["reason"]) == ("refused", "too_large")
    assert facts["response"]["status"] == 413


def test_preview_fills_the_config_as_a_new_link_would(run, tmp_path):
    (tmp_path / "body").write_text('{"message": "By default", "note": "By choice"}')
    assert run("preview", "webhook", str(tmp_path / "body"))["drafts"][0]["body"] == "By default"
    chosen = run("preview", "webhook", str(tmp_path / "body"), "--config", '{"text": "note"}')
    assert chosen["drafts"][0]["body"] == "By choice"


def test_preview_says_why_there_is_no_entry(run):
    facts = preview(run, PUSH, "--config", '{"events": ["issues"]}')
    assert (facts["outcome"], facts["reason"]) == ("ignored", "filtered_rule")
    assert facts["why"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " https://example.org/run\u0000 ", "https://[", 7]
)
@pytest.mark.django_db
def test_preview_shows_the_address_that_is_logged(run, tmp_path, url, client, ada, team):
    link = IntegrationLink.objects.create(integration_type="webhook", team=team, user=ada)
    body = tmp_path / "body"
    body.write_text(json.dumps({"text": "Oiled the mill", "url": url}))
    sent = {"X-Webhook-Token": str(link.signing_secret)}
    content, kind = body.read_bytes(), "application/json"
    client.post(link.hook_url.removeprefix("http://testserver"), content, kind, headers=sent)
    Receipt.drain()
    (draft,) = run("preview", "webhook", str(body))["drafts"]
    assert draft["url"] == Entry.objects.get().url
