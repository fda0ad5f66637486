from __future__ import annotations

import stat

import pytest

from idonethis import env
from idonethis.accounts import setup
from idonethis.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("IDONETHIS_DATA", str(tmp_path))
    return tmp_path


def token():
    return setup.setup_url().rpartition("/")[2]


def test_the_link_is_absolute_and_stays_the_same_until_it_is_used():
    assert setup.setup_url().startswith("http://testserver/setup/")
    assert setup.setup_url() == setup.setup_url()
    assert len(token()) == 64


def test_the_token_is_kept_where_only_the_server_reads_it(folder):
    setup.setup_url()
    kept = folder / "setup_token"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text() == token()


def test_only_the_token_opens():
    right = token()
    assert setup.opens(right)
    assert not setup.opens(right[:-1])
    assert not setup.opens("")
    assert not setup.opens("é")


def test_there_is_no_link_once_somebody_administers_the_server():
    right = token()
    User.objects.create_superuser("ada@example.org", "engine", name="Ada Lovelace")
    assert setup.setup_url() == ""
    assert not setup.opens(right)


def test_people_who_do_not_administer_the_server_leave_the_link_open(ada):
    assert setup.opens(token())


def test_a_token_that_has_served_is_forgotten(folder):
    used = token()
    setup.close()
    assert not (folder / "setup_token").exists()
    assert token() != used
    setup.close()
    setup.close()


def test_an_operator_may_choose_the_token(monkeypatch):
    monkeypatch.setenv(setup.TOKEN, "chosen-by-the-operator")
    assert setup.opens("chosen-by-the-operator")
    assert env.text(setup.TOKEN) in setup.setup_url()
