"""What came in long ago, archived by hand."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import timezone

from idonethis.alone import one_at_a_time
from idonethis.commands import idonethis
from idonethis.integrations.keeping import keeping
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.models.apart import Apart, is_used
from idonethis.integrations.reads import EMPTIED
from idonethis.integrations.tests.lying import age, elsewhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(client, team, ada) -> Receipt:
    link = IntegrationLink.objects.create(integration_type="webhook", team=team, user=ada)
    IntegrationLink.objects.update(config={"text": "text"})
    path = link.hook_url.removeprefix("http://testserver")
    headers = {"X-Webhook-Token": str(link.signing_secret)}
    client.post(path, json.dumps({"text": "Oiled it"}), "application/json", headers=headers)
    while Receipt.drain():
        pass
    at = timezone.now() - timedelta(days=100)
    Receipt.objects.update(received_at=at, due_at=at)
    age()
    return Receipt.objects.get()


def refused(*words: str) -> str:
    done = CliRunner().invoke(idonethis, list(words))
    assert done.exit_code
    return done.output


def test_a_dry_run_says_how_much_would_go(run, old, tmp_path):
    said = run("archive", "--dry-run")
    assert f"1 receipt of 1 day, {len(old.stored):,} bytes as stored." in said
    assert "Nothing was changed." in said and Receipt.objects.get().has_request


def test_what_came_long_ago_goes_into_a_file_and_is_listed(run, old, tmp_path):
    said = run("archive", "--to", str(tmp_path))
    (path,) = tmp_path.glob("*.zst")
    assert said.splitlines()[-2:] == ["Archived into 1 file, each read back:", str(path)]
    assert Receipt.objects.get().state == EMPTIED
    (listed,) = run("archive", "--list", "--json")
    assert (listed["file"], listed["receipts"]) == (str(path), 1)
    assert str(path) in run("archive", "--list")
    assert "There was nothing to archive." in run("archive", "--to", str(tmp_path))


def test_the_day_may_be_said(run, old, tmp_path, settings):
    settings.KEEP_RECEIPTS_DAYS = 0
    day = (old.received_at - timedelta(days=1)).date().isoformat()
    assert run("archive", "--before", day, "--to", str(tmp_path), "--json")["receipts"] == 0
    day = (old.received_at + timedelta(days=1)).date().isoformat()
    told = run("archive", "--before", day, "--to", str(tmp_path), "--json")
    assert told["receipts"] == len(told["files"]) == 1
    assert f"before {old.received_at.day + 1} " in run("replay", "--plan") or "before" in run(
        "replay", "--plan"
    )


def test_without_a_day_or_a_folder_it_asks_for_them(old, settings):
    assert "--to which folder" in refused("archive")
    settings.KEEP_RECEIPTS_DAYS = 0
    assert "--before which day" in refused("archive", "--dry-run")


def test_who_comes_second_changes_nothing(old, tmp_path, settings):
    if settings.INBOX != "inbox":
        pytest.skip("One session may lock the same thing twice.")
    with one_at_a_time(keeping.LOCK):
        assert "The server archives just now." in refused("archive", "--to", str(tmp_path))
    assert Receipt.objects.get().has_request


def test_where_nothing_can_be_written_it_fails_and_nothing_goes(old, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("")
    # click itself refuses a file for a folder.
    assert "What is in no file is still in the inbox." in refused(
        "archive", "--to", str(taken / "below")
    )
    assert Receipt.objects.get().has_request


def test_who_is_deleted_may_be_named_in_files_of_their_days(run, old, tmp_path, ada, grace):
    Receipt.objects.update(received_at=timezone.now() - timedelta(days=100))
    type(grace).objects.filter(pk=grace.pk).update(date_joined=timezone.now() - timedelta(days=200))
    run("archive", "--to", str(tmp_path))
    (path,) = tmp_path.glob("*.zst")
    said = run("user", "delete", "grace@example.org", "--yes")
    assert said.splitlines()[-1] == str(path) and Path(path).exists()


@pytest.mark.django_db(transaction=True)
def test_where_somebody_reads_just_now_place_is_given_back_later(run, old, tmp_path):
    if not is_used():
        pytest.skip("SQLite gives no place back.")
    with elsewhere("SELECT count(*) FROM integrations_request"):
        done = CliRunner().invoke(idonethis, ["archive", "--to", str(tmp_path)])
    assert "not given back yet" in done.output and Receipt.objects.get().state == EMPTIED
    assert Apart.of([old]).size()
    run("archive", "--to", str(tmp_path))
    assert not Apart.of([old]).size()
