"""Fifty workers need one token that has run out, at a GitHub that rotates refresh tokens and takes
the second use of an old one for theft."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connections

from idonethis.integrations.http import Again, Failed, NeedsReconnect
from idonethis.integrations.models import Incident, IntegrationUser, Notice
from idonethis.integrations.models.making import make_link
from idonethis.partners.github.conftest import GITHUB
from idonethis.partners.github.pretending import ENGINE, PretendGitHub
from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import running

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WORKERS = 50
TOKEN = "/login/oauth/access_token"


@pytest.fixture
def rotating(monkeypatch):
    """GitHub as GitHub Apps meet it: tokens last for eight hours and come with a refresh token."""
    with running(GitHub(token_lifetime=8 * 3600)) as url:
        for name, value in {
            "WEB_URL": url,
            "API_URL": f"{url}/api/v3",
            "CLIENT_ID": "pretend-github-client",
            "CLIENT_SECRET": "pretend-github-secret",
        }.items():
            monkeypatch.setenv(f"GITHUB_{name}", value)
        yield PretendGitHub(url)


@pytest.fixture
def account(rotating, ada, team):
    """Ada's, with a link that needs it, and with a token that is about to run out."""
    token = rotating.token_of("ada")
    made = IntegrationUser(integration_type="github", uid="1815", user=ada, login="ada")
    made.secrets = {**token, "expires_at": int(time.time()) + 3600}
    made.save()
    config = {"repository": ENGINE}
    make_link(GITHUB, team, user=ada, integration_user=made, config=config)
    made.secrets = {**token, "expires_at": int(time.time()) + 30}
    made.save()
    return made


def all_at_once() -> Counter:
    """What fifty workers, each with its own connection and its own copy of the row, come to."""
    together = threading.Barrier(WORKERS)

    def work(_):
        try:
            own = IntegrationUser.objects.get()
            together.wait()
            return str(own.client().get("/user").json["login"])
        except Failed as problem:
            return type(problem)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as workers:
        return Counter(workers.map(work, range(WORKERS)))


def renewals(github) -> list:
    asked = github.journal(TOKEN)
    return [call for call in asked if call["body"].get("grant_type") == "refresh_token"]


def test_one_renews_it_and_all_go_on(rotating, account):
    rotating.act("faults", path=TOKEN, fault="slow", seconds=0.5)
    assert all_at_once() == {"ada": WORKERS}
    assert len(renewals(rotating)) == 1
    kept = IntegrationUser.objects.get()
    assert kept.state == "active" and kept.renewing_until is None
    assert kept.secrets["refresh_token"] != account.secrets["refresh_token"]
    assert kept.secrets["expires_at"] > time.time() + 7 * 3600


def test_a_token_endpoint_that_fails_costs_nobody_their_grant(rotating, account):
    rotating.act("faults", path=TOKEN, fault="500", times=0)
    assert set(all_at_once()) == {Again}
    kept = IntegrationUser.objects.get()
    assert (kept.state, kept.secrets) == ("active", account.secrets)
    assert not Incident.objects.exists()
    rotating.act("faults/clear")
    assert all_at_once() == {"ada": WORKERS}


def test_a_grant_that_has_ended_is_one_incident_and_one_mail(rotating, account):
    rotating.act("revoke", account="ada")
    assert set(all_at_once()) == {NeedsReconnect}
    while Notice.drain():
        pass
    assert Incident.objects.count() == 1
    assert [sent.subject for sent in mail.outbox] == ["GitHub needs you: connect it again"]
    kept = IntegrationUser.objects.get()
    assert kept.state == "needs_reconnect" and kept.secrets == account.secrets


def test_a_refused_grant_is_not_renewed_again_and_again(rotating, account):
    rotating.act("revoke", account="ada")
    all_at_once()
    assert account.links.get().state == "needs_reconnect"
    with pytest.raises(NeedsReconnect):
        IntegrationUser.objects.get().client().get("/user")
    assert len(renewals(rotating)) == 1
