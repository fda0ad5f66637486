"""Hooks that are refused are not stored; that they came is counted, whatever an attacker sends."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.conf import settings
from django.db import DatabaseError, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from idonethis.integrations import registry
from idonethis.integrations.base import Hmac, ReceivesForAll, Stamp
from idonethis.integrations.ingest import intake
from idonethis.integrations.ingest.asgi import Ingest
from idonethis.integrations.ingest.tally import Tally
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.integrations.models import Receipt, Refusal, RegisteredHook
from idonethis.integrations.models.refusal import KEPT, RefusalQuerySet
from idonethis.integrations.refused import refused
from idonethis.integrations.tests.acme import Acme
from idonethis.integrations.values import Hook, Reason, Secret
from idonethis.server import TAKING

pytestmark = pytest.mark.django_db(transaction=True)

DONE = {"type": "done", "body": "Turned the crank", "uid": "1815", "key": "crank"}


@pytest.fixture
def tally(monkeypatch):
    fresh = Tally()
    monkeypatch.setattr(intake, "REFUSED", fresh)
    return fresh


@pytest.fixture
def ingest():
    group = GroupCommit()
    group.start()
    yield Ingest(None, group)
    group.stop()


@pytest.fixture
def post(ingest, link, signed, tally):
    """Posts to the link's own address, signed, as often as asked."""

    def send(content=DONE, *, times=1, path=None, **headers):
        body, genuine = signed(link, content)
        sent = {name: value for name, value in (genuine | headers).items() if value is not None}
        url = path or f"/integrations/acme/hook/{link.hook_token}"
        return asyncio.run(_send(ingest, url, body, sent, times))

    return send


async def _send(ingest, url, body, headers, times):
    transport = httpx.ASGITransport(ingest)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        calls = [client.post(url, content=body, headers=headers) for _ in range(times)]
        return {answer.status_code for answer in await asyncio.gather(*calls)}


def counted(tally):
    tally.write()
    return {(row.link_id, row.reason): row.count for row in Refusal.objects.all()}


def test_what_is_wrongly_signed_is_counted_and_not_stored(post, link, tally):
    assert post(times=3, **{"x-acme-signature": "sha256=0"}) == {401}
    assert counted(tally) == {(link.pk, "bad_signature"): 3}
    assert not Receipt.objects.exists()


def test_what_is_genuine_is_not_counted(post, tally):
    assert post() == {200}
    assert counted(tally) == {}


def test_what_was_signed_at_another_time_is_too_old(post, link, acme, tally):
    acme.signature = Hmac("x-acme-signature", stamp=Stamp("x-acme-time"))
    hook = Hook(b"{}", received_at=datetime.now(UTC) - timedelta(minutes=6))
    stale = acme.signature.sign(hook, link.signing_secret)
    assert post(b"{}", **stale) == {401}
    assert counted(tally) == {(link.pk, "too_old"): 1}


def test_an_old_forgery_is_a_forgery(post, link, acme, tally):
    acme.signature = Hmac("x-acme-signature", stamp=Stamp("x-acme-time"))
    hook = Hook(b"{}", received_at=datetime.now(UTC) - timedelta(minutes=6))
    assert post(b"{}", **acme.signature.sign(hook, Secret("guessed"))) == {401}
    assert counted(tally) == {(link.pk, "bad_signature"): 1}


def test_what_is_too_large_is_counted(post, link, tally):
    assert post(b" " * (settings.HOOK_BODY_LIMIT + 1)) == {413}
    assert counted(tally) == {(link.pk, "too_large"): 1}


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [(b'{"type": "done"', {}, 400), (DONE, {"content-encoding": "gzip"}, 415)],
)
def test_what_cannot_be_read_is_counted(post, link, tally, content, headers, status):
    assert post(content, **headers) == {status}
    assert counted(tally) == {(link.pk, "unreadable"): 1}


def test_what_comes_for_a_removed_link_is_counted_for_it(post, link, tally):
    link.remove()
    assert post() == {410}
    assert counted(tally) == {(link.pk, "link_removed"): 1}


def test_what_comes_to_a_webhook_without_links_is_counted_for_those_it_had(post, link, tally):
    hook = RegisteredHook.objects.create(integration_type="acme", subject="anvil", attempts=1)
    link.signing_secret, link.registered_hook = hook.signing_secret, hook
    link.state = link.State.REMOVED
    link.save()
    assert post(path=f"/integrations/acme/hook/{hook.hook_token}") == {410}
    assert counted(tally) == {(link.pk, "link_removed"): 1}


