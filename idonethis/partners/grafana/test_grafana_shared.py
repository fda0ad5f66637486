"""Bodies that Grafana has sent to others: whatever they hold, nothing breaks."""

from __future__ import annotations

import pytest

from idonethis.integrations.base import Draft, Hook, Ignored, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing_bodies import bodies, over
from idonethis.partners.grafana.integration import integration

BODIES = bodies("by-service/grafana/*.json")

pytestmark = over(BODIES)


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
def test_it_is_read_or_refused_in_words(path):
    hook = Hook(path.read_bytes())
    try:
        events = list(integration.read(hook, PlainLink(config={"firing": True, "resolved": True})))
    except Unreadable as refused:
        assert str(refused)
        return
    assert events
    assert all(isinstance(event, Draft | Ignored) for event in events)
