"""One hook may say several things, and has one end."""

from __future__ import annotations

import pytest

from idonethis.entries.models import Entry
from idonethis.integrations.models import IntegrationUser
from idonethis.integrations.values import Ignored, Reason

pytestmark = pytest.mark.django_db
DONE = {"type": "done", "body": "Turned the crank", "uid": "1906", "login": "grace", "key": "crank"}


@pytest.fixture
def partly_left_out(acme, monkeypatch):
    """A rule leaves out the first thing that each hook says."""
    understood = acme.hook

    def hook(hook, link):
        yield Ignored(Reason.FILTERED, "It is on another branch.")
        yield from understood(hook, link)

    monkeypatch.setattr(acme, "hook", hook)


def test_it_waits_for_whom_one_of_them_names(partly_left_out, happens, link, grace):
    receipt = happens(link, DONE)
    assert (receipt.outcome, receipt.actor_key) == ("no_person", "1906")
    IntegrationUser.objects.create(integration_type="acme", uid="1906", user=grace)
    assert happens(link, DONE | {"key": "again"}).outcome == "created"
    assert Entry.objects.get().user == grace
