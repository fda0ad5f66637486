"""A hook may name an address for the answer; nobody is written to there but the partner."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from idonethis.background import _side_work
from idonethis.integrations import registry
from idonethis.integrations.base import FollowsUp, Note
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import Receipt
from idonethis.integrations.values import Hook
from tests.attacks.sentinels import INSIDE

pytestmark = pytest.mark.django_db
TELLING = [each for each in registry.integrations().values() if isinstance(each, FollowsUp)]
telling = pytest.mark.parametrize("integration", TELLING, ids=lambda i: i.integration_type)


def elsewhere(port):
    """Addresses that only look as if they were the partner's."""
    inside = f"{INSIDE}:{port}"
    for integration in TELLING:
        for host in (*integration.note_hosts, "slack.com"):
            yield f"http://{inside}/{host}"
            yield f"http://{host}@{inside}/"
            yield f"https://{host}.example.net/"
            yield f"https://{host}:8443/"
            yield f"http://{host}/"
            yield f"https://{host}@{inside}/"
            yield f"https://evil.{host}/"
            yield f"ftp://{host}/"
    yield from ("", "//", f"//{inside}/", "http://[", "file:///etc/passwd", inside, "http://\0")


@telling
def test_only_the_partner_s_own_hosts_take_notes(integration):
    for host in integration.note_hosts:
        assert integration.takes_note_at(f"https://{host}/commands/1/2/3")
    for name in integration.addresses:
        assert integration.takes_note_at(f"{integration.address(name)}/answers")
    assert not [url for url in elsewhere(80) if integration.takes_note_at(url)]


@telling
def test_where_the_partner_is_hosted_elsewhere_notes_go_there(integration, monkeypatch):
    kind = integration.integration_type.upper()
    monkeypatch.setenv(f"{kind}_WEB_URL", "http://127.0.0.1:4711")
    assert integration.takes_note_at("http://127.0.0.1:4711/commands/1")
    assert not integration.takes_note_at("http://127.0.0.1:4712/commands/1")


@telling
def test_a_signed_hook_that_names_another_address_makes_us_write_to_nobody(
    integration, sentinel, monkeypatch
):
    """Whatever the integration would say there."""
    url = f"http://{INSIDE}:{sentinel.port}/"
    monkeypatch.setattr(integration, "note", lambda *_: Note(url, {"text": "psst"}))
    hook = Hook(urlencode({"payload": json.dumps({"response_url": url})}).encode(), FORM)
    store([Row(integration.integration_type, 0, "delivery", "", hook, FORM)])
    while Receipt.drain():
        pass
    _side_work.submit(lambda: None).result(10)
    assert Receipt.objects.get().state == "done"
    assert sentinel.connections == 0


FORM = {"content-type": "application/x-www-form-urlencoded"}
