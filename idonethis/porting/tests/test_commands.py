"""``idonethis import`` and ``idonethis export`` at a terminal."""

from __future__ import annotations

import json
import zipfile

import pytest
from click.testing import CliRunner

from idonethis.accounts.models import User
from idonethis.audit.models import AuditRecord
from idonethis.commands import idonethis
from idonethis.entries.models import Entry
from idonethis.porting.models import Upload
from idonethis.porting.tests.moves import (
    ADAS,
    GOAL,
    STRANGER,
    as_csv,
    nobody_left,
    of_server,
    of_team,
    said,
    table,
)
from idonethis.porting.tests.other_log import OtherLog
from idonethis.simulators.running import running
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

SLUG = "analytical-engines"


@pytest.fixture
def run(tmp_path):
    def call(*words, fails=False):
        done = CliRunner().invoke(idonethis, [str(word) for word in words])
        assert bool(done.exit_code) is fails, done.output
        return done.output

    return call


@pytest.fixture
def file(tmp_path):
    def write(content, name="log.csv"):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


def test_a_file_comes_in_and_goes_again(run, file, team):
    said_ = run("import", file(table(ADAS, GOAL, STRANGER)), "--team", SLUG)
    assert "2 new entries" in said_ and "1 row waits for its person" in said_
    name = said_.split("undo-import ")[1].strip()
    assert "2 entries removed" in run("undo-import", name)
    assert not Entry.objects.exists()
    assert "Nothing was changed" in run("undo-import", name, fails=True)


def test_a_dry_run_says_all_and_stores_nothing(run, file, team):
    content = table(ADAS, STRANGER, "nonsense,done,x,2015-03-02,,")
    said_ = run("import", file(content), "--team", SLUG, "--dry-run")
    assert "1 new entry" in said_ and "Nothing is stored yet." in said_
    assert "ada@example.org is Ada Lovelace <ada@example.org>" in said_
    assert "charles@example.org is nobody here" in said_ and "Line 4: “nonsense”" in said_
    assert not Entry.objects.exists() and not Upload.objects.exists()


def test_programs_read_the_dry_run_as_json(run, file, team):
    facts = json.loads(run("import", file(table(ADAS)), "--team", SLUG, "--dry-run", "--json"))
    assert facts["results"] == {"new": 1} and facts["matched"] == {
        "ada@example.org": "ada@example.org"
    }


def test_who_has_the_server_may_make_the_missing_people(run, file, team):
    said_ = run("import", file(table(STRANGER)), "--team", SLUG, "--add-people")
    charles = User.objects.get(email="charles@example.org")
    assert "1 new entry" in said_ and team.has_member(charles)
    assert not charles.has_usable_password() and not charles.is_staff


def test_nobody_is_made_whose_address_somebody_has_not_verified(run, file, team, mallory):
    mallory.emailaddress_set.create(email="charles@example.org", verified=False)
    run("import", file(table(STRANGER)), "--team", SLUG, "--add-people")
    assert not Entry.objects.exists() and not User.objects.filter(email="charles@example.org")


def test_another_server_is_read_with_a_token_from_a_file(run, file, team):
    key = file(b"let-me-in\n", "token")
    with running(OtherLog().app) as address:
        said_ = run("import", address, "--team", SLUG, "--token-file", key)
        again = run("import", address, "--team", SLUG, "--token-file", key, "--dry-run")
    assert "70 new entries" in said_ and "70 entries that were here before" in again
    assert "let-me-in" not in said_


def test_a_whole_server_moves(run, tmp_path, team, log):
    log("Oiled it")
    before = of_server()
    run("export", tmp_path / "all.jsonl")
    assert (tmp_path / "all.jsonl").read_bytes() == before
    assert (tmp_path / "all.jsonl").stat().st_mode & 0o77 == 0
    nobody_left()
    dry = run("import", tmp_path / "all.jsonl", "--dry-run")
    assert "2 people and 1 team not here before." in dry and not User.objects.exists()
    run("import", tmp_path / "all.jsonl")
    assert of_server() == before


@pytest.mark.parametrize("name", ["mill.jsonl", "mill.zip"])
def test_an_export_comes_into_a_team_that_is_there(run, tmp_path, team, log, ada, name):
    log("Oiled it")
    run("export", tmp_path / name, "--team", SLUG)
    other = Team.objects.found("Mills", admin=ada)
    run("import", tmp_path / name, "--team", "mills")
    assert said(other) == said(team)


def test_an_export_is_written_down(run, tmp_path, team):
    run("export", tmp_path / "mill.csv", "--team", SLUG)
    written = AuditRecord.objects.get(action="log.exported")
    assert (written.team, written.details) == (team.hash_id, {"form": "csv"})


def test_every_kind_of_file_is_written(run, tmp_path, team, log):
    log("Oiled it")
    for name in ("mill.csv", "mill.jsonl", "mill.zip", "folder"):
        run("export", tmp_path / name, "--team", SLUG)
    assert (tmp_path / "mill.csv").read_bytes() == as_csv(team)
    assert (tmp_path / "folder" / "log.jsonl").read_bytes() == of_team(team)
    assert "Oiled it" in "".join(
        page.read_text() for page in (tmp_path / "folder" / SLUG).glob("*.html")
    )
    with zipfile.ZipFile(tmp_path / "mill.zip") as found:
        assert f"{SLUG}/index.html" in found.namelist()


@pytest.mark.parametrize("name", ["all.jsonl", "all.zip"])
def test_an_export_is_for_nobody_else_s_eyes(run, tmp_path, team, name):
    run("export", tmp_path / name)
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).stat().st_mode & 0o77 == 0


def test_what_cannot_be_done_is_said_and_nothing_is_changed(run, file, tmp_path, team):
    there = file(table(ADAS))
    assert "Say --team" in run("import", there, fails=True)
    assert "There is no team" in run("import", there, "--team", "nothing", fails=True)
    assert "Nothing was imported" in run("import", tmp_path / "no.csv", "--team", SLUG, fails=True)
    assert "Nothing was imported" in run("import", file(b"x", "x"), "--team", SLUG, fails=True)
    assert "--token-file" in run("import", "http://127.0.0.1:9", "--team", SLUG, fails=True)
    assert "--over" in run("export", there, fails=True)
    assert "of one team" in run("export", tmp_path / "all.csv", fails=True)
    assert not Entry.objects.exists()
