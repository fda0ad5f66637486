"""Bodies that Trello has sent to others: whatever they hold, nothing breaks."""

from __future__ import annotations

import pytest

from idonethis.integrations.base import Draft, Hook, Ignored, Retitle, Retract, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing_bodies import bodies, over
from idonethis.partners.trello.integration import integration

BODIES = bodies("by-service/trello/*.json")

pytestmark = over(BODIES)


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
def test_it_is_read_or_refused_in_words(path):
    hook = Hook(path.read_bytes())
    try:
        events = list(integration.read(hook, PlainLink()))
    except Unreadable as refused:
        assert str(refused)
        return
    assert events
    assert all(isinstance(event, Draft | Retitle | Retract | Ignored) for event in events)
    assert integration.delivery_key(hook)
    assert len(integration.event(hook)) <= 80
