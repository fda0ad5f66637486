from __future__ import annotations

import orjson
import pytest

from idonethis.integrations import registry
from idonethis.integrations.models import IntegrationLink, IntegrationUser
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
