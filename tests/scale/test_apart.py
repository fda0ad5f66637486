"""What each of several processes must be told before it starts."""

from __future__ import annotations

import pytest

from idonethis import apart
from idonethis.env import Misconfigured
from tests.site import Site

ENOUGH = {
    "DATABASE_URL": "postgres://idonethis@127.0.0.1/idonethis",
    "BASE_URL": "https://log.example.org",
    "SECRET_KEY": "the same for all",
    "ENCRYPTION_KEY": "the same for all",
    "BROKER_URL": "",
}


@pytest.fixture
def told(monkeypatch, tmp_path):
    monkeypatch.setenv("IDONETHIS_DATA", str(tmp_path))
    for name, value in ENOUGH.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.parametrize("part", apart.PARTS)
def test_who_is_told_enough_may_start(told, part):
    apart.check(part)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "", "SQLite bears only one"),
        ("BASE_URL", "", "BASE_URL is not set"),
        ("SECRET_KEY", "", "all processes need the same"),
        ("ENCRYPTION_KEY", "", "copy the file encryption_key"),
        ("BROKER_URL", "redis://127.0.0.1", "amqp://user:password@host/name"),
    ],
)
def test_who_is_not_is_told_what_is_missing_and_what_to_do(told, name, value, says):
    told.setenv(name, value)
    with pytest.raises(Misconfigured, match="^Nothing was started: ") as problem:
        apart.check("ingest")
    assert says in str(problem.value)
    apart.check("up")


def test_keys_that_were_made_before_are_keys(told, tmp_path):
    told.setenv("SECRET_KEY", "")
    (tmp_path / "secret_key").write_text("made by the first start")
    apart.check("work")


@pytest.mark.slow
def test_on_sqlite_the_terminal_says_so_in_a_line_and_nothing_is_made(tmp_path):
    site = Site(tmp_path / "data", DATABASE_URL="")
    site.data.mkdir()
    said = site.run("work", status=1)
    assert said.count("\n") == 1 and "idonethis migrate-to-postgres" in said
    assert list(site.data.iterdir()) == []
