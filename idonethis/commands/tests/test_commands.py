from __future__ import annotations

import hmac
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from allauth.account.models import EmailAddress
from click.testing import CliRunner

from idonethis.accounts.models import User
from idonethis.commands import idonethis
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import IntegrationLink, IntegrationUser, Receipt
from idonethis.integrations.values import Hook
from tests.site import Site

PUSH = registry.folder(registry.integrations()["github"]) / "fixtures" / "push__three_commits.json"


@pytest.mark.parametrize(
    "words",
    [
        ["preview", "nobody", str(PUSH)],
        ["preview", "github", "/there/is/no/such/file"],
        ["preview", "github", str(PUSH), "--config", "{"],
        ["preview", "github", str(PUSH), "--config", "[]"],
        ["preview", "github", str(PUSH), "-H", "no colon"],
        ["preview", "github", str(PUSH), "--config", '{"private": "all"}'],
        ["preview", "github", str(PUSH), "--config", "[" * 5000],
        ["preview"],
        ["link"],
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
def test_the_data_folder_may_be_named_anywhere(told, tmp_path):
    for words in (
        ["--data", str(tmp_path), "link", "list"],
        ["link", "list", f"--data={tmp_path}"],
    ):
        status, _, errors = told(*words)
        assert (status, len(errors)) == (1, 1)
        assert f"There is no log in {tmp_path} yet" in errors[0]


@pytest.mark.slow
def test_a_data_folder_that_is_none_is_one_line(told, tmp_path):
    (tmp_path / "file").write_text("")
    status, _, errors = told("--data", str(tmp_path / "file"), "entries", "engines")
    assert (status, len(errors)) == (1, 1)
    assert str(tmp_path / "file") in errors[0]


@pytest.mark.slow
def test_without_words_it_says_what_it_can_do(told):
    status, out, errors = told()
    assert (status, errors) == (0, [])
    assert "new-integration" in out


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
def test_entries_are_found_by_what_they_say(run, team, ada):
    for body in ("Cast a gear", "Cast a bell", "Rested"):
        Entry.objects.log(Draft(body=body), team=team, user=ada)
    found = run("entries", "analytical-engines", "--search", "cast -bell", "--json")
    assert [each["body"] for each in found] == ["Cast a gear"]
    day = ["--day", "2001-01-01", "--json"]
    assert run("entries", "analytical-engines", "--search", "cast", *day) == []
    assert run("entries", "analytical-engines", "--search", "-", "--json") == []


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
def test_an_account_is_taken_from_somebody_only_on_purpose(run, ada, grace):
    run("identity", "add", "github", "1815", "ada", "--login", "ada-l")
    taken = CliRunner().invoke(idonethis, ["identity", "add", "github", "1815", "grace"])
    assert (taken.exit_code, IntegrationUser.objects.get().user) == (1, ada)
    assert "Ada Lovelace" in taken.output
    run("identity", "add", "github", "1815", "grace", "--move")
    assert IntegrationUser.objects.get().user == grace


@pytest.mark.django_db
def test_what_was_proved_stays_proved(run, ada):
    proved = IntegrationUser(integration_type="github", uid="1815", user=ada, login="ada-l")
    proved.secrets = {"access_token": "t"}
    proved.save()
    run("identity", "add", "github", "1815", "ada")
    known = IntegrationUser.objects.get()
    assert (known.evidence, known.login, known.secrets) == ("oauth", "ada-l", {"access_token": "t"})


@pytest.mark.django_db
def test_only_who_writes_in_a_team_owns_its_links(team, mallory):
    words = ["link", "add", "webhook", "--team", team.slug, "--user", "mallory"]
    done = CliRunner().invoke(idonethis, words)
    assert done.exit_code == 1
    assert not IntegrationLink.objects.exists()


@pytest.mark.django_db
def test_the_same_link_is_made_once(run, team):
    config = '{"repository": "analytical/engine"}'
    run("link", "add", "github", "--team", team.slug, "--config", config)
    words = ["link", "add", "github", "--team", team.slug, "--config", config]
    again = CliRunner().invoke(idonethis, words)
    said = "Analytical Engines is linked to analytical/engine already. Nothing was linked."
    assert (again.exit_code, again.stderr) == (1, f"Error: {said}\n")
    assert IntegrationLink.objects.count() == 1


@pytest.mark.django_db
def test_what_the_partner_does_not_let_us_do_is_said(team):
    done = CliRunner().invoke(idonethis, ["link", "add", "feed", "--team", team.slug])
    said = "Type the address of the feed. Nothing was linked."
    assert (done.exit_code, done.stderr) == (1, f"Error: {said}\n")
    assert not IntegrationLink.objects.exists()


@pytest.mark.django_db
def test_a_further_address_of_somebody_is_not_given_away(ada):
    EmailAddress.objects.create(user=ada, email="countess@example.org", verified=True)
    done = CliRunner().invoke(idonethis, ["user", "add", "Countess@example.org"])
    assert done.exit_code == 1
    assert User.objects.count() == 1


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
        say_what_it_becomes(folder / "test_acme_foundry.py")
        assert pytest_run(tmp_path, str(folder)) == 0
        status, out, _ = told("preview", "acme_foundry", str(folder / "fixtures/finished.json"))
        assert (status, json.loads(out)["drafts"][0]["body"]) == (0, "Fix the roof")
    finally:
        remove(folder)


CAPTURED = {
    "event": "finished",
    "token": "sesame",
    "casting": {"id": 42, "name": "wheel 7", "url": "https://anvil.example.org/42"},
    "smith": {"user": {"email": "ada@example.org", "name": "Ada Lovelace"}},
}


@pytest.mark.slow
def test_from_one_captured_body_to_an_entry(told, tmp_path):
    """As an author walks it: a body, a folder, its tests, a server, a signed hook, an entry."""
    body = tmp_path / "captured.json"
    body.write_text(json.dumps(CAPTURED))
    folder = registry.folder(registry.integrations()["github"]).parent / "acme_anvil"
    try:
        status, out, _ = told("new-integration", "acme_anvil", str(body))
        assert (status, "done: wheel 7" in out, "text: casting.name" in out) == (0, True, True)
        assert "sesame" not in (folder / "fixtures" / "captured.json").read_text()
        every = "idonethis/integrations/tests/test_every_integration.py"
        assert pytest_run(tmp_path, every, str(folder), "-k", "acme_anvil") == 0
        assert logged(body.read_bytes(), tmp_path) == [("wheel 7", "done", "ada@example.org")]
    finally:
        remove(folder)


def logged(body: bytes, folder: Path) -> list[tuple[str, str, str]]:
    """What a server that has the integration makes of the body, signed with the link's secret."""
    site = Site(folder / "data")
    site.start()
    try:
        site.told("user", "add", "ada@example.org", "--name", "Ada Lovelace")
        team = site.told("team", "add", "Analytical Engines")["slug"]
        site.told("member", "add", team, "ada@example.org", "--role", "admin")
        link = site.told("link", "add", "acme_anvil", "--team", team)
        signature = hmac.new(link["secret"].encode(), body, "sha256").hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Signature-256": f"sha256={signature}",
        }
        with urlopen(Request(link["hook_url"], body, headers)) as answer:
            assert answer.status == 200
        site.settle()
        return [(e["body"], e["kind"], e["user"]) for e in site.entries(team)]
    finally:
        site.stop()


@pytest.mark.parametrize(
    ("said", "where", "problem"),
    [
        (b'{"a": 1}', "", "Nothing in captured.json looks like the text of an entry."),
        (b'{"title": "x"}', "nothing.here", "Nothing in captured.json looks like the text"),
        (b"not json", "", "captured.json is not JSON"),
    ],
)
def test_a_body_of_which_nothing_would_come_leaves_no_folder(tmp_path, said, where, problem):
    (tmp_path / "captured.json").write_bytes(said)
    words = ["new-integration", "acme_anvil", str(tmp_path / "captured.json"), "--text", where]
    done = CliRunner().invoke(idonethis, words)
    assert done.exit_code == 1 and problem in done.output and "Nothing was written" in done.output
    assert registry.get("acme_anvil") is None
    assert not (registry.folder(registry.integrations()["github"]).parent / "acme_anvil").exists()


def say_what_it_becomes(test: Path) -> None:
    """As its author does, who has put a captured body into the fixture."""
    blank = "the sentence that a person wants to read"
    assert test.read_text().count(blank) == 1
    test.write_text(test.read_text().replace(blank, "Fix the roof"))


def remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


@pytest.mark.slow
@pytest.mark.django_db
def test_what_was_picked_on_a_page_is_a_folder_that_passes_every_check(run, team, ada, tmp_path):
    config = {"name": "Acme bellows", "text": "report.title"}
    link = IntegrationLink.objects.create(
        integration_type="webhook", team=team, user=ada, config=config
    )
    body = b'{"report": {"title": "Mended the bellows"}, "password": "engine"}'
    arrive(link, Hook(body, {"content-type": "application/json"}))
    partners = registry.folder(registry.integrations()["github"]).parent
    folder = partners / "acme_bellows"
    try:
        made = run("export-integration", link.hash_id, "--to", str(partners), "--json")
        assert (made["folder"], folder.exists()) == (str(folder), True)
        assert b"engine" not in (folder / "fixtures" / "captured.json").read_bytes()
        every = "idonethis/integrations/tests/test_every_integration.py"
        assert pytest_run(tmp_path, every, str(folder), "-k", "acme_bellows") == 0
    finally:
        remove(folder)


@pytest.mark.django_db
def test_a_folder_that_is_there_is_not_written_over(run, team, ada, tmp_path):
    link = IntegrationLink.objects.create(integration_type="webhook", team=team, user=ada)
    words = ["export-integration", link.hash_id, "--to", str(tmp_path)]
    assert "Nothing was written." in CliRunner().invoke(idonethis, words).output
    arrive(link, Hook(b'{"text": "Oiled the mill"}', {"content-type": "application/json"}))
    run(*words)
    assert (tmp_path / "captured" / "integration.py").exists()
    assert (
        f"There is {tmp_path / 'captured'} already" in CliRunner().invoke(idonethis, words).output
    )


def arrive(link: IntegrationLink, hook: Hook) -> None:
    store([Row(link.integration_type, link.pk, "delivery", "", hook, dict(hook.headers))])
    while Receipt.drain():
        pass


def pytest_run(data: Path, *words: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", *words]
    env = os.environ | {"IDONETHIS_DATA": str(data)}
    return subprocess.run(command, capture_output=True, env=env).returncode