def test_guessed_addresses_are_counted_together(post, tally):
    for guess in ("a", "b", "c"):
        assert post(path=f"/integrations/acme/hook/{guess}") == {401}
    assert counted(tally) == {(0, "unknown_endpoint"): 3}


def test_what_comes_too_fast_is_counted_for_its_link(
    post, link, acme, tally, settings, monkeypatch
):
    monkeypatch.setattr(acme, "retries", True, raising=False)
    settings.HOOK_RATE, settings.HOOK_BURST = 1, 1
    assert post(times=3) == {200, 429}
    assert counted(tally) == {(link.pk, "too_fast"): 2}


def test_a_link_that_is_just_being_made_refuses_nobody(post, link, tally):
    hook = RegisteredHook.objects.create(integration_type="acme", subject="anvil")
    link.signing_secret = hook.signing_secret
    assert post(path=f"/integrations/acme/hook/{hook.hook_token}") == {503}
    assert counted(tally) == {}


def test_refusing_writes_nothing(post, tally):
    post(**{"x-acme-signature": "sha256=0"})
    with CaptureQueriesContext(connections["default"]) as seen:
        assert post(times=50, **{"x-acme-signature": "sha256=0"}) == {401}
    assert [q["sql"] for q in seen if not q["sql"].startswith("SELECT")] == []


def test_a_flood_is_one_row_an_hour(post, link, tally):
    for _ in range(3):
        post(times=100, **{"x-acme-signature": "sha256=0"})
        tally.write()
    row = Refusal.objects.get()
    assert (row.count, row.link_id) == (300, link.pk)
    assert row.first_seen < row.last_seen


def test_the_lane_waits_its_second_however_much_there_was(post, tally):
    post(times=5, **{"x-acme-signature": "sha256=0"})
    assert tally.write() == 0
    assert [lane.every for lane, _ in TAKING if lane.name == "refusals"] == [1.0]


def test_what_could_not_be_written_is_written_later(post, link, tally, monkeypatch):
    def away(self, counts):
        raise DatabaseError("away")

    post(times=2, **{"x-acme-signature": "sha256=0"})
    with monkeypatch.context() as broken:
        broken.setattr(RefusalQuerySet, "add", away)
        with pytest.raises(DatabaseError):
            tally.write()
    post(**{"x-acme-signature": "sha256=0"})
    assert counted(tally) == {(link.pk, "bad_signature"): 3}


def test_what_is_long_ago_is_forgotten(post, link, tally):
    long_ago = timezone.now() - KEPT - timedelta(hours=1)
    seen = {"first_seen": long_ago, "last_seen": long_ago, "hour": long_ago}
    Refusal.objects.create(link_id=link.pk, integration_type="acme", reason="too_old", **seen)
    post(**{"x-acme-signature": "sha256=0"})
    assert counted(tally) == {(link.pk, "bad_signature"): 1}


def test_the_team_is_told_in_a_sentence_with_what_to_do(post, link, tally):
    post(times=2, **{"x-acme-signature": "sha256=0"})
    tally.write()
    (told,) = refused([link])
    assert told.sentence.startswith("2 hooks were refused since ")
    assert told.sentence.endswith(": wrong signature.")
    assert told.advice == "Is the secret at Acme the one that the link shows?"


def test_what_came_to_an_address_for_all_is_told_to_each_link(post, link, tally, monkeypatch):
    class ForAll(Acme, ReceivesForAll):
        pass

    partners = {"acme": ForAll()}
    monkeypatch.setattr(registry, "integrations", lambda: partners)
    assert post(path="/integrations/acme/hook") == {401}
    tally.write()
    (told,) = refused([link])
    assert (told.link, told.reason, told.called) == (None, Reason.BAD_SIGNATURE, "Acme")


def test_the_refusals_of_others_are_not_told(post, link, tally, team, ada):
    other = type(link).objects.create(integration_type="acme", team=team, user=ada)
    post(**{"x-acme-signature": "sha256=0"})
    tally.write()
    assert refused([other]) == []
    assert refused([link], within=timedelta(0)) == []
