from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection

from idonethis.accounts.models import User
from idonethis.commands import idonethis
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.models import IntegrationLink, IntegrationUser, Receipt
from idonethis.integrations.values import Hook

PUSH = registry.folder(registry.integrations()["github"]) / "fixtures" / "push__three_commits.json"


@pytest.fixture
def run():
    """One command in this process; gives what it printed, as JSON where it is."""

    def call(*words: str):
        done = CliRunner().invoke(idonethis, list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout) if done.stdout.startswith(("{", "[")) else done.stdout

    return call


@pytest.fixture
def told():
    """The real command: exit code, standard output, lines on standard error."""

    def call(*words: str):
        command = [sys.executable, "-m", "idonethis", *words]
        done = subprocess.run(command, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr.splitlines()

    return call


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


def test_preview_says_why_there_is_no_entry(run):
    facts = preview(run, PUSH, "--config", '{"events": ["issues"]}')
    assert (facts["outcome"], facts["reason"]) == ("ignored", "filtered_rule")
    assert facts["why"]


@pytest.mark.parametrize(
    "words",
    [
        ["preview", "nobody", str(PUSH)],
        ["preview", "github", "/there/is/no/such/file"],
        ["preview", "github", str(PUSH), "--config", "{"],
        ["preview", "github", str(PUSH), "--config", "[]"],
        ["preview", "github", str(PUSH), "-H", "no colon"],
        ["preview"],
        ["sing"],
        ["new-integration", "Not-A-Name"],
    ],
    ids=" ".join,
)
@pytest.mark.slow
def test_what_is_asked_wrongly_ends_with_one_line_and_two(told, words):
    status, out, errors = told(*words)
    assert (status, out, len(errors)) == (2, "", 1)


@pytest.mark.slow
def test_without_a_log_the_commands_say_what_to_do(told, tmp_path):
    status, _, errors = told("--data", str(tmp_path), "entries", "engines")
    assert status == 1
    assert "Run “idonethis up” first" in errors[0]


@pytest.mark.django_db
def test_from_nothing_to_an_entry_by_commands_alone(run):
    ada = run("user", "add", "ada@example.org", "--name", "Ada Lovelace", "--json")
    assert len(ada["password"]) > 10
    team = run("team", "add", "Analytical Engines", "--json")
    run("member", "add", team["slug"], "ada@example.org", "--role", "admin")
    link = run("link", "add", "github", "--team", team["slug"], "--json")
    assert set(link) == {"id", "hook_url", "secret"}
    assert link["hook_url"] == IntegrationLink.objects.get().hook_url
    run("identity", "add", "github", "1815", "ada@example.org")
    assert IntegrationUser.objects.get().user == User.objects.get()
    assert run("entries", "analytical-engines", "--json") == []


@pytest.mark.django_db
def test_an_identity_added_late_logs_what_was_waiting(run, team, ada):
    link = IntegrationLink.objects.create(integration_type="github", team=team, user=ada)
    waiting = {"link_id": link.pk, "read_for": link.pk, "integration_type": "github"}
    known = {"actor_key": "1815", "outcome": "no_person", "state": "done", "request": b""}
    Receipt.objects.create(delivery_key="d", received_at="2026-11-24T00:00Z", **waiting, **known)
    told = run("identity", "add", "github", "1815", "ada", "--json")
    assert told["replayed"] == 1
    assert Receipt.objects.get().state == "due"


@pytest.mark.django_db
def test_a_config_that_does_not_fit_makes_no_link(team):
    words = ["link", "add", "github", "--team", team.slug, "--config", '{"private": "all"}']
    done = CliRunner().invoke(idonethis, words)
    assert done.exit_code == 2
    assert "private" in done.output
    assert not IntegrationLink.objects.exists()


@pytest.mark.django_db
def test_entries_are_listed_newest_first_with_what_they_sum_up(run, team, ada):
    for body in ("First #mill", "Second"):
        Entry.objects.log(Draft(body=body), team=team, user=ada)
    listed = run("entries", team.name, "--json")
    assert [entry["body"] for entry in listed] == ["Second", "First #mill"]
    assert listed[1]["tags"] == ["mill"]


@pytest.mark.slow
def test_a_new_integration_passes_every_check_but_its_own_test(told, tmp_path):
    folder = registry.folder(registry.integrations()["github"]).parent / "acme_foundry"
    try:
        status, out, _ = told("new-integration", "acme_foundry")
        assert (status, folder.exists()) == (0, True)
        assert told("new-integration", "acme_foundry")[0] == 1
        every = "idonethis/integrations/tests/test_every_integration.py"
        assert pytest_run(tmp_path, every, "-k", "acme_foundry") == 0
        assert pytest_run(tmp_path, str(folder)) == 1
    finally:
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        folder.rmdir()


def pytest_run(data: Path, *words: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", *words]
    env = os.environ | {"IDONETHIS_DATA": str(data)}
    return subprocess.run(command, capture_output=True, env=env).returncode
