from __future__ import annotations

import orjson
import pytest

from idonethis.integrations import registry
from idonethis.integrations.models import IntegrationLink, IntegrationUser, Receipt
from idonethis.integrations.tests.acme import Acme
from idonethis.integrations.values import Hook


@pytest.fixture
def acme(monkeypatch) -> Acme:
    partner = Acme()
    monkeypatch.setattr(registry, "integrations", lambda: {"acme": partner})
    return partner


@pytest.fixture
def link(acme, team, ada) -> IntegrationLink:
    IntegrationUser.objects.create(integration_type="acme", uid="1815", user=ada)
    return IntegrationLink.objects.create(integration_type="acme", team=team, user=ada)


@pytest.fixture
def signed(acme):
    """The headers and the bytes that Acme would send for this link."""

    def sign(link, content, **headers):
        body = content if isinstance(content, bytes) else orjson.dumps(content)
        sent = {"content-type": "application/json", **headers}
        return body, sent | acme.signature.sign(Hook(body, sent), link.signing_secret)

    return sign


@pytest.fixture
def arrives(client, signed):
    """A hook of Acme comes in by this link and is stored; returns the answer."""

    def send(link, content, **headers):
        body, sent = signed(link, content, **headers)
        path = f"/integrations/acme/hook/{link.hook_token}"
        kind = sent.pop("content-type")
        return client.post(path, body, content_type=kind, headers=sent)

    return send


@pytest.fixture
def happens(arrives):
    """The same, and the inbox is worked off."""

    def send(link, content, **headers):
        assert arrives(link, content, **headers).status_code == 200
        work()
        return Receipt.objects.latest("pk")

    return send


def work() -> None:
    while Receipt.drain():
        pass
