"""A partner hands over its secret: once, in time, where somebody waits for it, and nowhere else."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from django.urls import reverse
from django.utils import timezone

from idonethis.audit.models import AuditRecord
from idonethis.integrations import registry
from idonethis.integrations.base import Hook
from idonethis.integrations.ingest.asgi import Ingest
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.integrations.models import IntegrationLink, Receipt, Refusal, expanding
from idonethis.integrations.tests.whisper import Whisper
from idonethis.integrations.values import Secret
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db(transaction=True)

BODY = b'{"thing": "gear"}'


@pytest.fixture
def whisper(monkeypatch):
    partner = Whisper()
    monkeypatch.setattr(registry, "integrations", lambda: {"whisper": partner})
    return partner


@pytest.fixture
def link(whisper, team, ada):
    return IntegrationLink.objects.create(integration_type="whisper", team=team, user=ada)


@pytest.fixture
def stranger(whisper, mallory):
    others = Team.objects.create(name="Night Shift")
    return IntegrationLink.objects.create(integration_type="whisper", team=others, user=mallory)


async def elsewhere(scope, receive, send):
    raise AssertionError("Only hooks are sent here.")


@pytest.fixture
def post(client):
    """To this address, as the server of Django takes it."""

    def send(token, body=BODY, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        path = f"/integrations/whisper/hook/{token}"
        return client.post(path, body, content_type="application/json", headers=named)

    return send


@pytest.fixture
def at_once():
    """To these addresses at the same time, as the ingest takes it."""

    async def send(*calls):
        writer = GroupCommit()
        writer.start()
        transport = httpx.ASGITransport(Ingest(elsewhere, writer))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            sent = [
                client.post(f"/integrations/whisper/hook/{token}", content=BODY, headers=headers)
                for token, headers in calls
            ]
            answers = await asyncio.gather(*sent)
        await asyncio.get_running_loop().run_in_executor(None, writer.stop)
        return answers

    return lambda *calls: asyncio.run(send(*calls))


def signed(whisper, secret):
    return whisper.signature.sign(Hook(BODY), Secret(secret))


def test_the_first_hook_hands_the_secret_over_and_the_next_is_signed_with_it(link, whisper, post):
    shaken = post(link.hook_token, x_whisper_secret="theirs")
    assert (shaken.status_code, shaken.headers["x-whisper-secret"]) == (200, "theirs")
    assert not Receipt.objects.exists()
    link.refresh_from_db()
    assert link.signing_secret == "theirs" and "theirs" not in link.sealed_secret
    assert AuditRecord.objects.get(action="secret.handed_over").thing == link.hash_id
    assert post(link.hook_token, **signed(whisper, "theirs")).status_code == 200
    assert Receipt.objects.count() == 1


def test_the_ingest_keeps_it_before_it_answers(link, whisper, at_once):
    (shaken,) = at_once((link.hook_token, {"x-whisper-secret": "theirs"}))
    link.refresh_from_db()
    assert (shaken.status_code, link.signing_secret) == (200, "theirs")
    assert shaken.headers["x-whisper-secret"] == "theirs"


def test_of_two_that_come_at_once_one_is_taken_and_the_other_counted(link, whisper, at_once):
    calls = [(link.hook_token, {"x-whisper-secret": name}) for name in ("one", "other", "third")]
    answers = at_once(*calls)
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401]
    taken = next(each for each in answers if each.status_code == 200)
    link.refresh_from_db()
    assert link.signing_secret == taken.headers["x-whisper-secret"]


def test_afterwards_the_same_is_refused_like_any_unsigned_hook_and_counted(link, whisper, post):
    post(link.hook_token, x_whisper_secret="theirs")
    again = post(link.hook_token, x_whisper_secret="mallory's")
    unsigned = post(link.hook_token)
    assert (again.status_code, again.content) == (unsigned.status_code, unsigned.content)
    assert again.status_code == 401 and "x-whisper-secret" not in again.headers
    link.refresh_from_db()
    assert link.signing_secret == "theirs"
    refusal = Refusal.objects.get(link_id=link.pk)
    assert (refusal.reason, refusal.count) == ("bad_signature", 2)


def test_at_an_address_that_nobody_has_it_is_refused(link, post):
    forged = post("a-guess", x_whisper_secret="mallory's")
    assert forged.status_code == 401
    assert Refusal.objects.get(link_id=0).reason == "unknown_endpoint"


def test_what_goes_to_another_address_changes_nothing_here(link, stranger, whisper, post):
    post(link.hook_token, x_whisper_secret="theirs")
    assert post(stranger.hook_token, x_whisper_secret="mallory's").status_code == 200
    link.refresh_from_db()
    assert link.signing_secret == "theirs"
    assert post(link.hook_token, **signed(whisper, "mallory's")).status_code == 401


def test_after_ten_minutes_it_is_too_late(link, post):
    link.handshake_until = timezone.now() - timedelta(seconds=1)
    link.save()
    assert post(link.hook_token, x_whisper_secret="theirs").status_code == 401
    link.refresh_from_db()
    assert not link.sealed_secret and link.awaits_secret


def test_it_is_open_for_ten_minutes(link):
    left = link.handshake_until - timezone.now()
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)
    link.config = {"changed": True}
    link.handshake_until = None
    link.save()
    link.refresh_from_db()
    assert link.handshake_until is None


def test_a_secret_that_a_person_brought_is_not_replaced(link, post):
    link.take_secret(Secret("brought"))
    assert post(link.hook_token, x_whisper_secret="theirs").status_code == 401
    link.refresh_from_db()
    assert link.signing_secret == "brought"


def test_a_link_that_was_removed_takes_none(link, post):
    link.remove()
    assert post(link.hook_token, x_whisper_secret="theirs").status_code == 401
    link.refresh_from_db()
    assert not link.sealed_secret


@pytest.mark.parametrize("secret", ["", "x" * 501])
def test_what_can_be_no_secret_is_refused(link, post, secret):
    assert post(link.hook_token, x_whisper_secret=secret).status_code == 401
    link.refresh_from_db()
    assert not link.sealed_secret


def test_a_partner_that_hands_nothing_over_is_not_believed(link, whisper, post, monkeypatch):
    monkeypatch.setattr(registry, "integrations", lambda: {"whisper": _plain(whisper)})
    assert post(link.hook_token, x_whisper_secret="theirs").status_code == 401


def _plain(whisper):
    class Plain(whisper.__class__.__mro__[2]):
        integration_type, name, signature = "whisper", "Whisper", whisper.signature
        their_secret = whisper.their_secret

    return Plain()


def test_a_secret_that_nobody_need_see_is_not_shown(link, post, client, ada):
    post(link.hook_token, x_whisper_secret="theirs")
    client.force_login(ada)
    shown = client.post(reverse("show_secret", args=[link.hash_id])).content.decode()
    assert "theirs" not in shown.replace("their_secret", "")


def test_one_that_is_typed_back_is_shown_to_who_manages_the_link(
    link, whisper, post, client, ada, grace
):
    whisper.typed_back = "Token of Whisper"
    client.force_login(ada)
    path = reverse("show_secret", args=[link.hash_id])
    assert "Token of Whisper" not in client.post(path).content.decode()
    post(link.hook_token, x_whisper_secret="whispered-1815")
    assert "whispered-1815" not in client.get(link.get_absolute_url()).content.decode()
    assert "whispered-1815" in client.post(path).content.decode()
    client.force_login(grace)
    assert client.post(path).status_code == 403


def test_whoever_asks_the_partner_is_woken_once_a_hook_is_stored(link, whisper, at_once):
    link.take_secret(Secret("theirs"))
    ((lane, _),) = expanding.expansions()
    lane._due.clear()
    at_once((link.hook_token, signed(whisper, "theirs")))
    assert Receipt.objects.get().state == "bare" and lane._due.is_set()


def test_the_page_of_the_link_says_until_when_it_waits(link, client, ada):
    client.force_login(ada)
    path = reverse("link", args=[link.hash_id])
    assert "It is taken once, at this address, until" in client.get(path).content.decode()
    link.handshake_until = timezone.now()
    link.save()
    assert "It was not handed over in time" in client.get(path).content.decode()
