"""Who has no secret learns nothing by asking: an address that nobody has and a wrong signature are
answered alike, in every integration, and after the same work."""

from __future__ import annotations

import asyncio
from itertools import product

import httpx
import pytest

from idonethis.ids import hook_token
from idonethis.integrations import registry
from idonethis.integrations.base import Receives
from idonethis.integrations.ingest import intake
from idonethis.integrations.ingest.asgi import Ingest
from idonethis.integrations.ingest.intake import examine
from idonethis.integrations.ingest.routes import Routes
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.signatures import Signature
from idonethis.integrations.testing import headers_of
from idonethis.integrations.tests.every import Linked, fixtures
from idonethis.integrations.values import Hook, Reason, Unreadable

pytestmark = pytest.mark.django_db(transaction=True)
RECEIVING = [each for each in registry.integrations().values() if isinstance(each, Receives)]
receiving = pytest.mark.parametrize("integration", RECEIVING, ids=lambda i: i.integration_type)
TRIES = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
BODIES = (b"", b"{", b"{}", b'{"challenge": "tell me"}', b"\xff", b"[" * 5000)


@pytest.fixture
def linked(integration, team, ada):
    return Linked.make(integration, team, ada)


@pytest.fixture
def ask(integration):
    """Asks the running intake at the address with this token."""
    writer = GroupCommit()
    writer.start()

    async def call(token, method, body, headers):
        transport = httpx.ASGITransport(Ingest(None, writer))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            path = f"/integrations/{integration.integration_type}/hook/{token}"
            return await client.request(method, path, content=body, headers=headers)

    def asking(token, method="POST", body=b"{}", headers=None):
        answer = asyncio.run(call(token, method, body, headers or {}))
        return answer.status_code, answer.content, dict(answer.headers)

    yield asking
    writer.stop()


@receiving
def test_both_refusals_are_the_same_words(integration):
    unknown = integration.refused(Reason.UNKNOWN_ENDPOINT)
    assert unknown == integration.refused(Reason.BAD_SIGNATURE)


@receiving
def test_a_guessed_address_is_answered_like_a_forged_hook(integration, linked, ask):
    plain = {"content-type": "application/json"}
    for body, headers in product(BODIES, ({}, plain, forged(integration))):
        known, guessed = (
            ask(linked.token, "POST", body, headers),
            ask("guess", "POST", body, headers),
        )
        assert known == guessed, body
        assert known[0] == unsigned(integration, Hook(body, headers)).status
    assert not Receipt.objects.exists()


def unsigned(integration, hook):
    """What whoever signs nothing hears: no, but where they only greet."""
    try:
        greeting = integration.greeting(hook)
    except Unreadable:
        greeting = None
    return greeting or integration.refused(Reason.BAD_SIGNATURE)


def forged(integration):
    signed = integration.signature.sign(Hook(b"{}"), hook_token())
    return {"content-type": "application/json", **signed}


@receiving
def test_trying_an_address_does_not_tell_whether_anybody_has_it(integration, linked, ask):
    for method in TRIES:
        assert ask(linked.token, method) == ask(hook_token(), method), method


@receiving
def test_a_removed_link_is_gone_only_for_who_holds_its_secret(integration, linked, ask):
    if not linked.token:
        pytest.skip("It has one address for all links, which stays.")
    IntegrationLink.objects.update(state="removed")
    refused, gone = map(integration.refused, (Reason.BAD_SIGNATURE, Reason.LINK_REMOVED))
    assert ask(linked.token, "POST", b"{}", forged(integration))[0] == refused.status
    path = fixtures(integration)[0]
    url = linked.link.hook_url
    hook = linked.genuine(path.read_bytes(), headers_of(integration, path), url=url)
    token = f"{linked.token}?{hook.query}" if hook.query else linked.token
    assert ask(token, "POST", hook.body, hook.headers)[0] == gone.status != refused.status


class Counting(Signature):
    """Believes everybody, and tells against how many secrets each hook was to be compared."""

    def __init__(self) -> None:
        self.compared: list[int] = []

    def check(self, hook, secrets):
        self.compared.append(len(secrets))


@receiving
def test_a_guess_costs_as_many_comparisons_as_a_forgery(integration, linked, monkeypatch):
    """Not their time, which a busy machine decides: what is computed."""
    counting = Counting()
    monkeypatch.setattr(integration, "signature", counting)
    monkeypatch.setattr(intake, "_rows", lambda *_: [])
    path = fixtures(integration)[-1]
    hook = Hook(path.read_bytes(), headers_of(integration, path))
    examine(integration, hook, Routes().find(integration, linked.token))
    examine(integration, hook, None)
    assert counting.compared == [1, 1]
