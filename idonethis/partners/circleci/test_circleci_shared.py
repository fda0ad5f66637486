"""Bodies that CircleCI has sent to others: whatever they hold, nothing breaks."""

from __future__ import annotations

import pytest

from idonethis.integrations.base import Hook, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.terms import Event
from idonethis.integrations.testing_bodies import bodies, over
from idonethis.partners.circleci.integration import integration

BODIES = bodies("by-service/circleci/*.json")

pytestmark = over(BODIES)


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
def test_it_is_read_or_refused_in_words(path):
    hook = Hook(path.read_bytes(), {"content-type": "application/json"})
    try:
        events = list(integration.read(hook, PlainLink(config={"failures": True})))
    except Unreadable as refused:
        assert str(refused)
        return
    assert events and all(isinstance(event, Event) for event in events)
    assert len(integration.event(hook)) <= 80
