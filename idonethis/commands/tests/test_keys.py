from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner

from idonethis.accounts.two_factor import TwoFactorAdapter
from idonethis.audit.models import AuditRecord
from idonethis.commands import idonethis
from idonethis.integrations.models import IntegrationUser

pytestmark = pytest.mark.django_db
OLD, NEW = "the key of yesterday", "the key of today"


@pytest.fixture
def account(settings, ada):
    settings.ENCRYPTION_KEYS = [OLD]
    account = IntegrationUser(integration_type="github", uid="1815", user=ada)
    account.secrets = {"access_token": "the token"}
    account.save()
    return account


def rotate(*words):
    return CliRunner().invoke(idonethis, ["rotate-keys", *words])


def test_the_key_before_can_go_afterwards(account, settings):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    done = rotate()
    assert done.exit_code == 0
    assert "1 secret is encrypted anew" in done.stdout
    assert "OLD_ENCRYPTION_KEYS can go" in done.stdout
    settings.ENCRYPTION_KEYS = [NEW]
    account.refresh_from_db()
    assert account.secrets == {"access_token": "the token"}


def test_a_second_time_says_that_nothing_was_left(account, settings):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    rotate()
    assert "0 secrets are encrypted anew, 1 had the key of now" in rotate().stdout


def test_it_is_told_to_scripts(account, settings):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    told = json.loads(rotate("--json").stdout)
    assert told == {"anew": 1, "already": 0, "lost": {}, "given_up": 0}


def test_a_key_that_is_missing_is_said_with_what_it_opened_and_what_to_do(account, settings):
    settings.ENCRYPTION_KEYS = [NEW]
    done = rotate()
    assert done.exit_code == 1
    assert "No key opens the secrets of 1 account." in done.output
    assert "OLD_ENCRYPTION_KEYS" in done.output and "--give-up" in done.output
    assert "can go" not in done.output


def test_a_key_that_is_lost_for_good_is_given_up_once(account, ada, settings):
    factor = {"secret": TwoFactorAdapter().encrypt("the seed")}
    Authenticator.objects.create(user=ada, type="totp", data=factor)
    settings.ENCRYPTION_KEYS = [NEW]
    done = rotate("--give-up")
    assert done.exit_code == 0
    assert "1 account has to be connected again." in done.output
    assert "1 person has to set up two-factor sign-in again." in done.output
    account.refresh_from_db()
    assert (account.secrets, account.state) == ({}, "needs_reconnect")
    assert not Authenticator.objects.exists()
    written = AuditRecord.objects.get(action="keys.given_up")
    assert (written.address, written.details["accounts"]) == ("terminal", 1)
    assert json.loads(rotate("--give-up", "--json").stdout)["given_up"] == 0


def test_giving_up_leaves_what_a_key_opens(account, settings):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    rotate("--give-up")
    account.refresh_from_db()
    assert (account.secrets, account.state) == ({"access_token": "the token"}, "active")


def test_no_secret_is_printed(account, settings):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    said = rotate().output + rotate("--json").output
    assert not {word for word in (OLD, NEW, "the token") if word in said}
